"""Who follows, and where: composition as the platforms count it, against the platform's own users and against orders."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.cells import cells
from fanops_utils.text import (
    Message,
    People,
    Percent,
    Sayable,
    Sentences,
    Times,
    Written,
    is_few,
    say,
    term,
)

GENDERS: dict[str, Message] = {
    "women": term("women", "group of followers"),
    "men": term("men", "group of followers"),
    "female": term("women", "group of followers"),
    "male": term("men", "group of followers"),
}
OTHERS = term("Others", "place")  # as exports name the places they do not list


def _group(segment: object) -> Sayable:
    """Return a group of followers as the platforms export it: an age, a gender, both, or the name of a place."""
    age, _, gender = str(segment).rpartition(" ")
    known = GENDERS.get(gender.casefold())
    if known is None:
        return Written(str(segment))
    return term("{gender} aged {age}", "group of followers", gender=known, age=Written(age)) if age else known


def who(
    table: pd.DataFrame, places: pd.DataFrame | None = None, base: pd.DataFrame | None = None, *,
    markets: Mapping[str, str] | None = None,
) -> Section:  # fmt: skip
    """Return who follows (*table*: `metrics.composition` of one dimension: gender_age, city, country).

    *places*: `metrics.places_against_orders`, countries of followers beside those of orders, and cities; *base*:
    `metrics.against_base`, groups against the platform's own, where a workspace has it; *markets*: names of places as the register
    says them.
    """
    if table.empty:
        return Section.of(
            Finding.nothing("who", say("no composition of the followers (export: audience of the account)"))
        )
    first = table.sort_values("share", ascending=False).iloc[0]
    ranked = table.sort_values("share", ascending=False).head(12)
    share = Percent(first["share"])
    finding = Finding(
        id="who",
        label=term("Largest group of followers", "label of a finding"),
        code="known",
        title=say("The largest group of followers: {segment}, {share}", segment=_group(first["segment"]), share=share),
        text=Sentences.of(
            say("On {platform}, {segment} are {share} of the followers the platform knows this of.",
                platform=words.platform(str(first["platform"])), segment=_group(first["segment"]), share=share),
            _against(base),
            say("The platform counts followers, not members or buyers, and guesses some ages and genders."),
        ),
        estimate=float(first["share"]),
        n=len(table),
        method=say("The newest composition each platform exports; a complete count, no sample."),
    )  # fmt: skip
    shown = ranked.assign(segment=cells(_group(name) for name in ranked["segment"]))
    chart = charts.bars(
        shown, label="segment", value="share",
        words=Words(
            title=say("Followers by group"), subtitle=say("Share of the followers of {platform}; the twelve largest groups",
                                                          platform=words.platform(str(first["platform"]))),
            axis=term("share of followers", "axis"), alt=finding.text, caption=say("Newest export of the account's audience"),
        ),
    )  # fmt: skip
    return Section.of(finding, chart, _places(places, markets or {}))


def _against(base: pd.DataFrame | None) -> Sayable:
    """Return the group that differs most from the platform's own users, or that these are not known."""
    if base is None or base.empty:
        return say(
            "How the platform's own users divide is not known here: a mapping of its figures (account: all) brings it."
        )
    most = base.iloc[int((base["times"] - 1).abs().to_numpy().argmax())]
    return say(
        "Against the platform's own users, {segment} are {times} as frequent among the followers.",
        segment=_group(most["segment"]), times=Times(float(most["times"])),
    )  # fmt: skip


def _places(table: pd.DataFrame | None, markets: Mapping[str, str]) -> charts.Table | None:
    if table is None or table.empty:
        return None
    columns = {
        "place": term("Place", "column"), "share": term("Share of followers", "column"),
        "orders_share": term("Share of orders", "column"), "orders": term("Orders", "column"),
    }  # fmt: skip
    few = table["orders"].map(is_few).astype(bool)
    shown = table.assign(
        place=cells(OTHERS if one == "Others" else Written(markets.get(str(one), str(one))) for one in table["place"]),
        orders=cells(People(number) for number in table["orders"]),
        orders_share=table["orders_share"].mask(few),
    )
    return charts.table(
        shown, columns=columns, formats=dict.fromkeys(["share", "orders_share"], Percent),
        caption=say("Where the followers of all own accounts are, and where the orders of the last year went; one person may "
                    "follow several accounts"),
    )  # fmt: skip
