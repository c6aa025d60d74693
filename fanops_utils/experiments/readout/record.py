"""The record of a decision: what was decided, by which rule, on which evidence, and when to look at it again."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from fanops_utils.experiments.effects.comparison import Comparison
from fanops_utils.experiments.readout.decision import ReadOut
from fanops_utils.experiments.readout.rules import RuleCode, Verdict
from fanops_utils.workspace.frozen import fingerprint
from fanops_utils.workspace.registers.experiment import Experiment


@dataclass(frozen=True)
class DecisionRecord:
    """One experiment's outcome as one row: of the winner, else of the treatment with the largest improvement.

    `estimate` and its interval are of the first decision metric, in its own unit, turned so that up is better; None
    where nothing was compared. `register` is the fingerprint of the register as read, `frozen` that of the plan.
    """

    experiment: str
    title: str
    area: str | None
    owner: str
    as_of: date | None
    verdict: Verdict
    rules: tuple[RuleCode, ...]
    winner: str | None
    metric: str
    estimate: float | None
    ci_lower: float | None
    ci_upper: float | None
    standard_error: float | None
    p_adjusted: float | None
    smallest_effect: float | None
    units: int
    sample_ratio_p: float | None
    looks: int
    looks_planned: int
    alpha: float
    register: str
    frozen: str | None
    follow_up: date | None

    def as_row(self) -> dict[str, Any]:
        """Return the record as one row, days and rules as text, ready for JSON or CSV."""
        row = {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}
        return row | {"rules": " ".join(self.rules)}


def decision_record(found: ReadOut, experiment: Experiment, *, as_of: date | None = None) -> DecisionRecord:
    """Return the record of *found*; a read-out that was invalid has no estimate."""
    metric = experiment.first_decision
    sign = 1 if metric.direction == "increase" else -1
    shown = _shown(found, metric.name, sign)
    ratio = next((gate.p_value for gate in found.gates if gate.code == "sample_ratio"), None)
    bounds = sorted((sign * shown.ci_lower, sign * shown.ci_upper)) if shown else [math.nan, math.nan]
    return DecisionRecord(
        experiment=experiment.id, title=experiment.title, area=experiment.area, owner=experiment.owner,
        as_of=as_of or found.last_day, verdict=found.verdict, rules=tuple(rule.code for rule in found.rules), winner=found.winner,
        metric=metric.name,
        estimate=_known(sign * shown.estimate if shown else math.nan), ci_lower=_known(bounds[0]),
        ci_upper=_known(bounds[1]), standard_error=_known(shown.standard_error if shown else math.nan),
        p_adjusted=_known(shown.p_adjusted if shown else None), smallest_effect=metric.smallest_effect,
        units=found.units, sample_ratio_p=ratio, looks=found.look.number if found.look else 1,
        looks_planned=experiment.looks or 1, alpha=experiment.alpha,
        register=fingerprint(experiment, without=("frozen",)), frozen=experiment.frozen, follow_up=experiment.follow_up,
    )  # fmt: skip


def _shown(found: ReadOut, metric: str, sign: int) -> Comparison | None:
    ours = [one for one in found.comparisons if one.metric == metric and not one.cannot_tell]
    if not ours:
        return None
    return next((one for one in ours if one.treatment == found.winner), max(ours, key=lambda one: sign * one.estimate))


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)
