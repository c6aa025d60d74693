"""What is kept of a read-out: the looks it used, the money it means, and the record of the decision."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from fanops_utils.experiments import ReadOut
from fanops_utils.experiments.effects.value import Worth, worth
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.readings.experiment_words import NO_UNITS, SEVERITY, best_of, day, decision_metric, held_back
from fanops_utils.playbook.wording import money as said_money
from fanops_utils.playbook.wording import percent, plural
from fanops_utils.workspace import Experiment
from fanops_utils.workspace.frozen import changed_keys, fingerprint, frozen_copy

RULES = (
    "Invalid: a gate stops. Do not ship: harm is shown, or an effect that matters is ruled out. Ship: the decision metric "
    "improves after correction and every guardrail holds. Otherwise inconclusive: run on while looks are planned, then stop."
)
LOOK_METHOD = {
    "fixed": "One look, at the planned end, at the whole of alpha.",
    "sequential": "Group-sequential: each look spends a share of alpha, so that all of them together spend alpha.",
    "always-valid": "Always-valid mixture: looks may be taken at any time; wider intervals are the price.",
}


def looks(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return how many looks were planned and used, and how much of alpha they spent."""
    if found is None or found.look is None:
        return Finding.nothing("looks", "no look was taken")
    state = found.look
    text = (
        f"This is look {state.number}, {state.planned} planned; {state.spent:.4f} of {experiment.alpha:g} is spent and "
        f"{percent(min(state.fractions[-1], 1.0))} of the planned data are in. This look is judged at {state.level:.4f}."
    )
    severity: Severity = "info"
    if experiment.method == "fixed" and state.number > 1:
        severity = "watch"
        text += (
            f" One was planned: judged by itself each time, {percent(state.peeked)} of tests without any effect would "
            "have shown one."
        )
    elif state.unplanned:
        severity = "watch"
        text += f" {plural(state.unplanned, 'look was', 'looks were')} not planned."
    title = "Looks as planned" if severity == "info" else "More looks than planned"
    left = max(state.planned - state.number, 0)
    title += f": {state.number} of {state.planned} used" + (f", {left} left" if left and not state.is_final else "")
    return Finding("looks", title, text, severity, method=LOOK_METHOD[experiment.method])


def ruling(found: ReadOut | None) -> Finding:
    """Return the verdict in the words agreed before the data, and the rule that gave it."""
    if found is None:
        return Finding.nothing("ruling", NO_UNITS)
    if found.verdict == "invalid":
        text = f"{found.rule} First find out why, then run it again: {_trace(found)}"
        return Finding("ruling", "Verdict: invalid", text, "alert", method=RULES)
    return Finding("ruling", f"Verdict: {found.verdict}", found.rule, SEVERITY[found.verdict], method=RULES)


def _trace(found: ReadOut) -> str:
    actions = dict.fromkeys(gate.action for gate in found.gates if gate.stops and gate.action)
    return " ".join(f"{action.rstrip('.')}." for action in actions)


def money(found: ReadOut | None, experiment: Experiment, *, rollout: int | None = None) -> Finding:
    """Return what the effect is worth, where the register gives a value; *rollout* units for a total."""
    if said := held_back("money", "An invalid experiment is worth nothing that can be told", found):
        return said
    assert found is not None
    metric = decision_metric(experiment)
    if metric.value is None:
        text = f"The register gives no value for one more of '{metric.label}'."
        return Finding("money", "What it is worth is not known", text)
    value = worth(best_of(found, metric), experiment, units=rollout or None)
    if value is None:
        return Finding("money", "What it is worth cannot be told", "The decision metric gives no number.")
    return _worth(value, experiment, metric.value)


def _worth(value: Worth, experiment: Experiment, each: float) -> Finding:
    currency = experiment.currency or ""
    per = value.per_thousand
    span = f"{said_money(per.ci_lower, currency)} to {said_money(per.ci_upper, currency)}"
    text = f"Per thousand units {said_money(per.estimate, currency)} ({span}), at {said_money(each, currency)} for one more."
    if value.whole is not None:
        whole = value.whole
        between = f"{said_money(whole.ci_lower, currency)} to {said_money(whole.ci_upper, currency)}"
        text += f" Over {value.units:,} units {said_money(whole.estimate, currency)} ({between})."
    sure = per.ci_lower > 0 or per.ci_upper < 0
    title = f"Worth {said_money(per.estimate, currency)} per thousand units" if sure else "It may be worth nothing"
    return Finding(
        "money", title, text, "info", per.estimate, per.ci_lower, per.ci_upper, currency, per.n,
        "The interval is the effect's alone; the value of one more is taken as the register gives it.",
    )  # fmt: skip


def record(found: ReadOut | None, experiment: Experiment, *, folder: Path | None = None) -> pd.DataFrame:
    """Return the record of the decision: item and value, both text; empty without a read-out.

    *folder* is the workspace's: a register that was frozen is held against its copy there, and what changed is named.
    """
    if found is None:
        return pd.DataFrame(columns=["item", "value"])
    state = found.look
    rows = {
        "Verdict": found.verdict,
        "Rule": found.rule,
        "Winner": found.winner or "none",
        "Register": _register(experiment, folder),
        "Data up to": day(found.last_day),
        "Units": f"{found.units:,}",
        "Look": f"{state.number} of {state.planned} ({state.method})" if state else "none",
        "Owner": experiment.owner,
        "Follow-up": day(experiment.follow_up),
    }
    return pd.DataFrame(list(rows.items()), columns=["item", "value"])


def _register(experiment: Experiment, folder: Path | None) -> str:
    mark = fingerprint(experiment, without=("frozen",))
    if experiment.frozen is None:
        return f"{mark}, never frozen"
    if not experiment.is_changed:
        return f"{mark}, as frozen"
    copy = frozen_copy(folder / "experiments" / f"{experiment.id}.yml") if folder else None
    keys = ", ".join(changed_keys(experiment, copy)) if copy else "what cannot be told: the frozen copy is missing"
    return f"{mark}, changed since it was frozen as {experiment.frozen}: {keys}"
