"""Where the market goes if nothing is done differently: three scenarios, with how such forecasts came out before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import Backtest, Outlook
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.market.changed import NAMES
from fanops_utils.text import Count, Listed, Message, Number, Percent, Range, Sayable, Sentences, Unit, say, say_n, term

REASONS: dict[str, Message] = {
    "told": term("can be told", "state of a forecast"),
    "short": term("under eight whole weeks", "state of a forecast"),
    "far": term("further off than the past reaches", "state of a forecast"),
    "wide": term("too uncertain: direction only", "state of a forecast"),
    "not_positive": term("weeks with nothing in them", "state of a forecast"),
}


def outlook(found: Outlook, weeks: Mapping[str, pd.Series]) -> Section:
    """Return the scenarios of each figure (*found*: `models.outlook` of *weeks*); figures are named as in `changed`."""
    told = found.first()
    if told.empty:
        why = say(
            "no figure can be forecast: eight whole weeks without a gap are needed, and weeks that do not swing too far"
        )
        return Section.of(Finding.nothing("outlook", why), _listed(found) if len(found.table) else None)
    first = told.iloc[0]
    name, past = NAMES[first["figure"]], found.backtests.get(first["figure"])
    values: dict[str, Any] = {
        "figure": name,
        "n": int(first["ahead"]),
        "middle": Count(_round(first["middle"])),
        "span": Range.of(_round(first["low"]), _round(first["high"]), form=Count),
    }
    finding = Finding(
        id="outlook",
        label=term("Expected", "label of a finding"),
        code="told" if past is not None else "untried",
        weight="row",
        title=say("{figure} in {n} weeks, if nothing is done differently: {middle} ({span})", **values),
        text=Sentences.of(
            say("In 8 of 10 cases it lies in the span: the cautious and the favourable scenario are its ends."),
            _no_nearer([figure for figure in told["figure"] if _useless(found.backtests.get(figure))]),
            say("No forecast knows of campaigns, crises or changes of a platform that have not begun."),
        ),
        estimate=float(first["middle"]),
        ci_lower=float(first["low"]),
        ci_upper=float(first["high"]),
        unit=Unit("count", term("expected", "unit")),
        n=len(weeks[first["figure"]]),
        method=Sentences.of(
            say(
                "Shrunk, damped drift on the logs of whole weeks, from 60 weeks on mixed half and half with last year's course, "
                "t; 80%. Tried on the figure's own past at every second week against last year's same week and against no "
                "change."
            ),
            *(_tried(NAMES[figure], found.backtests.get(figure)) for figure in told["figure"]),
        ),
    )
    return Section.of(finding, _drawn(found, first["figure"], weeks, finding), _listed(found))


def _tried(name: Message, past: Backtest | None) -> Sayable:
    if past is None:
        return say("{figure}: the past is too short to try such a forecast on it.", figure=name)
    told: dict[str, Any] = {
        "figure": name,
        "flat": Number(past.against_flat, digits=2),
        "inside": Percent(past.covered, 0),
        "n": past.origins,
    }
    if past.naive == "seasonal":
        return say_n(
            "{figure}: in {n} past forecast its error was {scaled} times that of last year's week and {flat} times that of no "
            "change; {inside} came out inside nine in ten.",
            "{figure}: in {n} past forecasts its error was {scaled} times that of last year's week and {flat} times that of no "
            "change; {inside} came out inside nine in ten.",
            scaled=Number(past.scaled, digits=2),
            **told,
        )
    return say_n(
        "{figure}: in {n} past forecast its error was {flat} times that of no change; {inside} came out inside nine in ten.",
        "{figure}: in {n} past forecasts its error was {flat} times that of no change; {inside} came out inside nine in ten.",
        **told,
    )


def _useless(past: Backtest | None) -> bool:
    return past is not None and past.against_flat >= 1


def _no_nearer(figures: list[str]) -> Message | None:
    """Return for which figures to expect no change is as good a forecast."""
    if not figures:
        return None
    named = Listed.of(NAMES[one] for one in figures)
    return say("To expect no change has been as near for: {figures}.", figures=named)


def _drawn(found: Outlook, figure: str, weeks: Mapping[str, pd.Series], finding: Finding) -> charts.Chart:
    past = weeks[figure].iloc[-48:]
    seen = pd.DataFrame({"day": past.index, "value": past.to_numpy(float), "line": "seen"})
    rows = found.table[(found.table["figure"] == figure) & (found.table["code"] == "told")]
    day = seen["day"].iloc[-1] + pd.to_timedelta(rows["ahead"] * 7, unit="D")
    start = seen.tail(1).assign(line="ahead", lower=seen["value"].iloc[-1], upper=seen["value"].iloc[-1])
    said = pd.DataFrame(
        {"day": day, "value": rows["middle"], "lower": rows["low"], "upper": rows["high"], "line": "ahead"}
    )
    names = {"seen": term("seen", "line in a chart"), "ahead": term("expected", "line in a chart")}
    drawn = pd.concat([seen, start, said], ignore_index=True)
    return charts.lines(
        drawn.assign(line=cells(names[one] for one in drawn["line"])),
        x="day",
        y="value",
        series="line",
        words=Words(
            title=say("{figure}: the weeks seen, and half a year ahead", figure=NAMES[figure]),
            subtitle=say("Whole weeks; band: 8 of 10 cases"),
            axis=NAMES[figure],
            alt=finding.text,
            caption=say("If nothing is done differently"),
        ),
    )


def _listed(found: Outlook) -> charts.Table:
    columns = {
        "name": term("Figure", "column"),
        "ahead": term("Weeks ahead", "column"),
        "now": term("Last whole week", "column"),
        "low": term("Cautious", "column"),
        "middle": term("Expected", "column"),
        "high": term("Favourable", "column"),
        "said": term("Reading", "column"),
    }
    table = found.table
    shown = table.assign(
        name=cells(NAMES[one] for one in table["figure"]), said=cells(REASONS[one] for one in table["code"])
    )
    forms = dict.fromkeys(["now", "low", "middle", "high"], Count)
    caption = say(
        "A week of each figure; followers: their number then. Cautious is exceeded in 9, favourable in 1 of 10 cases"
    )
    return charts.table(shown, columns=columns, formats=forms, caption=caption)


def _round(value: float) -> float:
    """Return *value* in three digits: a forecast has no more."""
    return float(f"{value:.3g}")
