"""Is there a crisis? The level on the last day, since when, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import Episode
from fanops_utils.models.crisis.alarms import DAYS_BACK, FEWEST_DAYS
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.data_checks import STALE_DAYS
from fanops_utils.sections.unmentioned import heard_as
from fanops_utils.text import (
    Count,
    Day,
    Message,
    Number,
    Percent,
    Sayable,
    Sentences,
    Span,
    Unit,
    say,
    say_n,
    term,
)
from fanops_utils.workspace.registers.crisis import Rules

SHOWN_DAYS = 56
RECENT = timedelta(days=7)  # an alarm this near still asks for an answer
LEVELS: dict[int, Message] = {
    1: term("1 (worst)", "level of a warning"),
    2: term("2 (of 3)", "level of a warning"),
    3: term("3 (least)", "level of a warning"),
}
METHOD = say(
    "Each day is held against the {back} days before: a negative-binomial count with a weekend factor, in which days of "
    "past excess weigh less (chance below 0.0007, at least ten negatives); beside it two hours running against the same "
    "hours of 28 days (below 0.0001), and the plan's two rules. It is a report, not a pager: it sees what was imported.",
    back=DAYS_BACK,
)


def status(
    watched: pd.DataFrame, found: list[Episode], *, brand: str, rules: Rules, on: date | None = None,
    heard: Iterable[str] = (),
) -> Section:  # fmt: skip
    """Return whether there is a crisis of *brand* (*watched*: `models.watch`; *found*: `models.episodes`).

    *heard* are the brands that the mentions of the market name, for where none of them is ours. Where the data end more than
    14 days before the day *on*, an alarm in them is the code `dated`: it calls nobody.
    """
    finding = _finding(watched, found, rules, on) if _is_named(watched) else _unnamed(brand, heard)
    recent = watched.tail(SHOWN_DAYS)
    drawn = recent.assign(centre=recent["expected"], lower=0.0, outside=recent["alarm"].astype(bool))
    drawn = drawn[["date_day", "negatives", "centre", "lower", "upper", "outside"]].rename(columns={"outside": "alarm"})
    chart = charts.control_chart(
        drawn,
        x="date_day",
        y="negatives",
        form=Count,
        words=Words(
            title=say("Negative mentions per day"),
            subtitle=say("{brand}, all networks; shaded: no alarm up to there", brand=brand),
            axis=term("negative mentions", "axis"),
            alt=finding.text,
            caption=say("Mentions as labelled by the listening tool"),
        ),
    )
    return Section.of(finding, chart)


def _is_named(watched: pd.DataFrame) -> bool:
    return bool(len(watched)) and bool(watched["mentions"].sum())


def _unnamed(brand: str, heard: Iterable[str]) -> Finding:
    nobody = say("no mention of the brand: import the listening tool's list")
    return Finding.nothing("status", heard_as(brand, heard) or nobody)


def _finding(watched: pd.DataFrame, found: list[Episode], rules: Rules, on: date | None) -> Finding:
    if not watched["labelled"].sum():
        unlabelled = say_n("{n} mention of the brand, none with a sentiment: map sentiment of mentions",
                           "{n} mentions of the brand, none with a sentiment: map sentiment of mentions",
                           n=int(watched["mentions"].sum()))  # fmt: skip
        return Finding.nothing("status", unlabelled)
    if not watched["expected"].notna().any():
        return Finding.nothing(
            "status", say("fewer than {days} days of mentions: nothing to compare with", days=FEWEST_DAYS)
        )
    last = watched["date_day"].max().date()
    dated = on is not None and (on - last).days > STALE_DAYS
    newest = found[-1] if found else None
    if newest and newest.end >= last - RECENT:
        return _alarm(watched, newest, rules, dated=dated)
    lesser = watched[(watched["date_day"] > pd.Timestamp(last - RECENT)) & watched["level"].notna()]
    if len(lesser):
        return _watch(lesser, rules, dated=dated)
    return _quiet(watched, newest, dated=dated)


def _alarm(watched: pd.DataFrame, episode: Episode, rules: Rules, *, dated: bool) -> Finding:
    peak = watched[watched["date_day"] == pd.Timestamp(episode.peak)].iloc[0]
    told: dict[str, Any] = {
        "level": LEVELS[episode.level],
        "start": Day.of(episode.start),
        "day": Day.of(watched["date_day"].max()),
    }
    over = episode.back_after is not None
    title = (
        say("Crisis level {level} from {start}, and over, as the data stood on {day}", **told)
        if over
        else say("Crisis level {level} from {start}, as the data stood on {day}", **told)
    )
    worst = say(
        "On {day} there were {seen} negative mentions where {expected} are usual; an alarm takes {least}.",
        day=Day.of(episode.peak),
        seen=episode.peak_count,
        expected=Number(peak["expected"], 1),
        least=least(peak),
    )
    return Finding(
        id="status",
        label=term("Crisis watch", "label of a finding"),
        code="dated" if dated else f"crisis_{episode.level}",
        title=title,
        verdict=say("{title}. {worst}", title=title, worst=worst),
        text=Sentences.of(worst, _rules(peak, rules), _hours(episode)),
        severity="watch" if dated or over or episode.level == 3 else "alert",
        estimate=float(episode.peak_count),
        unit=Unit("count", term("negative mentions on the worst day", "unit")),
        n=int(peak["labelled"]),
        method=METHOD,
    )


def _rules(row: pd.Series, rules: Rules) -> Sayable:
    """Return what the plan's two rules say of a day, fired or not."""
    risen = {"rise": Percent(rules.rise, 0), "usual": Number(row["usual"], 1)}
    share = {
        "share": Percent(row["estimate"]),
        "interval": Span.of(row["ci_lower"], row["ci_upper"]),
        "limit": Percent(rules.negative_share, 0),
    }
    first = (
        say("The plan's rule of +{rise} fires (same weekdays: {usual}).", **risen)
        if row["risen"]
        else say("The plan's rule of +{rise} does not fire (same weekdays: {usual}).", **risen)
    )
    second = (
        say("{share} ({interval}) of that day's mentions were negative: above the plan's {limit} for sure.", **share)
        if row["share_high"]
        else say(
            "{share} ({interval}) of that day's mentions were negative: it is not certain to be above the plan's {limit}.",
            **share,
        )
    )
    return Sentences.of(first, second)


