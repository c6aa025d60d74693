"""`campaigns/<id>.yml`: the brief of a campaign, written before it starts."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from fanops_utils.workspace.brand import Platform
from fanops_utils.workspace.register import Period, Register


class Event(Register):
    """Something outside the plan that may explain a change."""

    date: date
    note: str
    market: str | None = None


class BudgetLine(Register):
    """One planned cost of a campaign, in its currency."""

    item: str
    amount: float = Field(ge=0)


class Campaign(Register):
    """`campaigns/<id>.yml`: the brief, written before the campaign, and its costs."""

    id: str
    name: str
    objective: str
    owner: str
    platform: Platform
    metric: Literal["engagements", "views", "reach", "profile_visits", "link_clicks", "followers_gained"]
    treated: tuple[str, ...] = Field(min_length=1)
    controls: tuple[str, ...] = ()
    live: Period
    baseline: Period
    target_lift: float | None = Field(default=None, description="fraction, 0.15 = +15 %")
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    budget: tuple[BudgetLine, ...] = ()
    value_per_unit: float | None = Field(default=None, ge=0, description="money one unit of the metric is worth")
    events: tuple[Event, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Campaign:
        both = sorted(set(self.treated) & set(self.controls))
        if both:
            raise ValueError(f"{both[0]} is both treated and a control")
        if self.baseline.end >= self.live.start:
            raise ValueError(f"the baseline ends {self.baseline.end}, on or after the start {self.live.start}")
        return self
