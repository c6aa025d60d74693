"""What an experiment's read-out says: was it sound, what changed, what to do."""

from __future__ import annotations

from datetime import date, timedelta

from fanops_utils.experiments import Comparison, ReadOut, guardrail_holds, improvement
from fanops_utils.metrics import p_text
from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.readings.experiment_cuts import daily, day_rows, segment_rows, segments, sensitivity
from fanops_utils.playbook.readings.experiment_record import looks, money, record, ruling
from fanops_utils.playbook.readings.experiment_tables import exploratory, listed, shown
from fanops_utils.playbook.readings.experiment_words import (
    NO_UNITS,
    SEVERITY,
    amount,
    best_of,
    decision_metric,
    interval,
    level,
    towards,
)  # fmt: skip
from fanops_utils.playbook.wording import count, signed, span
from fanops_utils.workspace import Experiment, Metric

__all__ = [
    "checks", "daily", "day_rows", "decision_metric", "effect", "exploratory", "guardrails", "listed", "looks", "money", "plays",
    "record", "ruling", "segment_rows", "segments", "sensitivity", "shown", "soundness", "verdict",
]  # fmt: skip
REVIEW_AFTER = timedelta(days=14)


def checks(found: ReadOut | None) -> list[Check]:
    """Return the gates of the read-out as checks."""
    if found is None:
        return [Check("Units", "FAIL", NO_UNITS, "Import the assignment with its outcomes by a mapping")]
    return [Check(gate.name, gate.status, gate.finding, gate.action) for gate in found.gates]


def soundness(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return whether the assignment can be trusted, and what it means where it cannot."""
    if found is None:
        return Finding.nothing("soundness", NO_UNITS)
    method = (
        "Chi-square test of the units per arm against the planned shares, without correction; the gate of "
        f"{experiment.srm_gate:g} was set in the register."
    )
    failed = [gate for gate in found.gates if gate.stops]
    if failed:
        reasons = " ".join(f"{gate.name}: {_sentence(gate.finding)}" for gate in failed)
        text = f"{reasons} The arms are not comparable, so no difference between them is shown and no winner is named."
        return Finding(
            "soundness", "The experiment is invalid: the arms are not comparable", text, "alert", method=method
        )
    ratio = next((gate.finding for gate in found.gates if "ratio" in gate.name.lower()), "no gate stops the read-out")
    title = "The assignment is sound: the arms can be compared"
    return Finding("soundness", title, _sentence(ratio), "good", n=_units(found), method=method)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _units(found: ReadOut) -> int | None:
    return max((one.n for one in found.comparisons), default=None)


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
        text=" ".join(filter(None, (_levels(one, metric), _significance(one), _matters(one, metric), _lift(one)))),
        severity=SEVERITY[found.verdict],
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit="fraction" if metric.is_share else metric.label,
        n=one.n,
        method=f"{one.test}; {one.variance}{_rest(one)}. Verdict by rule: {found.rule}",
    )


def _cause(one: Comparison) -> str:
    return f"Between '{one.control}' and '{one.treatment}': {_sentence(one.cannot_tell)} No number is better than a wrong one."


def _rest(one: Comparison) -> str:
    parts = [f"; {one.missing:,} units without an outcome, left out of n"] if one.missing else []
    parts += [f"; {one.clusters} clusters"] if one.clusters is not None else []
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


def guardrails(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return whether anything that must not get worse got worse."""
    if found is None:
        return Finding.nothing("guardrails", NO_UNITS)
    if found.verdict == "invalid":
        return Finding("guardrails", "No guardrail is read from an invalid experiment", "The arms are not comparable.")
    rails = {metric.name: metric for metric in experiment.metrics if metric.role == "guardrail"}
    ours = [one for one in found.comparisons if one.metric in rails]
    if not ours:
        return Finding("guardrails", "The register names no guardrail", "Harm elsewhere would go unseen.")
    held = {one: guardrail_holds(rails[one.metric], one) for one in ours}
    lines = [
        f"{rails[one.metric].label}: {_against_margin(one, rails[one.metric], held=ok)}" for one, ok in held.items()
    ]
    broken = [one for one, ok in held.items() if not ok]
    return Finding(
        id="guardrails",
        title=_broken(broken[0], rails[broken[0].metric]) if broken else "All guardrails hold",
        text=" ".join(lines),
        severity="watch" if broken else "good",
        n=_units(found),
        method="Non-inferiority: the whole interval of the change must stay within the tolerated harm.",
    )


def _broken(one: Comparison, metric: Metric) -> str:
    if one.cannot_tell:
        return f"Whether {metric.label} got worse cannot be told"
    sure = improvement(one, metric)[2] < -(metric.margin or 0)
    return f"{metric.label} got worse than tolerated" if sure else f"{metric.label} may have got worse than tolerated"


def _against_margin(one: Comparison, metric: Metric, *, held: bool) -> str:
    if one.cannot_tell:
        return _sentence(f"cannot tell: {one.cannot_tell}")
    change = f"{amount(one.estimate, metric)} ({interval(one, metric)})"
    if metric.margin is None:
        return f"{change}; {'no harm is shown' if held else 'harm is shown'}, no margin was set."
    harm = amount(-towards(metric) * metric.margin, metric)
    return f"{change}; {'within' if held else _beyond(one, metric)} the tolerated {harm}."


def _beyond(one: Comparison, metric: Metric) -> str:
    return "beyond" if improvement(one, metric)[2] < -(metric.margin or 0) else "possibly beyond"


def plays(found: ReadOut | None, experiment: Experiment, *, on: date | None = None) -> tuple[Play, ...]:
    """Return the decision to take: one play by the verdict."""
    if found is None:
        return ()
    review = (on or date.today()) + REVIEW_AFTER
    planned = experiment.period.end if experiment.period else "its planned end"
    actions = {
        "ship": (
            f"Roll out '{found.winner}', keeping a tenth of new units in '{experiment.control}' for a month",
            "as estimated; first effects tend to shrink",
        ),
        "do not ship": (f"Keep '{experiment.control}' and write down what was learnt", "none"),
        "inconclusive: run on": (f"Let it run to {planned} and read it once", "not known yet"),
        "inconclusive: stop": (
            f"Stop, keep '{experiment.control}', and plan a larger test only if a smaller effect would pay",
            "below what this test could see",
        ),
        "invalid": (
            "Find the fault before reading anything: compare assignment and logging by arm, day, market and device; run again",
            "not known",
        ),
    }
    action, expected = actions[found.verdict]
    cause = "soundness" if found.verdict == "invalid" else "effect"
    return (Play(action, decision_metric(experiment).label, expected, experiment.owner, review, cause),)


def verdict(found: ReadOut | None, experiment: Experiment) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity."""
    if found is None:
        return f"There is no data for the experiment '{experiment.title}'.", "info"
    if found.verdict == "invalid":
        gate = next(gate for gate in found.gates if gate.stops)
        return f"Invalid: no winner can be named. {gate.name}: {_sentence(gate.finding)}", "alert"
    said, metric = effect(found, experiment), decision_metric(experiment)
    between = ""
    if said.ci_lower is not None and said.ci_upper is not None:
        between = f" ({interval(best_of(found, metric), metric)})"
    rails = guardrails(found, experiment)
    because = f" {rails.title}." if found.verdict == "do not ship" and rails.severity == "watch" else ""
    return f"{found.verdict.capitalize()}. {said.title}{between}.{because}", SEVERITY[found.verdict]
