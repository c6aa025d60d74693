"""Who gets the rewards, and how many of those met in other channels are known as members?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics import wilson
from fanops_utils.models.audience.community import Concentration
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.audience.tiers import TIERS
from fanops_utils.sections.cells import cells
from fanops_utils.text import Message, People, Percent, Range, Sayable, Sentences, Span, Unit, Written, say, term

SMALL = 10
CHANNELS: dict[str, Message] = {
    "members": term("the community (in the shop)", "channel of people"), "shop": term("the shop", "channel of people"),
    "subscriptions": term("subscriptions", "channel of people"), "points": term("the points account", "channel of people"),
    "events": term("offline events", "channel of people"), "survey": term("surveys", "channel of people"),
}  # fmt: skip
TENURES: dict[str, Message] = {
    "first_quarter": term("joined in the last 91 days", "time since joining"),
    "first_year": term("joined 92 to 364 days ago", "time since joining"),
    "longer": term("joined a year ago or more", "time since joining"),
}  # fmt: skip


def rewards(table: pd.DataFrame, others: pd.DataFrame | None = None, spread: Concentration | None = None) -> Section:
    """Return how points fall on the tiers (*table*: `metrics.rewards_by` over tier), and on whom besides.

    *others*: column, value and the columns of `rewards_by`, of members active lately by tenure and by market; *spread*:
    `concentration` of the points issued.
    """
    if table.empty or not int(table["rewarded"].sum()):
        return Section.of(Finding.nothing("rewards", say("no member was given points (export: points)")))
    total, got = int(table["members"].sum()), int(table["rewarded"].sum())
    never = Percent(1 - got / total)
    eligible = others[others["column"] == "eligible"] if others is not None else table[:0]
    finding = Finding(
        id="rewards",
        label=term("Members never rewarded", "label of a finding"),
        code="shares",
        title=say("{share} of the members have never been given a point", share=never),
        text=Sentences.of(
            say(
                "{share} of the members have never been given a point; the plans ask for an equal chance.", share=never
            ),
            _missed(eligible),
            say(
                "The tenth of the rewarded who got most hold {share} of the points.", share=Percent(spread.top_tenth, 0)
            )
            if spread is not None and spread.writers >= 10 * SMALL
            else None,
            say("Who does more earns more: what matters is whether everybody can."),
        ),
        estimate=1 - got / total,
        unit=Unit("share", term("of members", "unit")),
        n=People(total),
        method=say("Points issued for anything, by the tier members are in now."),
    )
    columns = {
        "tier": term("Tier", "column"), "members": term("Members", "column"), "estimate": term("Ever rewarded", "column"),
        "share": term("Share of points", "column"),
    }  # fmt: skip
    shown = table.assign(tier=table["tier"].astype(str).map(TIERS))
    formats = dict.fromkeys(["estimate", "share"], Percent)
    caption = say("Points issued so far, by tier of today")
    by_tier = charts.table(shown, columns=columns, formats=formats, people="members", caption=caption)
    return Section.of(finding, by_tier, _by_others(others, formats))


def _missed(eligible: pd.DataFrame) -> Sayable | None:
    """Return which part of the members who could have earned something never did."""
    if eligible.empty or int(eligible.iloc[0]["members"]) < SMALL:
        return None
    row = eligible.iloc[0]
    missed = int(row["members"]) - int(row["rewarded"])
    told = wilson(missed, int(row["members"]))
    return say(
        "Of the members of all markets seen on four days or more in 91 days, {share} ({span}) have never been reached by a "
        "reward.",
        share=Percent(told.estimate, 0), span=Span.of(told.ci_lower, told.ci_upper),
    )  # fmt: skip


def _by_others(others: pd.DataFrame | None, formats: Mapping[str, Any]) -> charts.Table | None:
    rows = others[others["column"] != "eligible"] if others is not None else None
    if rows is None or rows.empty:
        return None
    shown = rows.assign(value=cells(TENURES.get(str(one)) or Written(str(one)) for one in rows["value"]))
    columns = {
        "value": term("Members", "column of groups"), "members": term("Members seen on four days of 91", "column"),
        "estimate": term("Ever rewarded", "column"), "share": term("Share of points", "column"),
    }  # fmt: skip
    caption = say("Members seen on four days or more in 91 days: by time since joining, and in each market")
    return charts.table(shown, columns=columns, formats=formats, small="members", caption=caption)


def linked(table: pd.DataFrame) -> Section:
    """Return how many of those known in each channel are known as members (*table*: `metrics.match_rates`)."""
    known = table[table["people"] >= SMALL]
    if known.empty:
        return Section.of(
            Finding.nothing(
                "linked",
                say("no members, or nobody met in another channel (exports: fans, orders, points, activities)"),
            )
        )
    row = known[known["channel"] == "members"]
    first = (row if len(row) else known).iloc[0]
    share, interval = Percent(first["estimate"], 0), Span.of(first["ci_lower"], first["ci_upper"])
    members = first["channel"] == "members"
    title = say("{share} of the members can be recognised in the shop", share=share)
    if not members:
        title = say(
            "{share} of those met in {channel} are known as members", share=share, channel=CHANNELS[first["channel"]]
        )
    shown = known.assign(
        channel=cells(CHANNELS[one] for one in known["channel"]),
        range=cells(Range.of(low, high) for low, high in zip(known["ci_lower"], known["ci_upper"], strict=True)),
    )
    columns = {
        "channel": term("Met in", "column"), "people": term("People", "column"),
        "estimate": term("Matched", "column"), "range": term("95% interval", "column"),
    }  # fmt: skip
    return Section.of(
        Finding(
            id="linked",
            label=term("Members known in the shop", "label of a finding"),
            code="rate",
            title=title,
            text=Sentences.of(
                say("{share} ({interval}) of the members have linked the shop's account; of the others no purchase is known.",
                    share=share, interval=interval) if members else None,
                say("They are matched by pseudonyms alone, for this purpose alone."),
                say("Who is not matched may still be a member: under another address, or without having linked anything."),
            ),
            estimate=float(first["estimate"]), ci_lower=float(first["ci_lower"]), ci_upper=float(first["ci_upper"]),
            unit=Unit("share", term("of members", "unit")), n=People(int(first["people"])),
            method=say("Pseudonyms made with the same key in both channels; each person once; Wilson interval."),
        ),
        charts.table(shown, columns=columns, formats={"estimate": Percent}, small="people",
                     caption=say("People met in a channel in the last year who are known as members; of members: in the shop")),
    )  # fmt: skip
