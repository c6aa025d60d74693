"""`experiments/<id>.yml`: hypothesis, arms, metrics and rules of an experiment, written before its data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from fanops_utils.errors import suggest
from fanops_utils.workspace.register import Fraction, Period, Register


class Metric(Register):
    """One metric of an experiment, read from a column of its units."""

    name: str = Field(description="column of experiment_units")
    label: str
    kind: Literal["conversion", "mean"]
    role: Literal["decision", "guardrail", "exploratory"]
    direction: Literal["increase", "decrease"] = "increase"
    smallest_effect: float | None = Field(default=None, gt=0, description="absolute, in the metric's own unit")
    margin: float | None = Field(default=None, gt=0, description="largest tolerated harm of a guardrail, absolute")
    missing: Literal["refuse", "drop"] = "refuse"


class Experiment(Register):
    """`experiments/<id>.yml`: hypothesis, arms, metrics and rules, written before the data."""

    id: str
    title: str
    hypothesis: str
    owner: str
    unit: str
    control: str
    allocation: dict[str, Fraction] = Field(min_length=2)
    metrics: tuple[Metric, ...] = Field(min_length=1)
    market: str | None = None
    period: Period | None = None
    alpha: Fraction = 0.05
    srm_gate: Fraction = 0.01

    @model_validator(mode="after")
    def _complete(self) -> Experiment:
        if self.control not in self.allocation:
            raise ValueError(f"control '{self.control}' has no share. {suggest(self.control, self.allocation)}")
        if abs(sum(self.allocation.values()) - 1) > 1e-6:
            raise ValueError(f"the shares in allocation add up to {sum(self.allocation.values()):.4f}, not 1")
        if not any(metric.role == "decision" for metric in self.metrics):
            raise ValueError("no metric has the role 'decision'")
        return self
