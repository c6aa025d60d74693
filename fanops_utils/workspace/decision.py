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
Day = date  # the field `date` below would hide the type


class Decision(Register):
    """One decision taken after a report; `outcome` is written on the day of the review."""

    kind: DecisionKind
    action: Wording
    owner: Wording
    date: Day
    review: Day | None = None
    metric: Wording | None = None
    expected: Wording | None = None
    outcome: Wording | None = None
    campaign: str | None = Field(default=None, description="id of the campaign it came from, in decisions.yml")

    @model_validator(mode="after")
    def _in_order(self) -> Decision:
        if self.review is not None and self.review < self.date:
            review, day = text.Day.of(self.review, form="iso"), text.Day.of(self.date, form="iso")
            raise ValueError(say("the review on {review} lies before the decision on {day}", review=review, day=day))
        return self

    def state(self, on: Day) -> DecisionState:
        """Return whether the decision was reviewed, waits for its review, or should have been reviewed by *on*."""
        if self.outcome:
            return "reviewed"
        return "overdue" if self.review is not None and self.review <= on else "open"


class Decisions(Register):
    """`decisions.yml`: the decisions of a workspace that belong to no register of a campaign."""

    decisions: tuple[Decision, ...] = ()
