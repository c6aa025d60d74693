"""Which exploratory metrics moved, false discoveries held to one in twenty."""

from __future__ import annotations

from fanops_utils import charts
from fanops_utils.charts import Words
from fanops_utils.experiments import Comparison, ReadOut
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import interval
from fanops_utils.sections.experiments.readout.reading import difference, held_back
from fanops_utils.sections.experiments.readout.tables import drawn
from fanops_utils.sections.experiments.reasons import because
from fanops_utils.text import Sayable, Sentences, in_words, say, say_n
from fanops_utils.workspace import Experiment, Metric

FALSE_SHARE = 0.05  # of the exploratory differences named, about so many are expected to be none


def explored(found: ReadOut | None, experiment: Experiment) -> Section:
    """Return which exploratory metrics moved."""
    finding = _moved(found, experiment)
    words = Words(
        title=say("Exploratory metrics: treatment less “{control}”", control=in_words(experiment.control)),
        alt=Sentences.of(say("{title}.", title=finding.title), finding.text),
        subtitle=say("Intervals are not corrected for being several"),
        caption=say("Corrected p-values stand in the table of all metrics"),
    )
    rows = drawn(found, experiment, role="exploratory")
    return Section.of(finding, charts.metric_differences(rows, words=words))


def _moved(found: ReadOut | None, experiment: Experiment) -> Finding:
    if held := held_back("exploratory", say("Nothing is explored in an invalid experiment"), found):
        return held
    metrics = {metric.name: metric for metric in experiment.metrics if metric.role == "exploratory"}
    ours = [one for one in (found.comparisons if found else ()) if one.metric in metrics]
    if not ours:
        title, text = say("The register names no exploratory metric"), say("There is nothing to explore.")
        return Finding(id="exploratory", title=title, text=text, code="none", status="no_data")
    moved = sum(one.p_adjusted is not None and one.p_adjusted < FALSE_SHARE for one in ours)
    if moved:
        title, code = (
            say_n("{n} of {all} exploratory differences stands out", "{n} of {all} exploratory differences stand out", n=moved,
                  all=len(ours)), "moved",
        )  # fmt: skip
    elif all(one.cannot_tell for one in ours):
        title, code = say("Exploratory metrics cannot be told"), "untold"
    else:
        title, code = say("No exploratory metric is shown to have moved"), "nothing"
    lines = (_line(one, metrics[one.metric]) for one in ours)
    return Finding(
        id="exploratory", title=title, text=Sentences.of(*lines, say("They suggest the next test and decide nothing.")),
        n=max(one.n for one in ours), code=code,
        method=say("Benjamini-Hochberg over all exploratory differences; false discoveries held to 5%."),
    )  # fmt: skip


def _line(one: Comparison, metric: Metric) -> Sayable:
    if one.cannot_tell:
        return say("{metric} cannot be told: {why}.", metric=metric.label, why=because(one.cannot_tell))
    told = {
        "change": difference(one, metric),
        "interval": interval(one.ci_lower, one.ci_upper, metric, alpha=one.alpha),
    }
    line = say(
        "{metric} with “{arm}”: {change} ({interval}).", metric=metric.label, arm=in_words(one.treatment), **told
    )
    if not one.missing:
        return line
    gone = say_n(
        "{n} unit without an outcome is left out.", "{n} units without an outcome are left out.", n=one.missing
    )
    return Sentences.of(line, gone)
