"""Whether anything that must not get worse got worse."""

from __future__ import annotations

from typing import Any

from fanops_utils import charts
from fanops_utils.charts import Words
from fanops_utils.experiments import Comparison, ReadOut, guardrail_holds, improvement
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import amount, towards
from fanops_utils.sections.experiments.readout.reading import difference, named_arm, no_units, span, too_few, units_read
from fanops_utils.sections.experiments.readout.tables import drawn
from fanops_utils.sections.experiments.reasons import because
from fanops_utils.text import Message, Sayable, Sentences, in_words, say
from fanops_utils.workspace import Experiment, Metric


def guardrails(found: ReadOut | None, experiment: Experiment) -> Section:
    """Return whether the guardrails hold."""
    finding = _held(found, experiment)
    words = Words(
        title=say("Guardrails: treatment less “{control}”", control=in_words(experiment.control)),
        alt=Sentences.of(say("{title}.", title=finding.title), finding.text),
        subtitle=say("The orange tick is the harm that is tolerated"),
        caption=say("The whole interval must stay on the near side"),
    )
    rows = drawn(found, experiment, role="guardrail")
    return Section.of(finding, charts.metric_differences(rows, words=words))


def _held(found: ReadOut | None, experiment: Experiment) -> Finding:
    if found is None:
        return Finding.nothing("guardrails", no_units())
    if found.has_too_few:
        return Finding.nothing("guardrails", too_few())
    if found.verdict == "invalid":
        title, text = say("No guardrail is read from an invalid experiment"), say("The arms are not comparable.")
        return Finding(id="guardrails", title=title, text=text, code="invalid")
    rails = {metric.name: metric for metric in experiment.metrics if metric.role == "guardrail"}
    ours = [one for one in found.comparisons if one.metric in rails]
    if not ours:
        title, text = say("The register names no guardrail"), say("Harm elsewhere would go unseen.")
        return Finding(id="guardrails", title=title, text=text, code="none")
    held = {one: guardrail_holds(rails[one.metric], one) for one in ours}
    broken = next((one for one, ok in held.items() if not ok), None)
    title, code = (
        (say("All guardrails hold"), "hold") if broken is None else _broken(broken, rails[broken.metric], experiment)
    )
    return Finding(
        id="guardrails", title=title, severity="good" if broken is None else "watch", n=units_read(found), code=code,
        text=Sentences.of(*(_line(one, rails[one.metric], experiment, held=ok) for one, ok in held.items())),
        method=say("Non-inferiority: the whole interval of the change must stay within the tolerated harm."),
    )  # fmt: skip


def _broken(one: Comparison, metric: Metric, experiment: Experiment) -> tuple[Message, str]:
    label = named_arm(metric.label, one.treatment, experiment)
    if one.cannot_tell:
        return say("Whether {metric} got worse cannot be told", metric=label), "untold"
    if _beyond(one, metric):
        return say("{metric} got worse than tolerated", metric=label), "harm"
    return say("{metric} may have got worse than tolerated", metric=label), "may_harm"


def _beyond(one: Comparison, metric: Metric) -> bool:
    return improvement(one, metric)[2] < -(metric.margin or 0)


def _line(one: Comparison, metric: Metric, experiment: Experiment, *, held: bool) -> Sayable:
    label = named_arm(metric.label, one.treatment, experiment)
    if one.cannot_tell:
        return say("{metric} cannot be told: {why}.", metric=label, why=because(one.cannot_tell))
    told: dict[str, Any] = {"metric": label, "change": difference(one, metric), "interval": span(one, metric)}
    if metric.margin is None and held:
        return say("{metric}: {change} ({interval}); no harm is shown, no margin was set.", **told)
    if metric.margin is None:
        return say("{metric}: {change} ({interval}); harm is shown, no margin was set.", **told)
    told["limit"] = amount(-towards(metric) * metric.margin, metric)
    if held:
        return say("{metric}: {change} ({interval}), within the tolerated {limit}.", **told)
    if _beyond(one, metric):
        return say("{metric}: {change} ({interval}), beyond the tolerated {limit}.", **told)
    return say("{metric}: {change} ({interval}), possibly beyond the tolerated {limit}.", **told)
