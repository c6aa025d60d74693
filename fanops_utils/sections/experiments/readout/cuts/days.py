"""Whether the effect wears off or grows over the days of exposure."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts import Words
from fanops_utils.experiments import ReadOut
from fanops_utils.experiments.segments.novelty import Novelty
from fanops_utils.experiments.segments.novelty import novelty as trend_of
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import amount, interval, p_value
from fanops_utils.sections.experiments.readout.cuts.axis import axis
from fanops_utils.sections.experiments.readout.reading import best_of, held_back, named_arm
from fanops_utils.sections.experiments.reasons import because
from fanops_utils.text import Message, Sentences, say
from fanops_utils.workspace import Experiment

DIFFERS = 0.05
DRAWN = ["day", "estimate", "ci_lower", "ci_upper", "standard_error", "n", "treatment"]


def novelty(found: ReadOut | None, experiment: Experiment, table: pd.DataFrame) -> Section:
    """Return whether the effect lasts, from *table* of `day_effects`."""
    rows, metric = read_days(table, found, experiment), experiment.first_decision
    finding = _lasts(found, experiment, rows)
    words = Words(
        title=say("{metric}, by day of exposure", metric=metric.label),
        alt=Sentences.of(say("{title}.", title=finding.title), finding.text),
        subtitle=say("Treatment less control, units by the day they came in"),
        axis=axis(metric),
        caption=say("Orange: the mean of the days, each weighed by its precision"),
    )
    return Section.of(finding, charts.daily_effects(rows, share=metric.in_percent, words=words))


def read_days(table: pd.DataFrame, found: ReadOut | None, experiment: Experiment) -> pd.DataFrame:
    """Return the days of the treatment that is read: day, estimate, interval, standard_error, n, treatment."""
    if table.empty:
        return pd.DataFrame(columns=DRAWN)
    arm = best_of(found, experiment.first_decision).treatment if found else experiment.treatments[0]
    return table[table["treatment"] == arm].dropna(subset=["estimate", "ci_lower"]).reset_index(drop=True)[DRAWN]


def _lasts(found: ReadOut | None, experiment: Experiment, rows: pd.DataFrame) -> Finding:
    if held := held_back("novelty", say("Nothing is cut out of an invalid experiment"), found):
        return held
    if rows.empty and found is not None and found.last_day is not None:
        return _untold(say("No day has a difference that can be told and may be shown."))
    if rows.empty:
        title, text = (
            say("Whether it lasts cannot be told: exposure has no dates"),
            say("Import the time of assignment."),
        )
        return Finding(id="novelty", title=title, text=text, code="undated")
    trend = trend_of(rows, alpha=experiment.alpha)
    if trend.cannot_tell:
        return _untold(say("Not told: {why}.", why=because(trend.cannot_tell)))
    moved, shown = trend.p_value < DIFFERS, _is_shown(found, experiment, str(rows["treatment"].iloc[0]))
    fades = moved and shown and trend.per_day * trend.early < 0
    title, code = (
        (say("The effect wears off"), "fades") if fades
        else (say("The effect grows by the day"), "grows") if moved and shown
        else (say("The arms moved apart or together over the days; that there is an effect is not shown"), "moved") if moved
        else (say("No sign of wearing off"), "lasts")
    )  # fmt: skip
    return Finding(
        id="novelty", title=named_arm(title, str(rows["treatment"].iloc[0]), experiment), code=code,
        text=_text(trend, experiment, fades=fades), severity="watch" if fades else "info", n=int(rows["n"].sum()),
        method=_method(trend, experiment),
    )  # fmt: skip


def _is_shown(found: ReadOut | None, experiment: Experiment, arm: str) -> bool:
    """Return whether the effect of *arm* on the first decision metric is clear: what is not there cannot wear off."""
    metric = experiment.first_decision.name
    ours = [one for one in found.comparisons if (one.metric, one.treatment) == (metric, arm)] if found else []
    return any(one.ci_lower > 0 or one.ci_upper < 0 for one in ours)


def _untold(text: Message) -> Finding:
    return Finding(id="novelty", title=say("Whether it lasts cannot be told"), text=text, code="untold")


def _text(trend: Novelty, experiment: Experiment, *, fades: bool) -> Sentences:
    metric = experiment.first_decision
    early, late = amount(trend.early, metric), amount(trend.late, metric)
    return Sentences.of(
        say("In the first half of the days {early}, in the second {late}.", early=early, late=late),
        say("It changes by {change} a day ({range}).", change=amount(trend.per_day, metric),
            range=interval(trend.ci_lower, trend.ci_upper, metric, alpha=experiment.alpha)),
        _weekdays(trend),
        say("What the average promises will not last: read the second half.") if fades else None,
    )  # fmt: skip


def _weekdays(trend: Novelty) -> Message | None:
    if trend.weekday_p != trend.weekday_p:
        return None
    if trend.weekday_p < DIFFERS:
        return say("The days of the week differ.")
    return say("No difference between the days of the week is shown.")


def _method(trend: Novelty, experiment: Experiment) -> Sentences:
    days = say("Trend of the effects by day of exposure, each weighed by its precision.")
    blocks = say(
        "Trend of the blocks' differences over the days; one block has no spread of its own, so each has that of all."
    )
    known = trend.weekday_p == trend.weekday_p
    return Sentences.of(
        blocks if experiment.counts_slots else days,
        say("Trend: {p}.", p=p_value(trend.p_value)),
        say("Days of the week: {p}.", p=p_value(trend.weekday_p)) if known else None,
    )