def _hours(episode: Episode) -> Message | None:
    if episode.hour is None or episode.hour_day is None:
        return None
    told: dict[str, Any] = {"hour": f"{episode.hour:02d}:00", "day": Day.of(episode.hour_day)}
    return say("Two hours running were unusual first at {hour} on {day}, local time.", **told)


def _watch(lesser: pd.DataFrame, rules: Rules, *, dated: bool) -> Finding:
    row = lesser.iloc[-1]
    day = Day.of(row["date_day"])
    title = say("Level 3 on {day}: a rule of the plan fired, the number of negatives is usual", day=day)
    return Finding(
        id="status",
        label=term("Crisis watch", "label of a finding"),
        code="dated" if dated else "crisis_3",
        title=title,
        verdict=say("{title}.", title=title),
        text=_rules(row, rules),
        severity="watch",
        estimate=float(row["negatives"]),
        unit=Unit("count", term("negative mentions on that day", "unit")),
        n=int(row["labelled"]),
        method=METHOD,
    )


def least(row: pd.Series) -> Count:
    """Return how many negatives a day would have needed for an alarm: one more than its limit."""
    return Count(float(row["upper"]) + 1)


def _quiet(watched: pd.DataFrame, before: Episode | None, *, dated: bool) -> Finding:
    last = watched.iloc[-1]
    title = say("No crisis up to {day}", day=Day.of(last["date_day"]))
    usual = say(
        "The last day, {day}, brought {seen} negative mentions where {expected} are usual; an alarm takes {least}.",
        day=Day.of(last["date_day"]),
        seen=int(last["negatives"]),
        expected=Number(last["expected"], 1),
        least=least(last),
    )
    past = (
        say("The last alarm was on {day}.", day=Day.of(before.end))
        if before
        else say("No earlier day raised an alarm.")
    )
    after = say("What came after is not in this report.") if dated else None
    return Finding(
        id="status",
        label=term("Crisis watch", "label of a finding"),
        code="quiet",
        title=title,
        verdict=say("{title}. {usual}", title=title, usual=usual),
        text=Sentences.of(usual, past, after),
        severity="info" if dated else "good",
        estimate=float(last["negatives"]),
        unit=Unit("count", term("negative mentions on the last day", "unit")),
        n=int(watched["labelled"].tail(28).sum()),
        method=METHOD,
    )
