"""Where do members and followers come from, is the target in reach, and does quality keep up with size?"""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.multiple import side_of_all
from fanops_utils.models.audience.growth import Outlook
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import SMALL, SOURCES, lacking, named
from fanops_utils.text import Count, Day, Message, People, Percent, Period, Range, Sentences, Unit, say, term


def sources(members: pd.DataFrame, followers: pd.DataFrame, *, period: Period) -> Section:
    """Return what brings members and followers (`metrics.members_by_source`, `followers_by_source`); unknown stands apart."""
    if members.empty or members["joined"].sum() < SMALL:
        return Section.of(Finding.nothing("sources", lacking("fans")))
    total, before = int(members["joined"].sum()), int(members["before"].sum())
    known = members[members["source"] != "unknown"]
    first = known.iloc[0] if len(known) else members.iloc[0]
    told = {"source": named(SOURCES, first["source"]), "share": Percent(first["share"], 0)}
    mature = known[known["n"] >= 30].sort_values("estimate")
    unknown = followers.set_index("source")["share"].get("unknown") if len(followers) else None
    clear = len(mature) > 1 and side_of_all(mature.iloc[0].to_dict(), mature.iloc[1:]) < 0
    finding = Finding(
        id="sources",
        code="weak" if clear else "even",
        severity="watch" if clear else "info",
        weight="chapter",
        label=term("New members", "label of a finding"),
        title=say("The largest source of new members is {source}: {share}, {period}", period=period, **told),
        text=Sentences.of(
            say("{n} members joined, {before} in as many days before.", n=total, before=before),
            say(
                "Those through {source} stay least: {share} are seen from day 30 on.",
                source=named(SOURCES, mature.iloc[0]["source"]),
                share=Percent(mature.iloc[0]["estimate"], 0),
            )
            if clear
            else None,
            say(
                "Of the new followers {share} have no known source: they are not spread over the others.",
                share=Percent(unknown, 0),
            )
            if unknown is not None
            else None,
        ),
        estimate=float(total),
        unit=Unit("count", term("members who joined", "unit")),
        n=People(total),
        about=say(
            "members who came through {source} ({share} of them are seen from day 30 on)",
            source=named(SOURCES, mature.iloc[0]["source"]),
            share=Percent(mature.iloc[0]["estimate"]),
        )
        if clear
        else None,
        method=say(
            "As the community tool and the ledger of codes and links note it. Staying: seen on day 30 or later, members old "
            "enough, Wilson intervals; how somebody came was not drawn by lot."
        ),
    )
    return Section.of(finding, _ways(members, period), _ledger(followers))


def _ways(members: pd.DataFrame, period: Period) -> charts.Table:
    frame = members.assign(
        name=cells(named(SOURCES, one) for one in members["source"]),
        range=cells(Range.of(low, high) for low, high in zip(members["ci_lower"], members["ci_upper"], strict=True)),
    )
    heads = {
        "name": term("How they came", "column"),
        "share": term("Share of new members", "column"),
        "before": term("In the days before", "column"),
        "estimate": term("Seen from day 30 on", "column"),
        "range": term("95% interval", "column"),
        "joined": term("Joined", "column"),
    }
    return charts.table(
        frame,
        columns=heads,
        formats={"share": Percent, "estimate": Percent},
        people="joined",
        caption=say("New members by how they came, {period}", period=period),
    )


def _ledger(followers: pd.DataFrame) -> charts.Chart | None:
    if followers.empty:
        return None
    drawn = followers.assign(name=cells(named(SOURCES, one) for one in followers["source"]))
    return charts.bars(
        drawn[["name", "share"]],
        label="name",
        value="share",
        words=Words(
            title=say("New followers by source"),
            axis=term("share of new followers", "axis"),
            alt=say("New followers by source, those not known as a source of their own."),
            caption=say("As the ledger of links and codes notes it; not known is not spread"),
        ),
    )


