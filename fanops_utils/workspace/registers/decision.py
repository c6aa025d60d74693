"""Decisions: what was kept, changed, stopped or put to a test, who answers for it, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from fanops_utils import text
from fanops_utils.text import say
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.wording import Wording

DecisionKind = Literal["keep", "change", "stop", "test"]
DecisionState = Literal["open", "overdue", "reviewed"]
DecisionEnd = Literal["kept", "changed", "stopped"]
Day = date  # the field `date` below would hide the type


class Baseline(Register):
    """Where the metric stood when the decision was taken, with its interval, in the metric's unit."""

    value: float
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Baseline:
        if (self.low is None) != (self.high is None):
            raise ValueError(say("an interval has two ends: low and high"))
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            given = {"value": f"{self.value:g}", "low": f"{self.low:g}", "high": f"{self.high:g}"}
            raise ValueError(say("the value {value} lies outside its interval {low} to {high}", **given))
        return self


class Band(Register):
    """How far the metric is expected to move: a part of the baseline, or points of the metric's own unit."""

    low: float
    high: float
    relative: bool = Field(default=True, description="true: 0.05 is +5 %; false: in the metric's unit")

    @model_validator(mode="after")
    def _in_order(self) -> Band:
        if self.high < self.low:
            raise ValueError(
                say("the band ends at {high}, below its start {low}", high=f"{self.high:g}", low=f"{self.low:g}")
            )
        return self


class Decision(Register):
    """One decision taken after a report; `outcome` is written on the day of the review."""

    kind: DecisionKind
    action: Wording
    owner: Wording
    date: Day
    review: Day | None = None
    play: str | None = Field(default=None, description="id of the play that was taken up")
    metric: Wording | None = Field(default=None, description="id of the metric it is to move, or its name")
    markets: tuple[str, ...] = Field(default=(), description="where it holds; everywhere where none is named")
    baseline: Baseline | None = None
    band: Band | None = None
    expected: Wording | None = Field(default=None, description="the expected size in words")
    cost: float | None = Field(default=None, ge=0)
    note: Wording | None = None
    ended: DecisionEnd | None = Field(default=None, description="how the review ended")
    outcome: Wording | None = None
    campaign: str | None = Field(default=None, description="id of the campaign it came from, in decisions.yml")
    tested_by: str | None = Field(default=None, description="id of the experiment, or campaign, that measures it")

    @model_validator(mode="after")
    def _in_order(self) -> Decision:
        if self.review is not None and self.review < self.date:
            review, day = text.Day.of(self.review, form="iso"), text.Day.of(self.date, form="iso")
            raise ValueError(say("the review on {review} lies before the decision on {day}", review=review, day=day))
        return self

    @property
    def called(self) -> str:
        """What it is called by: the play it takes up, or where and when it was taken."""
        return self.play or ".".join((self.campaign or "decision", self.date.isoformat(), self.kind))

    @property
    def closed(self) -> bool:
        """Whether its review was written down."""
        return bool(self.outcome) or self.ended is not None

    def state(self, on: Day) -> DecisionState:
        """Return whether the decision was reviewed, waits for its review, or should have been reviewed before *on*."""
        if self.closed:
            return "reviewed"
        return "overdue" if self.review is not None and self.review < on else "open"


class Decisions(Register):
    """`decisions.yml`: the decisions of a workspace, those on campaigns among them."""

    decisions: tuple[Decision, ...] = ()
