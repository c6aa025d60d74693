"""Whether the effect differs between segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts import Words
from fanops_utils.experiments import ReadOut, Reason
from fanops_utils.experiments.segments.effects import segment_tests
from fanops_utils.metrics.multiple import told_apart
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import amount, p_value
from fanops_utils.sections.experiments.readout.cuts.axis import axis
from fanops_utils.sections.experiments.readout.reading import dimension, held_back, named_arm
from fanops_utils.sections.experiments.reasons import because
from fanops_utils.text import Message, Number, Sayable, Sentences, in_words, say
from fanops_utils.workspace import Experiment

DIFFERS = 0.05
DRAWN = ["label", "dimension", "estimate", "ci_lower", "ci_upper", "shrunk", "shrunk_lower", "shrunk_upper", "n"]
Tests = list[dict[str, Any]]


def segments(found: ReadOut | None, experiment: Experiment, table: pd.DataFrame) -> Section:
    """Return whether the effect differs between the segments of *table* (of `segment_effects`)."""
    finding, metric = _differs(found, experiment, table), experiment.first_decision
    words = Words(
        title=say("{metric}, segment by segment", metric=metric.label),
        alt=Sentences.of(say("{title}.", title=finding.title), finding.text),
        subtitle=say("Treatment less control"),
        axis=axis(metric),
        caption=say("Segments of the register only; blue: with luck taken out"),
    )
    return Section.of(finding, charts.segment_effects(_rows(table, experiment), share=metric.in_percent, words=words))


def _rows(table: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    if table.empty:
        return pd.DataFrame(columns=DRAWN)
    ordered = table.sort_values(["dimension", "shrunk"], ascending=[True, False], ignore_index=True)
    labels = pd.Series([_where(row, experiment) for row in ordered.to_dict("records")], dtype="object")
    return ordered.assign(label=labels)[DRAWN]


def _differs(found: ReadOut | None, experiment: Experiment, table: pd.DataFrame) -> Finding:
    if held := held_back("segments", say("Nothing is cut out of an invalid experiment"), found):
        return held
    if table.empty:
        title = say("The register names no segment")
        whole = say("The effect is read for all units together.")
        return Finding(id="segments", title=title, text=whole, code="none", status="no_data")
    tests: Tests = [
        {"dimension": str(name)} | {str(key): value for key, value in test.items()}
        for name, part in table.groupby("dimension", sort=False)
        for test in segment_tests(part).to_dict("records")
    ]
    tried = [test for test in tests if test["segments"] >= 2]
    clear = told_apart([test["p_value"] for test in tried], level=1 - DIFFERS)
    uneven = [test["dimension"] for test, sure in zip(tried, clear, strict=True) if sure]
    silent = [row for row in table.to_dict("records") if isinstance(row["cannot_tell"], Reason)]
    text = Sentences.of(
        *_untested(tests), _range(table, experiment),
        *(say("{segment} cannot be told: {why}.", segment=_where(row, experiment), why=because(row["cannot_tell"]))
          for row in silent),
    )  # fmt: skip
    title = (
        say("The effect differs by {dimension}", dimension=dimension(uneven[0]))
        if uneven else say("No difference between the segments is shown")
    )  # fmt: skip
    return Finding(
        id="segments", title=title, text=text, severity="watch" if uneven else "info", method=_method(tests),
        code="differ" if uneven else "alike",
    )  # fmt: skip


def _untested(tests: Tests) -> list[Message]:
    names = dict.fromkeys(test["dimension"] for test in tests if test["segments"] < 2)
    return [
        say(
            "Divided by {dimension}, fewer than two segments can be told apart, so nothing is tested.",
            dimension=dimension(name),
        )
        for name in names
    ]


def _range(table: pd.DataFrame, experiment: Experiment) -> Message | None:
    told = table.dropna(subset=["shrunk"]).sort_values("shrunk").to_dict("records")
    if len(told) < 2:
        return None
    metric, low, high = experiment.first_decision, told[0], told[-1]
    return say(
        "With luck taken out, the effects run from {low} in {lowest} (n={low_n}) to {high} in {highest} (n={high_n}).",
        low=amount(low["shrunk"], metric), lowest=_where(low, experiment), low_n=int(low["n"]),
        high=amount(high["shrunk"], metric), highest=_where(high, experiment), high_n=int(high["n"]),
    )  # fmt: skip


def _where(row: Mapping[Any, Any], experiment: Experiment) -> Sayable:
    return named_arm(in_words(str(row["segment"])), str(row["treatment"]), experiment)


def _method(tests: Tests) -> Sentences:
    return Sentences.of(
        say(
            "Cochran's Q over the segments; estimates shrunk to their mean as far as their spread is chance (empirical Bayes)."
        ),
        *(
            say("By {dimension}, “{arm}”: Q = {q}, df = {df}, {p}.", dimension=dimension(test["dimension"]),
                arm=in_words(test["treatment"]), q=Number(test["q"], 2), df=int(test["df"]), p=p_value(test["p_value"]))
            for test in tests if test["segments"] >= 2
        ),
        say("Several tests are read together (Holm).") if sum(test["segments"] >= 2 for test in tests) > 1 else None,
    )  # fmt: skip
