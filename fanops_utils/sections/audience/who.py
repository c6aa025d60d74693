"""Who follows and when they are there: composition as the platforms count it, hours by tier, persona cards."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.audience.tiers import TIERS
from fanops_utils.sections.cells import cells
from fanops_utils.text import (
    Clock,
    Listed,
    Message,
    People,
    Percent,
    Sayable,
    Sentences,
    Times,
    Written,
    say,
    say_n,
    term,
)

DO: dict[str, Message] = {
    "high-value": term("early access, a personal word; no discounts they do not need", "do for a tier"),
    "loyal": term("a part in the community: reviews, invitations; no mass mailings", "do for a tier"),
    "active": term("a reason to come weekly; no sales talk before they asked", "do for a tier"),
    "ordinary": term("one small first step; no long forms", "do for a tier"),
}


GENDERS: dict[str, Message] = {
    "women": term("women", "group of followers"),
    "men": term("men", "group of followers"),
    "female": term("women", "group of followers"),
    "male": term("men", "group of followers"),
}


def _group(segment: object) -> Sayable:
    """Return a group of followers as the platforms export it: an age, a gender, both, or the name of a place."""
    age, _, gender = str(segment).rpartition(" ")
    known = GENDERS.get(gender.casefold())
    if known is None:
        return Written(str(segment))
    return term("{gender} aged {age}", "group of followers", gender=known, age=Written(age)) if age else known


def who(table: pd.DataFrame) -> Section:
    """Return who follows (*table*: `metrics.composition` of one dimension: gender_age, city, country)."""
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
        weight="chapter",
        title=say("The largest group of followers: {segment}, {share}", segment=_group(first["segment"]), share=share),
        text=Sentences.of(
            say("On {platform}, {segment} are {share} of the followers the platform knows this of.",
                platform=words.platform(str(first["platform"])), segment=_group(first["segment"]), share=share),
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
    return Section.of(finding, chart)


def when(table: pd.DataFrame, *, as_of: date | None) -> Section:
    """Return when members of each tier act (*table*: `metrics.hours_of` by tier), on the market's own clock."""
    known = table[table["n"] >= 30]
    if known.empty or as_of is None:
        return Section.of(
            Finding.nothing("when", say("fewer than thirty members with five acts or more (export: member events)"))
        )
    top = known.loc[known.groupby("tier", observed=True)["share"].idxmax()].sort_values("n", ascending=False)
    largest = top.iloc[0]
    finding = Finding(
        id="when",
        weight="chapter",
        label=term("Busiest hour of members", "label of a finding"),
        code="known",
        title=say("Members are there most from {hour}", hour=Clock(float(largest["hour"]))),
        text=Sentences.of(
            say("Busiest hours by tier: {list}.", list=Listed.of(
                say("{tier} {hour}", tier=TIERS[str(row["tier"])], hour=Clock(float(row["hour"]))) for _, row in top.iterrows())),
            say("When members are there is not yet when a post does best: that is for a test to show."),
        ),
        n=People(int(known.groupby("tier", observed=True)["n"].first().sum())),
        method=say("Each member's acts by hour of the market's own clock, right across changes of the clock, as shares of "
                   "their own; then "
                   "the mean over members with five acts or more."),
    )  # fmt: skip
    chart = charts.heat_map(
        known.assign(tier=known["tier"].astype(str).map(TIERS)), x="hour", y="tier", value="share", numbers=False,
        words=Words(
            title=say("When members are there"), subtitle=say("Share of a member's own acts by hour, mean over members, "
                                                              "to {day}", day=as_of),
            axis=term("share of a member's acts", "axis"), x_axis=term("hour, the market's clock", "axis"), alt=finding.text,
            caption=say("Tiers with thirty members or more"),
        ),
    )  # fmt: skip
    return Section.of(finding, chart)


def personas(cards: pd.DataFrame, *, members: int, as_of: date | None) -> Section:
    """Return a card per tier (*cards*: `metrics.personas`): size, what it carries, when, how they came, what to do and not."""
    if cards.empty or as_of is None:
        return Section.of(Finding.nothing("personas", say("no tier has ten members or more")))
    finding = Finding(
        id="personas",
        label=term("Persona cards", "label of a finding"),
        weight="chapter",
        code="cards",
        title=say_n("{n} group of members, each with its card", "{n} groups of members, each with its card", n=len(cards)),
        text=Sentences.of(
            say("A card describes a group, not each of its members."),
            say("What to do is the plans' advice for such members, not measured here: test it on half of a group."),
        ),
        n=People(members),
        method=say("Tiers by rule. Came more often by: the way of joining that is most above its share among all members."),
    )  # fmt: skip
    shown = cards.assign(
        tier=cards["tier"].astype(str).map(TIERS),
        share=cards["members"] / members,
        way=cards.apply(_way, axis=1),
        advice=cards["tier"].astype(str).map(DO),
    )
    columns = {
        "tier": term("Tier", "column"), "members": term("Members", "column"), "share": term("Share of members", "column"),
        "active_share": term("Share of active days", "column"), "spend_share": term("Share of spend", "column"),
        "peak": term("There most from", "column"), "way": term("Came more often by", "column"),
        "advice": term("Do, and don't", "column"),
    }  # fmt: skip
    shares = dict.fromkeys(["share", "active_share", "spend_share"], Percent)
    caption = say("Cards of the tiers on {day}; spend: linked shop accounts, in all", day=as_of)
    return Section.of(
        finding,
        charts.table(shown, columns=columns, formats={**shares, "peak": Clock}, people="members", caption=caption),
    )


def _way(row: pd.Series) -> Sayable:
    if not row["way"] or pd.isna(row["lift"]):
        return say("not known")
    return say("{way} ({times} as often)", way=words.way(str(row["way"])), times=Times(float(row["lift"])))
