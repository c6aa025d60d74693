"""What an experiment's read-out says: was it sound, what changed, what to do."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from fanops_utils.experiments import Comparison, ReadOut, improvement
from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import count, percent, points, signed, span
from fanops_utils.workspace import Experiment, Metric

REVIEW_AFTER = timedelta(days=14)
SHOWN = [
    "label", "role", "kind", "treatment", "control_mean", "treatment_mean", "estimate", "ci_lower", "ci_upper", "p_value",
    "p_adjusted", "n", "smallest_effect", "margin",
]  # fmt: skip
SEVERITY: dict[str, Severity] = {
    "ship": "good", "do not ship": "watch", "inconclusive: run on": "info", "inconclusive: stop": "info", "invalid": "alert",
}  # fmt: skip


NO_UNITS = "no unit of this experiment was imported"


def checks(found: ReadOut | None) -> list[Check]:
    """Return the gates of the read-out as checks."""
    if found is None:
        return [Check("Units", "FAIL", NO_UNITS, "Import the assignment with its outcomes by a mapping")]
    return [Check(gate.name, gate.status, gate.finding, gate.action) for gate in found.gates]


def soundness(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return whether the assignment can be trusted, and what it means where it cannot."""
    if found is None:
        return Finding.nothing("soundness", NO_UNITS)
    units = _units(found)
    failed = [gate for gate in found.gates if gate.stops]
    method = f"Chi-square test of the units per arm against the planned shares, without correction; gate {experiment.srm_gate:g}, set before the data."
    if not failed:
        return Finding(
            "soundness",
            "The assignment is sound: the arms can be compared",
            f"{_ratio(found)}",
            "good",
            n=units,
            method=method,
        )
    reasons = " ".join(f"{gate.name}: {_sentence(gate.finding)}" for gate in failed)
    text = f"{reasons} The arms are not comparable, so no difference between them is shown and no winner is named."
    return Finding(
        "soundness", "The experiment is invalid: the arms are not comparable", text, "alert", n=units, method=method
    )


def _ratio(found: ReadOut) -> str:
    gate = next((gate for gate in found.gates if "ratio" in gate.name.lower()), None)
    return _sentence(gate.finding) if gate else "No gate stops the read-out."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _units(found: ReadOut) -> int | None:
    return max((one.n for one in found.comparisons), default=None)


