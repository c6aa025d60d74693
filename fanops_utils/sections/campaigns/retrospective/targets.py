"""Which targets of the brief were reached: each against its own denominator, in three words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import Interval, target_table, wilson
from fanops_utils.metrics.wording import worded, worded_frame
from fanops_utils.models import CampaignEffect
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.words import COUNTED, REACHED, between, phase
from fanops_utils.text import (
    Count,
    Form,
    Listed,
    Message,
    Money,
    Percent,
    Sayable,
    Sentences,
    Signed,
    Written,
    say,
    say_n,
    term,
)  # fmt: skip
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.registers.campaign import Target

LIFTS = ("site traffic", "orders", "sales")
ANYWAY = term("what would have happened anyway", "denominator")
METRICS: dict[str, Message] = {
    "site traffic": term("Site traffic", "target"),
    "orders": term("Orders", "target"),
    "sales": term("Sales", "target"),
    "social share of sales": term("Social share of sales, lowest to highest rule", "target"),
    "participation": term("Participation", "target"),
    "UGC share": term("UGC share", "target"),
}
METHOD = say(
    "Hit: the whole interval lies at the band's lower end or above. Miss: wholly below. Otherwise it cannot be told."
)
DRAWN = ["metric", "window", "unit", "low", "high", "estimate", "ci_lower", "ci_upper", "verdict", "change"]
COLUMNS = {
    "metric": term("Metric", "column"), "against": term("Against", "column"), "window": term("Window", "column"),
    "asked": term("Asked", "column"), "seen": term("Found (interval)", "column"), "of_target": term("Of the target", "column"),
    "said": term("Verdict", "column"),
}  # fmt: skip


def measured(
    found: CampaignEffect | None, campaign: Campaign, *, visits: CampaignEffect | None = None, orders: CampaignEffect | None = None,
    claims: pd.DataFrame | None = None, audience: pd.DataFrame | None = None, n_members: int = 0, users: Interval | None = None,
) -> dict[str, Interval]:  # fmt: skip
    """Return what was measured of the metrics a brief may name targets for, by their names in the register.

    The campaign's metric, site traffic, orders and sales: change against what would have happened anyway. Social
    share of sales: from the lowest tracked claim to the highest. Participation: members active in the live weeks of
    all members of the markets. UGC share: *users*, the posts of users of all posts about the campaign in the live days
    (`metrics.voices`). Everything else is not measured here, and said to be so.
    """
    known: dict[str, Interval] = {}
    lifts = {campaign.metric: found, "site traffic": visits, "orders": orders, "sales": orders}
    for name, one in lifts.items():
        if one is not None and one.verdict != "cannot tell":
            known[name] = one.effect
    tracked = claims[claims["kind"] == "tracked"] if claims is not None else None
    if tracked is not None and len(tracked):
        low, high = float(tracked["ci_lower"].min()), float(tracked["ci_upper"].max())
        known["social share of sales"] = Interval(float(tracked["share"].median()), low, high, int(tracked["n"].max()))
    if audience is not None and len(audience) and n_members:
        known["participation"] = wilson(int(audience["active"].iloc[-1]), n_members)
    if users is not None and np.isfinite(users.estimate):
        known["UGC share"] = users
    return known


def against_targets(campaign: Campaign, known: Mapping[str, Interval]) -> pd.DataFrame:
    """Return `metrics.target_table` of the brief's targets, its target lift first where no band repeats it.

    *known* is measured on the live days: a target for other days is not measured by it. Added: change, whether the
    target is one for a change against what would have happened anyway.
    """
    targets = list(campaign.targets)
    if campaign.target_lift is not None and not any(one.metric == campaign.metric for one in targets):
        targets.insert(0, Target(metric=campaign.metric, low=campaign.target_lift, denominator=""))
    windows = {one.window for one in targets if campaign.window(one.window) == campaign.live}
    table = target_table(targets, {(name, window): one for name, one in known.items() for window in windows})
    return table.assign(change=table["metric"].isin([campaign.metric, *LIFTS]) & (table["unit"] == "fraction"))


def targets(table: pd.DataFrame, campaign: Campaign, *, level: float = 0.9) -> Section:
    """Return how many targets were hit, missed, or cannot be told, drawn and listed."""
    finding, rows = answer(table, campaign, level=level), listed(table, campaign, level=level)
    drawn = Words(
        title=say("Targets: the band asked for, and what was measured"),
        subtitle=say("Shares and changes; bar: band, line: interval"),
        axis=term("share or change", "axis"),
        alt=finding.text,
        caption=say("A band without an upper end runs to the edge"),
    )
    return Section.of(
        finding,
        charts.targets(rows[DRAWN], words=drawn),
        charts.table(rows, columns=COLUMNS, caption=say("Plan and actual")),
    )


def answer(table: pd.DataFrame, campaign: Campaign, *, level: float) -> Finding:
    """Return how many targets were hit, missed, or cannot be told, each with what was measured."""
    if table.empty:
        text = say("Without one, any result can be called a success.")
        return Finding(id="targets", title=say("The brief names no target"), text=text, severity="watch", code="none")
    rows = listed(table, campaign, level=level).to_dict("records")
    hit, miss, open_ = (sum(row["verdict"] == word for row in rows) for word in ("hit", "miss", "cannot tell"))
    tally: list[Sayable] = []
    if hit:
        tally.append(say_n("{n} hit", "{n} hit", n=hit))
    if miss:
        tally.append(say_n("{n} missed", "{n} missed", n=miss))
    if open_:
        tally.append(say_n("{n} cannot be told", "{n} cannot be told", n=open_))
    severity: Severity = "watch" if miss else "good" if hit == len(rows) else "info"
    return Finding(
        id="targets",
        title=say_n("Of {n} target: {tally}", "Of {n} targets: {tally}", n=len(rows), tally=Listed.of(tally)),
        text=Sentences.of(*(_told(row) for row in rows)),
        severity=severity,
        n=len(rows),
        method=METHOD,
        code="missed" if miss else "hit" if hit == len(rows) else "open",
    )


def _told(row: Mapping[Any, Any]) -> Message:
    facts = {"metric": row["metric"], "against": row["against"], "asked": row["asked"]}
    if not np.isfinite(row["estimate"]):
        return say("{metric} ({against}): {asked} asked, not measured.", **facts)
    return say(
        "{metric} ({against}): {asked} asked, {seen} found: {verdict}.",
        seen=row["seen"],
        verdict=row["said"],
        **facts,
    )


def listed(table: pd.DataFrame, campaign: Campaign, *, level: float = 0.9) -> pd.DataFrame:
    """Return the targets as rows to be shown: the table with metric and window named, against, asked, seen, said."""
    rows, phases = [], [one.name for one in campaign.phases]
    for row in table.to_dict("records"):
        form, window = _form(row, campaign), worded(row["window"], phases)
        rows.append({
            **row, "metric": METRICS.get(row["metric"]) or words.unit(row["metric"], first=True),
            "against": ANYWAY if row["change"] else Written(row["denominator"]), "window": phase(window),
            "asked": _asked(row, form), "seen": _seen(row, form, level),
            "of_target": _of_target(row), "said": REACHED[row["verdict"]],
        })  # fmt: skip
    columns = [*table.columns, "against", "asked", "seen", "of_target", "said"]
    return worded_frame(rows, columns=columns, texts=["denominator"])


def _asked(row: Mapping[Any, Any], form: Form) -> Sayable:
    if pd.isna(row["high"]):
        return term("{value} or more", "target", value=form(row["low"]))
    return term("{low} to {high}", "target", low=form(row["low"]), high=form(row["high"]))


def _seen(row: Mapping[Any, Any], form: Form, level: float) -> Sayable:
    if pd.isna(row["estimate"]):
        return term("not measured", "target")
    return between(row, level=level if row["change"] else COUNTED, form=form)


def _of_target(row: Mapping[Any, Any]) -> Percent | None:
    """Return how much of the band's lower end was reached; None where it is not measured, or asks for nothing."""
    if pd.isna(row["estimate"]) or not row["low"] > 0:
        return None
    return Percent(float(row["estimate"] / row["low"]), 0)


def _form(row: Mapping[Any, Any], campaign: Campaign) -> Form:
    if row["unit"] == "money":
        return lambda value: Money(value, campaign.currency)
    if row["unit"] == "count":
        return Count
    return Signed if row["change"] else Percent
