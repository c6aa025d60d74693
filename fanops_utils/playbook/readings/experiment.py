"""What an experiment's read-out says: was it sound, what changed, what to do."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from fanops_utils.experiments import Comparison, ReadOut, guardrail_holds, improvement
from fanops_utils.metrics import p_text
from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import count, percent, points, signed, span
from fanops_utils.workspace import Experiment, Metric

REVIEW_AFTER = timedelta(days=14)
COPIED = (
    "treatment",
    "control_mean",
    "treatment_mean",
    "estimate",
    "ci_lower",
    "ci_upper",
    "p_value",
    "p_adjusted",
    "n",
)
NO_UNITS = "no unit of this experiment was imported"
SEVERITY: dict[str, Severity] = {
    "ship": "good",
    "do not ship": "watch",
    "inconclusive: run on": "info",
    "inconclusive: stop": "info",
    "invalid": "alert",
}


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


def decision_metric(experiment: Experiment) -> Metric:
    """Return the first decision metric of the register."""
    return next(one for one in experiment.metrics if one.role == "decision")


def effect(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return what the decision metric did, with its interval against the smallest effect that matters."""
    if found is None:
        return Finding.nothing("effect", NO_UNITS)
    if found.verdict == "invalid":
        text = "Whatever the arms show, it may be the fault and not the treatment."
        return Finding("effect", "No effect is read from an invalid experiment", text)
    metric = decision_metric(experiment)
    ours = [one for one in found.comparisons if one.metric == metric.name]
    one = next((c for c in ours if c.treatment == found.winner), max(ours, key=lambda c: improvement(c, metric)[0]))
    clear = one.ci_lower > 0 or one.ci_upper < 0
    amount = _amount(one.estimate, metric)
    return Finding(
        id="effect",
        title=f"{metric.label}: {amount} with '{one.treatment}'"
        if clear
        else f"{metric.label}: no clear change ({amount})",
        text=" ".join(filter(None, (_levels(one, metric), _significance(one), _matters(one, metric), _lift(one)))),
        severity=SEVERITY[found.verdict],
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit="fraction" if metric.kind == "conversion" else metric.label,
        n=one.n,
        method=f"{one.test}; {one.variance}. Verdict by rule: {found.rule}",
    )


def _amount(value: float, metric: Metric) -> str:
    return points(value) if metric.kind == "conversion" else f"{value:+.3g}"


def _bounds(one: Comparison, metric: Metric) -> str:
    return f"{_amount(one.ci_lower, metric)} to {_amount(one.ci_upper, metric)}"


def _interval(one: Comparison, metric: Metric) -> str:
    return f"{1 - one.alpha:.0%} CI {_bounds(one, metric)}"


def _level(value: float, metric: Metric) -> str:
    return percent(value) if metric.kind == "conversion" else f"{value:.3g}"


def _levels(one: Comparison, metric: Metric) -> str:
    return (
        f"{_level(one.control_mean, metric)} with '{one.control}' (n={count(one.control_n)}), "
        f"{_level(one.treatment_mean, metric)} with '{one.treatment}' (n={count(one.treatment_n)}): "
        f"{_amount(one.estimate, metric)} ({_interval(one, metric)})."
    )


def _significance(one: Comparison) -> str:
    adjusted = one.p_adjusted if one.p_adjusted is not None else one.p_value
    return p_text(adjusted) + (" after correction." if adjusted != one.p_value else ".")


def _matters(one: Comparison, metric: Metric) -> str:
    if metric.smallest_effect is None:
        return ""
    _, lower, upper = improvement(one, metric)
    limit = _amount(_towards(metric) * metric.smallest_effect, metric)
    if lower >= metric.smallest_effect:
        return f"The whole interval lies beyond {limit}, the smallest effect that matters."
    if upper < metric.smallest_effect:
        return f"The whole interval stays short of {limit}, the smallest effect that matters."
    return f"The interval covers {limit}, the smallest effect that matters: the change may or may not be worth it."


