"""Is the money for media spent as planned, and what will it be at the end?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import Pacing
from fanops_utils.models.money.pacing import FEWEST_DAYS, TOLERANCE
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Level, Message, Money, Percent, Sayable, Sentences, Span, Unit, Written, say, say_n, term

METHOD = say("Days to come cost, relative to the plan, what the days seen cost.")
NO_LINE = say("Money for advertisements is held against a line of the category media, in the campaign's currency.")
LINES: dict[str, Message] = {
    "planned": term("planned", "line of a chart"),
    "forecast": term("forecast", "line of a chart"),
    "spent": term("spent", "line of a chart"),
}


def pace(found: Pacing | None, currency: str) -> Section:
    """Return whether the money for advertisements is spent as planned, drawn with what it will be at the end."""
    finding = answer(found, currency)
    if found is None:
        return Section.of(finding)
    drawn = Words(
        title=say("Money for media: spent, planned, forecast"),
        subtitle=say("{currency}, added up; {level} band", currency=currency, level=Level(found.level)),
        axis=Written(currency),
        alt=finding.title,
        caption=say("The plan is the same every day"),
    )
    return Section.of(finding, charts.lines(paced(found), x="date_day", y="value", series="series", words=drawn))


def answer(found: Pacing | None, currency: str) -> Finding:
    """Return the pace, and what will have been spent at the end."""
    if found is None:
        title = say("No line for media is being spent: no pace to judge")
        return Finding(id="pace", title=title, text=NO_LINE, code="no_line", status="no_data")
    one = found.forecast
    spent = say_n(
        "{spent} was spent in {n} day; {planned} was due.",
        "{spent} was spent in {n} days; {planned} was due.",
        n=found.days_seen,
        spent=Money(found.spent, currency),
        planned=Money(found.planned, currency),
    )
    return Finding(
        id="pace",
        title=_title(found),
        text=Sentences.of(spent, *_ahead(found)),
        severity="watch" if found.pace == "over" else "info",
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit=Unit("money", term("spent on media at the end", "unit"), currency),
        n=found.days_seen,
        method=METHOD,
        code=found.pace,
    )


def _title(found: Pacing) -> Message:
    if not found.days_left:
        return say("{share} of the money for media was spent", share=Percent(found.spent / found.budget))
    match found.pace:
        case "over":
            return say("The money for media will be overspent")
        case "under":
            return say("The money for media will not be used up")
        case "on_pace":
            return say("The money for media is spent as planned")
    return say("Too early to say how the money for media goes")


def _ahead(found: Pacing) -> tuple[Sayable, ...]:
    """Return how many days are left, and what will have been spent after them."""
    if not found.days_left:
        return ()
    left = say_n("{n} day is left.", "{n} days are left.", n=found.days_left)
    if found.pace == "cannot_tell":
        return left, say("A forecast needs {days} days of spending.", days=FEWEST_DAYS)
    one, budget = found.forecast, found.budget
    share = say(
        "At this pace, {share} of the budget will have been spent ({interval}).",
        share=_whole(one.estimate / budget),
        interval=Span.of(one.ci_lower / budget, one.ci_upper / budget, form=_whole, level=found.level),
    )
    if found.pace != "on_pace":
        return left, share
    return left, share, say("That is within {share} of it, or not to be told from it.", share=Percent(TOLERANCE, 0))


def _whole(value: float) -> Percent:
    return Percent(value, 0)


def paced(found: Pacing) -> pd.DataFrame:
    """Return money planned, forecast and spent as lines: date_day, series, value, lower, upper."""
    daily, parts = found.daily, []
    for name, series in LINES.items():
        band = daily[["lower", "upper"]] if name == "forecast" else daily[["lower", "upper"]] * np.nan
        parts.append(
            daily[["date_day"]]
            .assign(series=pd.Series([series] * len(daily), dtype=object), value=daily[name])
            .join(band)
        )
    return pd.concat(parts, ignore_index=True)
