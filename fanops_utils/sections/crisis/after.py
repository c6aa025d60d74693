"""Is it over? Days until the usual range, recommendation before and since, compensation, lessons."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from fanops_utils.models import Episode
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.crisis.duty import incident_of
from fanops_utils.text import Count, Day, Money, Number, Percent, Sayable, Sentences, Unit, say, say_n, term, valued
from fanops_utils.workspace.registers.crisis import Crisis

SMALL = 10  # people: fewer are not counted out
MONTHS = 3  # compared before and since: repair takes three to six months


def recovery(
    episode: Episode | None, *, nps: pd.DataFrame, compensation: pd.DataFrame, register: Crisis, market: str
) -> Section:
    """Return whether the newest *episode* is over and what it left behind.

    *nps*: months of the metric (`metrics.together`); *compensation*: cases since its start with offered, taken, currency.
    """
    if episode is None:
        return Section.of(Finding.nothing("recovery", say("no crisis in the data")))
    incident = incident_of(register, episode, market)
    back = episode.back_after
    title = (
        say_n("Back in the usual range after {n} day", "Back in the usual range after {n} days", n=back)
        if back is not None
        else say("Not yet back in the usual range")
    )
    total = say(
        "From {start} to {end} there were {seen} negative mentions, {excess} more than usual.",
        start=Day.of(episode.start),
        end=Day.of(episode.end),
        seen=Count(episode.negatives),
        excess=Count(round(episode.excess)),
    )
    lessons = (
        say("Lesson: {lesson}.", lesson=valued(incident.lessons))
        if incident and incident.lessons
        else say("No lesson is recorded in crisis.yml.")
    )
    return Section.of(
        Finding(
            id="recovery",
            label=term("Recovery", "label of a finding"),
            code="open" if back is None else "back",
            title=title,
            text=Sentences.of(total, recommended(nps, episode.start), _paid(compensation), lessons),
            severity="watch" if back is None else "info",
            estimate=None if back is None else float(back),
            unit=Unit("days", term("until the usual range", "unit")),
            n=episode.negatives,
            method=say(
                "Over: three days running inside the usual range. Recommendation (promoters less critics) of the three "
                "months before against those since; who answers may differ, and other things changed too."
            ),
        )
    )


def recommended(nps: pd.DataFrame, start: date) -> Sayable:
    """Return what recommendation did since *start*, only as far as its intervals tell it."""
    first = pd.Timestamp(start).replace(day=1)
    known = nps.dropna(subset=["estimate", "ci_lower"])
    before = known[(known["date_day"] < first) & (known["date_day"] >= first - pd.DateOffset(months=MONTHS))]
    since = known[(known["date_day"] >= first) & (known["date_day"] < first + pd.DateOffset(months=MONTHS))]
    if before.empty or since.empty:
        return say("How recommendation moved is not known: no survey before and since.")
    ends = [_mean(part) for part in (before, since)]
    change = ends[1][0] - ends[0][0]
    half = 1.96 * float(np.hypot(ends[0][1], ends[1][1]))
    told = {
        "change": Number(100 * change, 0, sign=True),
        "low": Number(100 * (change - half), 0, sign=True),
        "high": Number(100 * (change + half), 0, sign=True),
    }
    if change + half < 0:
        return say(
            "Recommendation fell by {points} points (95% CI {low} to {high}).",
            points=Number(-100 * change, 0),
            low=told["low"],
            high=told["high"],
        )
    if change - half <= 0:
        return say("Whether recommendation moved cannot be told: {change} points (95% CI {low} to {high}).", **told)
    return say("Recommendation rose by {change} points (95% CI {low} to {high}).", **told)


def _mean(part: pd.DataFrame) -> tuple[float, float]:
    """Return the mean of months and its standard error, from their intervals."""
    errors = (part["ci_upper"] - part["ci_lower"]) / (2 * 1.96)
    return float(part["estimate"].mean()), float(np.sqrt((errors**2).sum()) / len(part))


def _paid(cases: pd.DataFrame) -> Sayable:
    offered = cases.dropna(subset=["offered"])
    if offered.empty:
        return say("No compensation is recorded.")
    if len(offered) < SMALL:
        return say("Fewer than {least} compensations were offered.", least=SMALL)
    if offered["currency"].nunique() != 1:
        return say_n(
            "{n} compensation was offered.", "{n} compensations were offered, in several currencies.", n=len(offered)
        )
    taken = offered["taken"].fillna(0) > 0
    return say(
        "{n} compensations were offered, {share} taken up, for {money} in all.",
        n=Count(len(offered)),
        share=Percent(float(taken.mean()), 0),
        money=Money(float(offered["taken"].fillna(0).sum()), str(offered["currency"].iloc[0])),
    )
