"""Whether the middle moved or the tail, and whether most units are better off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts import Words
from fanops_utils.experiments import ReadOut, Reason
from fanops_utils.experiments.segments.spread import MIDDLE, ORDER, spread_metric
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import amount, interval, p_value, sureness
from fanops_utils.sections.experiments.readout.reading import best_of, held_back, named_arm
from fanops_utils.sections.experiments.reasons import because
from fanops_utils.text import Message, Percent, Sayable, Sentences, Span, Written, in_words, say, term
from fanops_utils.workspace import Experiment, Metric

PARTS: dict[str, Message] = {
    "q50": term("Median", "quantile"), "q90": term("90% quantile", "quantile"), "q99": term("99% quantile", "quantile"),
    "order": term("Order of two units", "quantile"),
}  # fmt: skip
NONE_TO_EXPECT = 0.5


def spread(
    found: ReadOut | None, experiment: Experiment, table: pd.DataFrame, *, why_not: Reason | None = None
) -> Section:
    """Return whether the middle moved or the tail, from *table* of `spread_effects`; *why_not* is why it is not read."""
    finding, metric = _moved(found, experiment, table, why_not), spread_metric(experiment)
    if metric is None:
        return Section.of(finding)
    words = Words(
        title=say("{metric}: the middle and the tail", metric=metric.label),
        alt=Sentences.of(say("{title}.", title=finding.title), finding.text),
        subtitle=say("Treatment less control at three quantiles, in the metric's own unit"),
        axis=Written(metric.label),
        caption=say("Quantiles of plain values"),
    )
    return Section.of(finding, charts.quantile_differences(_rows(table, experiment), words=words))


def _rows(table: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Return the quantiles of *table* as they are drawn: label, estimate, ci_lower, ci_upper, n."""
    drawn = table[(table["part"] != ORDER) & table["cannot_tell"].isna()].reset_index(drop=True)
    names = [named_arm(PARTS[row["part"]], row["treatment"], experiment) for row in drawn.to_dict("records")]
    return drawn[["estimate", "ci_lower", "ci_upper", "n"]].assign(label=pd.Series(names, dtype="object"))


def _moved(found: ReadOut | None, experiment: Experiment, table: pd.DataFrame, why_not: Reason | None) -> Finding:
    if held := held_back("spread", say("Neither middle nor tail is read from an invalid experiment"), found):
        return held
    metric = spread_metric(experiment)
    if metric is None or why_not or found is None:
        title = (
            say("There is no middle and no tail to read")
            if metric is None
            else say("Middle and tail are not read here")
        )
        because_of = say("Not read: {why}.", why=because(why_not or Reason("no_mean_or_count")))
        code = "no_metric" if metric is None else "not_read"
        return Finding(id="spread", title=title, text=because_of, code=code, status="no_data")
    arm = best_of(found, metric).treatment
    rows = table[table["treatment"] == arm].to_dict("records")
    moved = {row["part"] for row in rows if row["part"] != ORDER and (row["ci_lower"] > 0 or row["ci_upper"] < 0)}
    title, code = _title(named_arm(metric.label, arm, experiment), middle=MIDDLE in moved, tail=bool(moved - {MIDDLE}))
    whole = say("Counts are whole numbers: their quantiles move by whole steps or not at all.")
    text = Sentences.of(*(_line(row, metric, experiment) for row in rows), whole if metric.kind == "count" else None)
    order = (p_value(row["p_value"]) for row in rows if row["part"] == ORDER and row["p_value"] == row["p_value"])
    method = Sentences.of(_method(), *(say("Order of two units: {p}.", p=p) for p in order))
    return Finding(id="spread", title=title, text=text, n=int(table["n"].max()), method=method, code=code)


def _title(label: Sayable, *, middle: bool, tail: bool) -> tuple[Message, str]:
    if middle and tail:
        return say("{metric}: middle and tail moved", metric=label), "both"
    if middle:
        return say("{metric}: the middle moved, of the tail no change is shown", metric=label), "middle"
    if tail:
        return say("{metric}: the tail moved, of the middle no change is shown", metric=label), "tail"
    return say("{metric}: neither middle nor tail is shown to have moved", metric=label), "neither"


def _line(row: Mapping[Any, Any], metric: Metric, experiment: Experiment) -> Message:
    label = named_arm(PARTS[row["part"]], row["treatment"], experiment)
    if isinstance(row["cannot_tell"], Reason):
        return say("{part} cannot be told: {why}.", part=label, why=because(row["cannot_tell"]))
    if row["part"] == ORDER:
        return say(
            "Of one {unit} with “{arm}” and one with “{control}”, drawn at random, the first is above in {share} of draws, ties "
            "half ({range}; {none}: no difference).", unit=experiment.unit, arm=in_words(row["treatment"]),
            control=in_words(experiment.control),
            share=Percent(row["estimate"]), range=Span.of(row["ci_lower"], row["ci_upper"], level=sureness(experiment.alpha)),
            none=Percent(NONE_TO_EXPECT, 0),
        )  # fmt: skip
    limits = interval(row["ci_lower"], row["ci_upper"], metric, alpha=experiment.alpha)
    return say("{part}: {change} ({range}).", part=label, change=amount(row["estimate"], metric), range=limits)


def _method() -> Message:
    return say(
        "Differences of quantiles with the bootstrap of their ranks; the order of two units by Mann and Whitney, its interval "
        "by Brunner and Munzel. Plain values: neither winsorised nor adjusted; intervals not corrected for being several."
    )
