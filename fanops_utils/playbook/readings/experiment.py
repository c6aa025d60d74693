"""What an experiment's read-out says: was it sound, what changed, what to do."""

from __future__ import annotations

from datetime import date, timedelta

from fanops_utils.experiments import Comparison, ReadOut, guardrail_holds, improvement
from fanops_utils.sections import data_checks
from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.readings.experiment_cuts import (
    choice_rows,
    daily,
    day_rows,
    segment_rows,
    segments,
    sensitivity,
)
from fanops_utils.playbook.readings.experiment_effect import effect
from fanops_utils.playbook.readings.experiment_record import looks, money, record, ruling
from fanops_utils.playbook.readings.experiment_spread import seen_as, spread, spread_label, spread_rows
from fanops_utils.playbook.readings.experiment_tables import exploratory, listed, shown
from fanops_utils.playbook.readings.experiment_words import (
    NO_UNITS,
    SEVERITY,
    amount,
    best_of,
    counted_name,
    decision_metric,
    interval,
    named_arm,
    sentence,
    towards,
)  # fmt: skip
from fanops_utils.workspace import Experiment, Metric

__all__ = [
    "checks", "choice_rows", "daily", "day_rows", "decision_metric", "effect", "enough", "exploratory", "guardrails", "listed",
    "looks", "money", "plays", "record", "ruling", "seen_as", "segment_rows", "segments", "sensitivity", "shown", "soundness",
    "spread", "spread_label", "spread_rows", "verdict",
]  # fmt: skip
REVIEW_AFTER = timedelta(days=14)
LEAST_UNITS, LEAST_SLOTS = 200, 20


def checks(found: ReadOut | None) -> list[Check]:
    """Return the gates of the read-out as checks."""
    if found is None:
        return [Check("Units", "FAIL", NO_UNITS, "Import the assignment with its outcomes by a mapping")]
    return [Check(gate.name, gate.status, gate.finding, gate.action) for gate in found.gates]


def enough(found: ReadOut | None, experiment: Experiment) -> Check:
    """Return whether there are enough of what is compared: units or, where they are counted, clusters, slots, blocks."""
    counted = [one.clusters for one in (found.comparisons if found else ()) if one.clusters is not None]
    if not counted:
        return data_checks.enough(
            "Units", found.units if found else 0, least=LEAST_UNITS, what=f"units ({experiment.unit})"
        )
    what = f"{_what_counts(experiment)}, with {found.units if found else 0:,} units ({experiment.unit})"
    return data_checks.enough("What is compared", min(counted), least=LEAST_SLOTS, what=what)


def _what_counts(experiment: Experiment) -> str:
    return f"{counted_name(experiment)} ({experiment.block or experiment.cluster})"


def soundness(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return whether the assignment can be trusted, and what it means where it cannot."""
    if found is None:
        return Finding.nothing("soundness", NO_UNITS)
    assigned = "units" if experiment.cluster is None else f"values of {experiment.cluster}"
    method = (
        f"Chi-square test of the {assigned} per arm against the planned shares, without correction; the gate of "
        f"{experiment.srm_gate:g} was set in the register."
    )
    failed = [gate for gate in found.gates if gate.stops]
    if failed:
        reasons = " ".join(f"{gate.name}: {sentence(gate.finding)}" for gate in failed)
        text = f"{reasons} The arms are not comparable, so no difference between them is shown and no winner is named."
        return Finding(
            "soundness", "The experiment is invalid: the arms are not comparable", text, "alert", method=method
        )
    ratio = next((gate.finding for gate in found.gates if "ratio" in gate.name.lower()), "no gate stops the read-out")
    title = "The assignment is sound: the arms can be compared"
    return Finding("soundness", title, sentence(ratio), "good", n=_units(found), method=method)


def _units(found: ReadOut) -> int | None:
    return max((one.n for one in found.comparisons), default=None)


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
        f"{named_arm(rails[one.metric].label, one.treatment, experiment)}: {_against_margin(one, rails[one.metric], held=ok)}"
        for one, ok in held.items()
    ]
    broken = [one for one, ok in held.items() if not ok]
    return Finding(
        id="guardrails",
        title=_broken(broken[0], rails[broken[0].metric], experiment) if broken else "All guardrails hold",
        text=" ".join(lines),
        severity="watch" if broken else "good",
        n=_units(found),
        method="Non-inferiority: the whole interval of the change must stay within the tolerated harm.",
    )


def _broken(one: Comparison, metric: Metric, experiment: Experiment) -> str:
    label = named_arm(metric.label, one.treatment, experiment)
    if one.cannot_tell:
        return f"Whether {label} got worse cannot be told"
    sure = improvement(one, metric)[2] < -(metric.margin or 0)
    return f"{label} got worse than tolerated" if sure else f"{label} may have got worse than tolerated"


def _against_margin(one: Comparison, metric: Metric, *, held: bool) -> str:
    if one.cannot_tell:
        return sentence(f"cannot tell: {one.cannot_tell}")
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
        return f"Invalid: no winner can be named. {gate.name}: {sentence(gate.finding)}", "alert"
    said, metric = effect(found, experiment), decision_metric(experiment)
    between = ""
    if said.ci_lower is not None and said.ci_upper is not None:
        between = f" ({interval(best_of(found, metric), metric)})"
    rails = guardrails(found, experiment)
    because = f" {rails.title}." if found.verdict == "do not ship" and rails.severity == "watch" else ""
    return f"{found.verdict.capitalize()}. {said.title}{between}.{because}", SEVERITY[found.verdict]
