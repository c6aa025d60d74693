"""How do people talk about us? Weeks in which negative mentions jumped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import Cause
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Day, Message, Number, Percent, Period, Sentences, Span, Unit, Written, say, say_n, term

RECENT = pd.Timedelta(weeks=4)


def tone(
    weeks: pd.DataFrame,
    *,
    brand: str,
    period: Period,
    since: date | None = None,
    causes: Mapping[pd.Timestamp, Cause] | None = None,
) -> Section:
    """Return whether negative mentions of *brand* jumped in a week (*weeks*: `metrics.weekly_negative` of the whole history).

    Told are the weeks that end on or after *since*, each against the twelve before it, which lie outside the period too.
    *causes*: `models.cause_of` by the week's first day, for the weeks of alarm.
    """
    whole = weeks[weeks["complete"].astype(bool)]
    if since is not None and len(whole):
        whole = whole[whole["week_start"] + pd.Timedelta(days=6) >= pd.Timestamp(since)]
    finding = _finding(whole, causes or {})
    seen = whole.rename(columns={"week_start": "date_day", "negatives": "value"})
    chart = charts.lines(
        seen[["date_day", "value"]],
        x="date_day",
        y="value",
        marks=charts.spans(seen, start="date_day", days=7, where="alarm", note=term("alarm", "mark in a chart")),
        words=Words(
            title=say("Negative mentions per week"),
            subtitle=say(
                "{brand}, all networks, {period}; shaded: far above the twelve weeks before", brand=brand, period=period
            ),
            axis=term("negative mentions", "axis"),
            alt=finding.text,
            caption=say("Mentions as labelled by the listening tool"),
        ),
    )
    return Section.of(finding, chart)


def last_alarms(weeks: pd.DataFrame, *, since: date | None) -> list[pd.Timestamp]:
    """Return the first days of the weeks of alarm that `tone` tells of."""
    told = weeks[weeks["complete"].astype(bool) & weeks["alarm"].astype(bool)]
    if since is not None and len(told):
        told = told[told["week_start"] + pd.Timedelta(days=6) >= pd.Timestamp(since)]
    return list(told["week_start"])


def _finding(whole: pd.DataFrame, causes: Mapping[pd.Timestamp, Cause]) -> Finding:
    if whole.empty:
        return Finding.nothing("tone", say("no complete week of labelled mentions"))
    mentions = int(whole["mentions"].sum())
    if not mentions or not whole["p_value"].notna().any():
        return Finding.nothing("tone", say("too few weeks of labelled mentions to tell an unusual one"))
    alarms = whole[whole["alarm"].astype(bool)]
    return _steady(whole, mentions) if alarms.empty else _alarm(whole, alarms, causes)


def _method() -> Message:
    return say(
        "Negatives of each week against the twelve weeks before (square-root scale, t prediction, at least ten "
        "negatives): about one false alarm a year."
    )


def _steady(whole: pd.DataFrame, mentions: int) -> Finding:
    share = whole["negatives"].sum() / mentions
    return Finding(
        id="tone",
        label=term("Tone of mentions", "label of a finding"),
        code="steady",
        title=say("The tone is steady: no week of unusual criticism"),
        verdict=say("The tone is steady: no week of unusual criticism."),
        text=say_n(
            "{share} of {n} mention was negative; no week stands out from the twelve before it.",
            "{share} of {n} mentions were negative; no week stands out from the twelve before it.",
            n=mentions,
            share=Percent(share),
        ),
        severity="good",
        estimate=share,
        unit=Unit("share", term("of mentions", "unit")),
        n=mentions,
        method=_method(),
    )


def _alarm(whole: pd.DataFrame, alarms: pd.DataFrame, causes: Mapping[pd.Timestamp, Cause]) -> Finding:
    worst = alarms.iloc[int(alarms["negatives"].astype(float).argmax())]
    cause = causes.get(worst["week_start"])
    recent = worst["week_start"] >= whole["week_start"].max() - RECENT
    known = pd.notna(worst["ratio"])
    told: dict[str, Any] = {"week": Day.of(worst["week_start"]), "times": Number(worst["ratio"], digits=1)}
    return Finding(
        id="tone",
        about=Day.of(worst["week_start"]),
        label=term("Tone of mentions", "label of a finding"),
        code="jumped" if known else "appeared",
        title=say("In the week of {week} criticism was {times} times the expected; no such week since", **told)
        if known and not recent
        else say(
            "Criticism rose to {times} times the expected in the week of {week}, mostly about {topic}",
            topic=Written(cause.topic),
            **told,
        )
        if known and cause is not None and cause.topic
        else say("Criticism rose to {times} times the expected in the week of {week}", **told)
        if known
        else say("Criticism appeared out of nothing in the week of {week}", **told),
        verdict=say("Criticism rose to {times} times the expected in the week of {week}.", **told)
        if known
        else say("Criticism appeared out of nothing in the week of {week}.", **told),
        text=_reading(whole, alarms, worst, cause),
        severity="alert" if recent else "info",
        weight="chapter",
        estimate=worst["ratio"] if known else None,
        unit=Unit("times", term("the expected", "unit")),
        n=int(worst["mentions"]),
        method=_method(),
    )


def _cause(cause: Cause | None) -> Message | None:
    """Return what the week was about: a candidate for the cause, not the cause."""
    if cause is None:
        return None
    source = {"source": words.platform(cause.source), "part": Percent(cause.source_share)}
    if not cause.topic:
        return say("No topic stands out in it; most came from {source} ({part}).", **source)
    return say(
        "Candidate for the cause: {topic}, {seen} of the {negatives} (usual in a week: {usual}); most came from {source} ({part}).",
        topic=Written(cause.topic),
        seen=cause.seen,
        negatives=cause.negatives,
        usual=Number(cause.usual, digits=1),
        **source,
    )


def _reading(whole: pd.DataFrame, alarms: pd.DataFrame, worst: pd.Series, cause: Cause | None) -> Sentences:
    seen = say(
        "In the week of {week} there were {seen} negative mentions, where {expected} were to be expected.",
        week=Day.of(worst["week_start"]),
        seen=int(worst["negatives"]),
        expected=Number(worst["expected"], digits=1),
    )
    share = say(
        "They were {share} ({interval}) of that week's mentions.",
        share=Percent(worst["estimate"]),
        interval=Span.of(worst["ci_lower"], worst["ci_upper"]),
    )
    many = say_n("{n} of {weeks} weeks stands out.", "{n} of {weeks} weeks stand out.", n=len(alarms), weeks=len(whole))
    return Sentences.of(seen, _cause(cause), share, many)