def effect(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return what the decision metric did, with its interval against the smallest effect that matters."""
    if found is None:
        return Finding.nothing("effect", NO_UNITS)
    if found.verdict == "invalid":
        return Finding("effect", "No effect is read from an invalid experiment",
                       "Whatever the arms show, it may be the fault and not the treatment.", "alert")  # fmt: skip
    metric = next(one for one in experiment.metrics if one.role == "decision")
    ours = [one for one in found.comparisons if one.metric == metric.name]
    one = next((c for c in ours if c.treatment == found.winner), max(ours, key=lambda c: improvement(c, metric)[0]))
    text = f"{_levels(one, metric)} {_significance(one)} {_matters(one, metric)} {_lift(one)}"
    clear = one.ci_lower > 0 or one.ci_upper < 0
    title = (
        f"{metric.label} changed by {_amount(one.estimate, metric)} with '{one.treatment}'" if clear
        else f"No clear change of {metric.label.lower()}: {_amount(one.estimate, metric)}, interval across zero"
    )  # fmt: skip
    return Finding("effect", title, " ".join(text.split()), SEVERITY[found.verdict], one.estimate, one.ci_lower, one.ci_upper,
                   "fraction" if metric.kind == "conversion" else metric.label, one.n, f"{one.test}; {one.variance}.")  # fmt: skip


def _amount(value: float, metric: Metric) -> str:
    return points(value) if metric.kind == "conversion" else f"{value:+.3g}"


def _levels(one: Comparison, metric: Metric) -> str:
    say = percent if metric.kind == "conversion" else (lambda value: f"{value:.3g}")
    interval = span(one.ci_lower, one.ci_upper, form="points", level=1 - one.alpha) if metric.kind == "conversion" else (
        f"{1 - one.alpha:.0%} CI {one.ci_lower:+.3g} to {one.ci_upper:+.3g}")  # fmt: skip
    return (
        f"{say(one.control_mean)} with '{one.control}' (n={count(one.control_n)}), {say(one.treatment_mean)} with '{one.treatment}' "
        f"(n={count(one.treatment_n)}): {_amount(one.estimate, metric)} ({interval})."
    )


def _significance(one: Comparison) -> str:
    adjusted = one.p_adjusted if one.p_adjusted is not None else one.p_value
    return f"p = {adjusted:.2g}" + (" after Holm." if adjusted != one.p_value else ".")


def _matters(one: Comparison, metric: Metric) -> str:
    if metric.smallest_effect is None:
        return ""
    _, lower, upper = improvement(one, metric)
    limit = _amount(metric.smallest_effect, metric)
    if lower >= metric.smallest_effect:
        return f"The whole interval lies above {limit}, the smallest effect that matters."
    if upper < metric.smallest_effect:
        return f"The whole interval lies below {limit}, the smallest effect that matters."
    return f"The interval covers {limit}, the smallest effect that matters: it may or may not be worth the change."


def _lift(one: Comparison) -> str:
    if one.lift is None:
        return ""
    return f"Relative: {signed(one.lift.estimate)} ({span(one.lift.ci_lower, one.lift.ci_upper, form='signed', level=1 - one.alpha)}, Fieller)."


def shown(found: ReadOut | None, experiment: Experiment) -> pd.DataFrame:
    """Return the comparisons with their labels, kinds and roles, and the limits as they lie on the chart.

    Columns: those of `experiments.comparison_table`, and label, kind, role, n, smallest_effect, margin (signed, on the
    side of the difference where they matter). Empty where nothing may be compared.
    """
    metrics = {metric.name: metric for metric in experiment.metrics}
    comparisons = found.comparisons if found else ()
    several = len(experiment.allocation) > 2
    rows = []
    for one in comparisons:
        metric = metrics[one.metric]
        sign = 1 if metric.direction == "increase" else -1
        label = f"{metric.label} ({one.treatment})" if several else metric.label
        rows.append({
            "label": label, "role": metric.role, "kind": metric.kind, "treatment": one.treatment, "control_mean": one.control_mean,
            "treatment_mean": one.treatment_mean, "estimate": one.estimate, "ci_lower": one.ci_lower, "ci_upper": one.ci_upper,
            "p_value": one.p_value, "p_adjusted": one.p_adjusted, "n": one.n,
            "smallest_effect": sign * metric.smallest_effect if metric.smallest_effect else None,
            "margin": -sign * metric.margin if metric.margin else None,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=SHOWN)


def guardrails(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return whether anything that must not get worse got worse."""
    if found is None:
        return Finding.nothing("guardrails", NO_UNITS)
    rails = {metric.name: metric for metric in experiment.metrics if metric.role == "guardrail"}
    ours = [one for one in found.comparisons if one.metric in rails]
    if found.verdict == "invalid":
        return Finding("guardrails", "No guardrail is read from an invalid experiment", "See above.", "info")
    if not ours:
        return Finding("guardrails", "The register names no guardrail", "Harm elsewhere would go unseen.", "info")
    broken, lines = [], []
    for one in ours:
        metric = rails[one.metric]
        _, lower, _ = improvement(one, metric)
        held = lower > -(metric.margin or 0.0)
        broken += [] if held else [metric.label]
        lines.append(f"{metric.label}: {_amount(one.estimate, metric)} ({'holds' if held else 'may be worse than'} the margin "
                     f"{_amount(metric.margin or 0.0, metric)}).")  # fmt: skip
    title = f"{broken[0]} may be worse than its margin" if broken else "All guardrails hold"
    return Finding("guardrails", title, " ".join(lines), "watch" if broken else "good", n=_units(found),
                   method="Non-inferiority: the interval of the change must stay above the tolerated harm.")  # fmt: skip


def plays(found: ReadOut | None, experiment: Experiment, *, on: date | None) -> tuple[Play, ...]:
    """Return the decision to take: one play by the verdict."""
    if found is None:
        return ()
    review = (on or date.today()) + REVIEW_AFTER
    decision = next(metric for metric in experiment.metrics if metric.role == "decision").label
    arm = found.winner or "the treatment"
    action, expected = {
        "ship": (f"Roll out '{arm}', keeping a tenth of new units in '{experiment.control}' for a month", "as estimated, likely a little less"),
        "do not ship": (f"Keep '{experiment.control}' and write down what was learnt", "none"),
        "inconclusive: run on": (f"Let it run to {experiment.period.end if experiment.period else 'its planned end'} and read it once", "not known yet"),
        "inconclusive: stop": ("Stop, keep the control, and plan a larger test only if a smaller effect would pay", "below what this test can see"),
        "invalid": ("Find the fault before reading anything: compare assignment and logging per arm, day, market and device, then run again", "not known"),
    }[found.verdict]  # fmt: skip
    return (Play(action, decision, expected, experiment.owner, review, f"Verdict: {found.verdict}"),)


def verdict(found: ReadOut | None, experiment: Experiment) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity."""
    if found is None:
        return f"There is no data for the experiment '{experiment.title}'.", "info"
    if found.verdict == "invalid":
        gate = next(gate for gate in found.gates if gate.stops)
        return f"Invalid: no winner can be named. {gate.name}: {_sentence(gate.finding)}", "alert"
    said = effect(found, experiment)
    interval = ""
    if said.estimate is not None and said.ci_lower is not None and said.ci_upper is not None:
        metric = next(one for one in experiment.metrics if one.role == "decision")
        interval = (
            f" ({1 - experiment.alpha:.0%} CI {_amount(said.ci_lower, metric)} to {_amount(said.ci_upper, metric)})"
        )
    return f"{found.verdict.capitalize()}. {said.title}{interval}.", SEVERITY[found.verdict]
