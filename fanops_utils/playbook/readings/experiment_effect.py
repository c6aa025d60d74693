"""What the decision metric did: by how much, how sure, counted how, and whether it matters."""

from __future__ import annotations

from fanops_utils.experiments import Comparison, ReadOut, improvement
from fanops_utils.metrics import p_text
from fanops_utils.playbook.findings import Finding
from fanops_utils.playbook.readings.experiment_words import (
    NO_UNITS,
    SEVERITY,
    amount,
    best_of,
    bounds,
    counted_name,
    decision_metric,
    interval,
    level,
    sentence,
    towards,
)
from fanops_utils.playbook.wording import count, signed, span
from fanops_utils.workspace import Experiment, Metric


def effect(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return what the decision metric did, with its interval against the smallest effect that matters."""
    if found is None:
        return Finding.nothing("effect", NO_UNITS)
    if found.verdict == "invalid":
        text = "Whatever the arms show, it may be the fault and not the treatment."
        return Finding("effect", "No effect is read from an invalid experiment", text)
    metric = decision_metric(experiment)
    one = best_of(found, metric)
    if one.cannot_tell:
        title, text = f"{metric.label}: the effect cannot be told", _cause(one)
        return Finding("effect", title, text, "watch", n=one.n, method=f"Verdict by rule: {found.rule}")
    clear = one.ci_lower > 0 or one.ci_upper < 0
    said = amount(one.estimate, metric)
    title = f"{metric.label}: {said} with '{one.treatment}'" if clear else f"{metric.label}: no clear change ({said})"
    return Finding(
        id="effect",
        title=title,
        text=" ".join(filter(None, _sentences(found, one, metric, experiment))),
        severity=SEVERITY[found.verdict],
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit="difference of fractions" if metric.is_share else metric.label,
        n=one.n,
        method=f"{one.test}; {one.variance}{_rest(one, experiment)}. Verdict by rule: {found.rule}",
    )


def _sentences(found: ReadOut, one: Comparison, metric: Metric, experiment: Experiment) -> tuple[str, ...]:
    counted, others = _counted(one, experiment), _others(found, one, metric)
    return _levels(one, metric), _significance(one), counted, _matters(one, metric), _lift(one), others


def _counted(one: Comparison, experiment: Experiment) -> str:
    if one.clusters is None:
        return ""
    if experiment.block is not None and experiment.cluster is not None:
        return (
            f"Counted are the {one.clusters} blocks ({experiment.block}) that hold both arms, not the {one.n:,} units: units of "
            "one slot share its hour, its arm and what happened in it."
        )
    if experiment.block is not None:
        return (
            f"Arms were drawn within blocks ({experiment.block}): counted are the {one.clusters} blocks with both arms, each "
            f"difference once, not the {one.n:,} units."
        )
    return (
        f"Assigned were whole values of {experiment.cluster}: counted are these {one.clusters}, not the {one.n:,} units, which "
        "within one of them resemble each other."
    )


def _others(found: ReadOut, best: Comparison, metric: Metric) -> str:
    """Say what the other treatments did, and that treatments are compared with the control alone."""
    rest = [one for one in found.comparisons if one.metric == metric.name and one.treatment != best.treatment]
    if not rest:
        return ""
    told = "; ".join(
        f"'{one.treatment}' {sentence(one.cannot_tell)[:-1]}" if one.cannot_tell
        else f"'{one.treatment}' {amount(one.estimate, metric)} ({bounds(one, metric)}; {_corrected(one)})"
        for one in rest
    )  # fmt: skip
    return (
        f"Against '{best.control}', too: {told}. The {len(rest) + 1} treatments were compared with the control, not with one "
        "another: that one is better than the next is not tested."
    )


def _corrected(one: Comparison) -> str:
    return p_text(one.p_value if one.p_adjusted is None else one.p_adjusted) + " corrected"


def _cause(one: Comparison) -> str:
    return f"Between '{one.control}' and '{one.treatment}': {sentence(one.cannot_tell)} No number is better than a wrong one."


def _rest(one: Comparison, experiment: Experiment) -> str:
    parts = [f"; {one.missing:,} units without an outcome, left out of n"] if one.missing else []
    parts += [f"; {one.clusters} {counted_name(experiment)}"] if one.clusters is not None else []
    parts += [f"; covariates took {one.variance_cut:.0%} of the variance away"] if one.variance_cut is not None else []
    return "".join(parts)


def _levels(one: Comparison, metric: Metric) -> str:
    return (
        f"{level(one.control_mean, metric)} with '{one.control}' (n={count(one.control_n)}), "
        f"{level(one.treatment_mean, metric)} with '{one.treatment}' (n={count(one.treatment_n)}): "
        f"{amount(one.estimate, metric)} ({interval(one, metric)})."
    )


def _significance(one: Comparison) -> str:
    adjusted = one.p_adjusted if one.p_adjusted is not None else one.p_value
    return p_text(adjusted) + (" after correction." if adjusted != one.p_value else ".")


def _matters(one: Comparison, metric: Metric) -> str:
    if metric.smallest_effect is None:
        return ""
    _, lower, upper = improvement(one, metric)
    limit = amount(towards(metric) * metric.smallest_effect, metric)
    if lower >= metric.smallest_effect:
        return f"The whole interval lies beyond {limit}, the smallest effect that matters."
    if upper < metric.smallest_effect:
        return f"The whole interval stays short of {limit}, the smallest effect that matters."
    return f"The interval covers {limit}, the smallest effect that matters: the change may or may not be worth it."


def _lift(one: Comparison) -> str:
    if one.lift is None:
        return f"The relative lift is {one.lift_why}." if one.lift_why else ""
    interval = span(one.lift.ci_lower, one.lift.ci_upper, form="signed", level=1 - one.alpha)
    return f"Relative to the control: {signed(one.lift.estimate)} ({interval}, Fieller)."
