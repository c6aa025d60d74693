"""Which targets are met, which are not, and how likely are the others by their day?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.models import Chance
from fanops_utils.playbook import Finding, Section, TargetState
from fanops_utils.sections.targets.naming import metric_name, value_of
from fanops_utils.text import (
    Count,
    Day,
    Listed,
    Message,
    Percent,
    Points,
    Range,
    Sayable,
    Sentences,
    Unit,
    say,
    say_n,
    term,
    valued,
)

JUDGED: dict[str, Message] = {
    "met": term("met", "verdict on a target"),
    "not_met": term("not met", "verdict on a target"),
    "cannot_tell": term("cannot tell yet", "verdict on a target"),
}
WHY_NOT: dict[str, Message] = {
    "no_day": term("no day is set", "why there are no odds"),
    "past": term("its day is past", "why there are no odds"),
    "no_metric": term("the metric is not in the catalogue", "why there are no odds"),
    "short": term("fewer than 8 whole weeks", "why there are no odds"),
    "far": term("its day is further off than the history reaches", "why there are no odds"),
    "wide": term("the forecast is too wide to say", "why there are no odds"),
    "not_positive": term("no forecast: some single weeks are at zero", "why there are no odds"),
}
LIKELY, UNLIKELY = 0.7, 0.3


def scorecard(states: Sequence[TargetState], chances: Sequence[Chance]) -> Section:
    """Return how all targets stand (*states*: `playbook.targets.states`; *chances*: `models.chances`)."""
    if not states:
        return Section.of(Finding.nothing("scorecard", say("targets.yml names no target")))
    by = {(one.target.id, one.market): one for one in chances}
    frame = pd.DataFrame([_row(state, by.get((state.target.id, state.market))) for state in states])
    columns = {
        "name": term("Target", "column"),
        "market": term("Market", "column"),
        "asked": term("Asked for", "column"),
        "measured": term("Measured", "column"),
        "range": term("Interval", "column"),
        "judged": term("Verdict", "column"),
        "gap": term("Still missing", "column"),
        "odds": term("Chance by its day", "column"),
        "by": term("By", "column"),
    }
    table = charts.table(
        frame, columns=columns, caption=say("Targets of targets.yml, over the days each of them names")
    )
    return Section.of(_finding(states), table)


def called(state: TargetState) -> Sayable:
    """Return what readers call the target."""
    return valued(state.target.name) if state.target.name else metric_name(state.target.metric)


def _row(state: TargetState, chance: Chance | None) -> dict[str, Any]:
    one, seen = state.target, state.measured
    value = {
        name: value_of(one.unit, number, one.currency)
        for name, number in (
            ("low", one.low),
            ("high", one.high),
            ("seen", seen.estimate),
            ("lower", seen.ci_lower),
            ("upper", seen.ci_upper),
        )
    }
    if value["low"] is not None and value["high"] is not None:
        asked: Sayable = say("{low} or more, aim {high}", low=value["low"], high=value["high"])
    elif value["low"] is not None:
        asked = say("{value} or more", value=value["low"])
    else:
        assert value["high"] is not None  # a target names one of them
        asked = say("{value} or less", value=value["high"])
    gap = None
    if state.judged != "met" and seen.estimate == seen.estimate:
        short = (one.low - seen.estimate) if one.low is not None else (seen.estimate - (one.high or 0.0))
        gap = _short_of(one.unit, short, one.currency) if short > 0 else None
    if state.odds is not None:
        odds: Sayable | None = Percent(round(state.odds * 20) / 20, 0)
    else:
        odds = WHY_NOT.get(chance.reason or "") if chance and state.judged == "cannot_tell" else None
    ranged = (
        Range(value["lower"], value["upper"]) if value["lower"] is not None and value["upper"] is not None else None
    )
    return {
        "name": called(state),
        "market": valued(state.market) if state.market else term("all", "markets"),
        "asked": asked,
        "measured": value["seen"],
        "range": ranged,
        "judged": JUDGED[state.judged],
        "gap": gap,
        "odds": odds,
        "by": Day.of(one.by, form="iso") if one.by else None,
    }


def _short_of(unit: str, short: float, currency: str) -> Sayable | None:
    """Return what is missing to a target: of a share in points, as percent of a percent would be another number."""
    return Points(short) if unit == "share" else value_of(unit, short, currency)


def _finding(states: Sequence[TargetState]) -> Finding:
    count = {code: sum(state.judged == code for state in states) for code in JUDGED}
    missed = [state for state in states if state.judged == "not_met"]
    unlikely = [state for state in states if state.odds is not None and state.odds <= UNLIKELY]
    title = say(
        "Of {all} targets {met} are met, {missed} are missed, {open} cannot be told yet",
        met=count["met"], all=len(states), missed=count["not_met"], open=count["cannot_tell"],
    )  # fmt: skip
    told = [
        say("Not met: {targets}.", targets=Listed.of(_named(state) for state in missed)) if missed else None,
        say("Unlikely by their day: {targets}.", targets=Listed.of(_named(state) for state in unlikely))
        if unlikely
        else None,
    ]
    return Finding(
        id="scorecard",
        label=term("Targets", "label of a finding"),
        code="missed" if missed else "unlikely" if unlikely else "good" if count["met"] else "open",
        about=Listed.of(_named(state) for state in (missed or unlikely)) if missed or unlikely else None,
        title=title,
        text=Sentences.of(*told),
        severity="alert" if missed else "watch" if unlikely else "good" if count["met"] else "info",
        estimate=count["met"] / len(states),
        unit=Unit("share", term("of targets met", "unit")),
        n=len(states),
        method=say(
            "Met: the whole interval lies at the target or beyond; not met: on the other side, and its day has come. "
            "Chances come from the metric's own weeks and are never told beyond 5 and 95 in 100."
        ),
    )


def _named(state: TargetState) -> Sayable:
    if state.market is None:
        return called(state)
    return term("{target} ({market})", "a target in a market", target=called(state), market=state.market)


def outlook(chances: Sequence[Chance]) -> Section:
    """Return what the forecasts expect by the targets' days, and how such forecasts came out before."""
    told = [one for one in chances if one.odds is not None and one.expected is not None]
    refused = [one for one in chances if one.reason not in (None, "no_day", "past")]
    if not told:
        why = WHY_NOT[refused[0].reason or ""] if refused else say("no target has a day ahead")
        return Section.of(Finding.nothing("outlook", why))
    rows = []
    for one in told:
        assert one.expected is not None
        test = one.backtest
        worth = None
        if test is not None:
            worth = term("better", "than last year's weeks") if test.better else term("worse", "than last year's weeks")
        unit = (one.target.unit, one.target.currency)
        low, high = (value_of(unit[0], number, unit[1]) for number in (one.expected.ci_lower, one.expected.ci_upper))
        rows.append(
            {
                "name": valued(one.target.name) if one.target.name else metric_name(one.target.metric),
                "market": valued(one.market) if one.market else term("all", "markets"),
                "weeks": one.weeks,
                "ahead": one.ahead,
                "expected": value_of(unit[0], one.expected.estimate, unit[1]),
                "range": Range(low, high) if low and high else None,
                "tests": float("nan") if test is None else test.origins,
                "covered": float("nan") if test is None else test.covered,
                "worth": worth,
            }
        )
    columns = {
        "name": term("Target", "column"),
        "market": term("Market", "column"),
        "weeks": term("Weeks known", "column"),
        "ahead": term("Weeks ahead", "column"),
        "expected": term("Expected then", "column"),
        "range": term("90 in 100", "column"),
        "tests": term("Tried on the past, times", "column"),
        "covered": term("Inside the range", "column"),
        "worth": term("Against last year's weeks", "column"),
    }
    table = charts.table(
        pd.DataFrame(rows),
        columns=columns,
        formats={"covered": lambda one: Percent(one, 0), "tests": Count},
        caption=say("Forecasts by the targets' days; the trials overlap, so they are worth fewer than they count"),
    )
    return Section.of(_outlook(told), table)


def _outlook(told: Sequence[Chance]) -> Finding:
    likely = sum((one.odds or 0) >= LIKELY for one in told)
    worse = sum(one.backtest is not None and not one.backtest.better for one in told)
    return Finding(
        id="outlook",
        label=term("Outlook", "label of a finding"),
        code="told",
        title=say_n(
            "{likely} of {n} target with a forecast is likely to be met",
            "{likely} of {n} targets with a forecast are likely to be met",
            n=len(told),
            likely=likely,
        ),
        text=Sentences.of(
            say("Likely: a chance of {share} or more.", share=Percent(LIKELY, 0)),
            say_n(
                "For {n} of them last year's weeks would have been the better forecast.",
                "For {n} of them last year's weeks would have been the better forecast.",
                n=worse,
            )
            if worse
            else None,
        ),
        estimate=likely / len(told),
        unit=Unit("share", term("likely to be met", "unit")),
        n=len(told),
        method=say(
            "A drift drawn to zero and damped, on weekly logs; from 60 weeks on mixed with last year's course. Refused below "
            "8 weeks, beyond the length of the history, or where the range is wider than 4 to 1."
        ),
    )