def _towards(metric: Metric) -> int:
    return 1 if metric.direction == "increase" else -1


def _lift(one: Comparison) -> str:
    if one.lift is None:
        return ""
    interval = span(one.lift.ci_lower, one.lift.ci_upper, form="signed", level=1 - one.alpha)
    return f"Relative to the control: {signed(one.lift.estimate)} ({interval}, Fieller)."


def shown(found: ReadOut | None, experiment: Experiment) -> pd.DataFrame:
    """Return the comparisons with their labels, kinds and roles, and the limits as they lie on the chart.

    Columns: label, role, kind, treatment, control_mean, treatment_mean, estimate, ci_lower, ci_upper, p_value,
    p_adjusted, n, smallest_effect and margin (on the side of the difference where they matter). Empty where nothing
    may be compared.
    """
    metrics = {metric.name: metric for metric in experiment.metrics}
    several = len(experiment.allocation) > 2
    rows = [_row(one, metrics[one.metric], several=several) for one in (found.comparisons if found else ())]
    return pd.DataFrame(rows, columns=["label", "role", "kind", *COPIED, "smallest_effect", "margin"])


def listed(found: ReadOut | None, experiment: Experiment) -> pd.DataFrame:
    """Return the comparisons as they are printed: metric, role, arm, control, treatment, difference, interval, p, n.

    All columns but n are text, each value in the unit of its metric; p_adjusted is corrected within its role.
    """
    metrics = {metric.name: metric for metric in experiment.metrics}
    rows = [
        {
            "metric": metrics[one.metric].label,
            "role": metrics[one.metric].role,
            "arm": one.treatment,
            "control": _level(one.control_mean, metrics[one.metric]),
            "treatment": _level(one.treatment_mean, metrics[one.metric]),
            "difference": _amount(one.estimate, metrics[one.metric]),
            "interval": _bounds(one, metrics[one.metric]),
            "p": _p(one.p_value),
            "p_adjusted": "" if one.p_adjusted is None else _p(one.p_adjusted),
            "n": one.n,
        }
        for one in (found.comparisons if found else ())
    ]
    columns = ["metric", "role", "arm", "control", "treatment", "difference", "interval", "p", "p_adjusted", "n"]
    return pd.DataFrame(rows, columns=columns)


def _p(value: float) -> str:
    return p_text(value).removeprefix("p ").removeprefix("= ")


def _row(one: Comparison, metric: Metric, *, several: bool) -> dict[str, object]:
    towards = _towards(metric)
    return {
        "label": f"{metric.label} ({one.treatment})" if several else metric.label,
        "role": metric.role,
        "kind": metric.kind,
        **{name: getattr(one, name) for name in COPIED},
        "smallest_effect": towards * metric.smallest_effect if metric.smallest_effect else None,
        "margin": -towards * metric.margin if metric.margin else None,
    }


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
    broken = [rails[one.metric].label for one, ok in held.items() if not ok]
    return Finding(
        id="guardrails",
        title=f"{broken[0]} may have got worse than tolerated" if broken else "All guardrails hold",
        text=" ".join(lines),
        severity="watch" if broken else "good",
        n=_units(found),
        method="Non-inferiority: the whole interval of the change must stay within the tolerated harm.",
    )


def _against_margin(one: Comparison, metric: Metric, *, held: bool) -> str:
    change = f"{_amount(one.estimate, metric)} ({_interval(one, metric)})"
    if metric.margin is None:
        return f"{change}; {'no harm is shown' if held else 'harm is shown'}, no margin was set."
    harm = _amount(-_towards(metric) * metric.margin, metric)
    return f"{change}; {'within' if held else 'possibly beyond'} the tolerated {harm}."


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
    interval = ""
    if said.ci_lower is not None and said.ci_upper is not None:
        interval = (
            f" ({1 - experiment.alpha:.0%} CI {_amount(said.ci_lower, metric)} to {_amount(said.ci_upper, metric)})"
        )
    return f"{found.verdict.capitalize()}. {said.title}{interval}.", SEVERITY[found.verdict]