def curve(weekly: pd.DataFrame, ahead: Outlook, *, target: float, pace: float) -> Section:
    """Return whether *target* members are in reach (`models.weekly_total`, `models.outlook`, `models.pace_needed`)."""
    if weekly.empty or not weekly["members"].iloc[-1]:
        return Section.of(Finding.nothing("curve", lacking("fans")))
    now = int(weekly["members"].iloc[-1])
    finding = Finding(
        id="curve",
        code=ahead.refused or "odds",
        weight="chapter",
        label=term("Chance to reach the target", "label of a finding"),
        title=_outlook(ahead, target),
        severity="info" if ahead.refused or ahead.probability > 0.5 else "watch",
        text=Sentences.of(
            say(
                "{now} members are in; {weeks} weeks on, {low} to {high} are to be expected (eight in ten cases).",
                now=People(now),
                weeks=ahead.ahead,
                low=Count(round(ahead.lower)),
                high=Count(round(ahead.upper)),
            )
            if ahead.lower == ahead.lower
            else None,
            say("The target asks for {pace} a week.", pace=Percent(pace)) if pace == pace else None,
            say(
                "{joined} joined and {left} left in the last four weeks, as far as leaving is known.",
                joined=People(int(weekly["joined"].tail(4).sum())),
                left=People(int(weekly["left"].tail(4).sum())),
            ),
        ),
        estimate=ahead.probability if 0.05 < ahead.probability < 0.95 else None,  # at its ends it is a bound, no number
        unit=Unit("share", term("chance", "unit")),
        n=ahead.weeks,
        method=say(
            "Drift of the weekly count, drawn to none and damped; in tests nine of ten such ranges held. Chances are "
            "told from 5% to "
            "95% only. No ceiling is estimated: below a third of it, data cannot tell it."
        ),
    )
    chart = charts.lines(
        weekly.assign(value=weekly["members"])[["date_day", "value"]],
        x="date_day",
        y="value",
        people=True,
        words=Words(
            title=say("Members"),
            axis=term("members", "axis"),
            alt=finding.text,
            caption=say("Joined less left, end of each week; who left unseen still counts"),
        ),
    )
    return Section.of(finding, chart)


def _outlook(ahead: Outlook, target: float) -> Message:
    goal = Count(round(target))
    match ahead.refused:
        case "history":
            return say("Too little history to say whether {goal} members will be reached", goal=goal)
        case "horizon":
            return say("The target of {goal} members lies further ahead than the history reaches back", goal=goal)
        case "wide":
            return say("Whether {goal} members will be reached cannot be told", goal=goal)
    if ahead.probability >= 0.95:
        return say(
            "The target of {goal} members in {weeks} weeks is more than {p} likely to be reached",
            goal=goal,
            weeks=ahead.ahead,
            p=Percent(0.95, 0),
        )
    if ahead.probability <= 0.05:
        return say(
            "The target of {goal} members in {weeks} weeks is less than {p} likely to be reached",
            goal=goal,
            weeks=ahead.ahead,
            p=Percent(0.05, 0),
        )
    return say(
        "The target of {goal} members in {weeks} weeks is {p} likely to be reached",
        goal=goal,
        weeks=ahead.ahead,
        p=Percent(ahead.probability, 0),
    )


def quality(table: pd.DataFrame) -> Section:
    """Return size beside quality (*table*: `metrics.size_and_quality`)."""
    known = table[table["members"] >= SMALL]
    if known.empty:
        return Section.of(Finding.nothing("quality", lacking("fans")))
    last, then = known.iloc[-1], known.iloc[0]
    told = {
        "members": Count(int(last["members"])),
        "share": Percent(last["active_share"], 0),
        "was": Percent(then["active_share"], 0),
    }
    finding = Finding(
        id="quality",
        code="size",
        label=term("Share seen in 28 days, beside size", "label of a finding"),
        title=say(
            "{members} members, {share} of them seen in the last 28 days; {was} in those to {day}",
            day=Day.of(then["date_day"]),
            **told,
        ),
        text=say(
            "{bots} of the members are suspected to be bots. A target for size alone can be met with members who never "
            "come: name both.",
            bots=Percent(last["suspects_share"]),
        ),
        estimate=float(last["active_share"]),
        unit=Unit("share", term("of members", "unit")),
        n=People(int(last["members"])),
        method=say(
            "Members: joined less left. The share seen falls by itself as a community ages, since not everybody who "
            "is gone has left."
        ),
    )
    frame = (
        known.iloc[::-1]
        .head(6)
        .iloc[::-1]
        .assign(day=lambda f: cells(Day.of(one, form="iso") for one in f["date_day"]))
    )
    heads = {
        "day": term("Day", "column"),
        "members": term("Members", "column"),
        "active_share": term("Seen in 28 days", "column"),
        "suspects_share": term("Suspected bots", "column"),
    }
    forms = {"active_share": Percent, "suspects_share": Percent}
    return Section.of(
        finding,
        charts.table(frame, columns=heads, formats=forms, people="members", caption=say("Size and quality together")),
    )
