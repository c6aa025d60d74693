"""Targets: a metric with a value or band, by a day or over a window, in a phase, from a source, with an owner."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from fanops_utils.text import Percent, say
from fanops_utils.workspace.platforms import PlatformId
from fanops_utils.workspace.register import Counted, Days, MisplacedError, Months, Register, Weeks
from fanops_utils.workspace.wording import Wording

TargetUnit = Literal["share", "change", "difference", "count", "number", "times", "money", "days"]


class Target(Register):
    """What is to be reached: `low` or more, `high` or less, or a band, of a metric of the catalogue.

    Both ends: `low` or more is asked for, and `high` says where the plan expected it to end.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    metric: str = Field(description="id of a metric: fanops metrics lists them")
    name: Wording | None = Field(default=None, description="what readers call it; the metric's name by default")
    markets: tuple[str, ...] = Field(
        default=(), description="the markets it holds for, each by itself; all together by default"
    )
    platform: PlatformId | None = Field(default=None, description="where it is measured, of a metric told by platform")
    low: float | None = Field(default=None, description="this much or more")
    high: float | None = Field(default=None, description="this much or less")
    unit: TargetUnit = Field(default="share", description="share and change are fractions: 0.15 is 15 %, +15 %")
    currency: str = Field(default="", pattern=r"^([A-Z]{3})?$", description="of a target in money")
    by: date | None = Field(default=None, description="the day by which it is to be reached")
    window: Days | None = Field(default=None, description="days over which it is measured")
    phase: Wording | None = None
    source: Wording | None = Field(default=None, description="the plan or the meeting it comes from")
    owner: Wording | None = None
    note: Wording | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Target:
        if self.low is None and self.high is None:
            raise ValueError(say("the target '{id}' asks for nothing: give low, high or both", id=self.id))
        if self.low is not None and self.high is not None and self.high < self.low:
            band = {"metric": self.metric, "high": f"{self.high:g}", "low": f"{self.low:g}"}
            raise MisplacedError(say("the band of {metric} ends at {high}, below its start {low}", **band), "high")
        if twice := [one for one in self.markets if self.markets.count(one) > 1]:
            raise ValueError(say("'{name}' stands there twice", name=twice[0]))
        if (self.unit == "money") != bool(self.currency):
            raise ValueError(say("a currency goes with a target in money, and with no other"))
        return self


class Milestone(Register):
    """What is to be done by a day of the plan: the last day of a `week` or `month`, counted from its start."""

    name: Wording
    week: Weeks | None = None
    month: Months | None = None
    done: date | None = None
    owner: Wording | None = None

    @model_validator(mode="after")
    def _due(self) -> Milestone:
        if (self.week is None) == (self.month is None):
            raise ValueError(say("a milestone is due in a week or a month of the plan: give one of them"))
        return self


class PlanPhase(Register):
    """Months of the plan, counted from its start: the first and the last."""

    name: Wording
    first_month: Months
    last_month: Months

    @model_validator(mode="after")
    def _in_order(self) -> PlanPhase:
        if self.last_month < self.first_month:
            raise ValueError(say("a phase ends before it starts"))
        return self


class BudgetBand(Register):
    """Which part of the budget a category may take."""

    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _in_order(self) -> BudgetBand:
        if self.high < self.low:
            raise ValueError(say("a band of the budget ends at {high}, below its start {low}", high=Percent(self.high),
                                 low=Percent(self.low)))  # fmt: skip
        return self


class Course(Register):
    """The plan's course: its start, its phases and milestones, the bands of its budget, and what is kept elastic."""

    start: Counted | None = None
    phases: tuple[PlanPhase, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    budget: dict[str, BudgetBand] = Field(default_factory=dict)
    elastic: float | None = Field(default=None, gt=0, lt=1, description="part of the budget that may move to others")

    @model_validator(mode="after")
    def _fits(self) -> Course:
        least = sum(one.low for one in self.budget.values())
        if least > 1 + 1e-9:
            raise ValueError(say("the bands of the budget ask for {least} of it at least", least=Percent(least)))
        return self


class Targets(Register):
    """`targets.yml`: what the brand set out to reach, and the course of the plan."""

    targets: tuple[Target, ...] = ()
    course: Course = Course()

    @model_validator(mode="after")
    def _told_apart(self) -> Targets:
        ids = [target.id for target in self.targets]
        for at, name in enumerate(ids):
            if name in ids[:at]:
                raise MisplacedError(say("two targets are called '{name}'", name=name), "targets", at, "id")
        return self
