"""What the markets' own past suggests, where controls or history are too few for an effect: never more than suggestive."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import CampaignEffect, StructuralEffect
from fanops_utils.playbook import Finding
from fanops_utils.sections.campaigns.retrospective.reasons import tested, why
from fanops_utils.sections.campaigns.words import counted
from fanops_utils.text import Level, Message, Sayable, Sentences, Signed, Span, Unit, say, term
from fanops_utils.workspace import Campaign

METHOD = say(
    "Structural time series: level, week, events noted in the registers, controls where there are any; the interval is stretched "
    "by how far past forecasts missed, and wider the fewer they were."
)
OF_FORECAST = Unit("change", term("of a forecast from its own past", "unit"))


def of_its_past(found: CampaignEffect, own: StructuralEffect) -> Finding:
    """Return what the forecast from the markets' *own* past says of the live days."""
    one = own.effect
    interval = Span.of(one.ci_lower, one.ci_upper, form=Signed, level=found.level)
    seen = say("Against the forecast: {change} ({interval}).", change=Signed(one.estimate), interval=interval)
    return Finding(
        id="effect",
        title=_suggested(own),
        text=Sentences.of(seen, tested(own), why(found), before(found)),
        severity="watch",
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit=OF_FORECAST,
        n=one.n,
        method=METHOD,
        code=own.verdict,
    )


def _suggested(own: StructuralEffect) -> Message:
    change = Signed(own.effect.estimate)
    if own.n_beside:
        return _beside_controls(own, change)
    match own.verdict:
        case "suggestive rise":
            return say(
                "Without a control nothing is proved. Suggestive at most: {change} above what its past promised",
                change=change,
            )
        case "suggestive fall":
            return say(
                "Without a control nothing is proved. Suggestive at most: {change} below what its past promised",
                change=change,
            )
    return say("Without a control nothing is proved. No clear change against its past: {change}", change=change)


def _beside_controls(own: StructuralEffect, change: Signed) -> Message:
    match own.verdict:
        case "suggestive rise":
            return say(
                "With so short a history nothing is proved. Suggestive at most: {change} above what past and controls promised",
                change=change,
            )
        case "suggestive fall":
            return say(
                "With so short a history nothing is proved. Suggestive at most: {change} below what past and controls promised",
                change=change,
            )
    return say(
        "With so short a history nothing is proved. No clear change against its past and the controls: {change}",
        change=change,
    )


def before(found: CampaignEffect) -> Message | None:
    """Return the plain change against the baseline, which is no effect; None where it is not known."""
    if not np.isfinite(found.before_after):
        return None
    return say(
        "The plain change against the baseline weeks was {change}; season and trend are in it.",
        change=Signed(found.before_after),
    )


def own_past(found: CampaignEffect | None) -> pd.DataFrame:
    """Return what came and what the market's own past promised, as lines: date_day, series, value, lower, upper."""
    columns = ["date_day", "series", "value", "lower", "upper"]
    if found is None or found.structural is None:
        return pd.DataFrame(columns=columns)
    daily = found.structural.daily
    named: Any = [
        [name] * len(daily) for name in (term("actual", "line of a chart"), term("forecast", "line of a chart"))
    ]
    came = daily.assign(series=named[0], value=daily["actual"], lower=np.nan, upper=np.nan)
    promised = daily.assign(series=named[1], value=daily["forecast"])
    return pd.concat([came, promised])[columns].reset_index(drop=True)


def drawn(found: CampaignEffect | None, campaign: Campaign, *, alt: Sayable, level: float) -> charts.Chart:
    """Return what came beside the forecast; nothing to draw where there is none."""
    texts = Words(
        title=say("What came, and what the market's own past promised"),
        subtitle=say("{metric}; {level} band; suggestive at most", metric=counted(campaign), level=Level(level)),
        axis=term("per day", "axis"),
        alt=alt,
        caption=say("Forecast from the days before the start"),
    )
    return charts.lines(own_past(found), x="date_day", y="value", series="series", words=texts)
