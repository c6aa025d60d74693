"""`risks.yml`: what could go wrong, by what it is seen, what is done then, and who answers for it."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from fanops_utils.text import say
from fanops_utils.workspace.operations.shared import Id, WithDefaults, told_apart
from fanops_utils.workspace.platforms import PlatformId
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.wording import Wording


class Risk(Register):
    """One risk; likelihood and impact from 1 (low) to 5 (high), where somebody has judged them."""

    id: Id
    name: Wording
    cause: Wording | None = None
    sign: Wording | None = Field(default=None, description="by what it is seen")
    measure: Wording | None = Field(default=None, description="what is done against it")
    owner: str | None = Field(
        default=None, description="id of a role of team.yml; left out: nobody, and reports say so"
    )
    markets: tuple[str, ...] = Field(default=(), description="where; everywhere where none is named")
    likelihood: int | None = Field(default=None, ge=1, le=5)
    impact: int | None = Field(default=None, ge=1, le=5)
    platform: PlatformId | None = Field(
        default=None, description="where the metric is read; on every platform by default"
    )
    metric: str | None = Field(
        default=None, description="id of the metric that gives the alarm: fanops metrics lists them"
    )
    above: float | None = Field(default=None, description="the alarm is given above this value")
    below: float | None = Field(default=None, description="the alarm is given below this value")
    reviewed: date | None = Field(default=None, description="the day somebody last looked at it")

    @model_validator(mode="after")
    def _can_ring(self) -> Risk:
        if self.metric is None and (self.above is not None or self.below is not None):
            raise ValueError(
                say("the risk '{name}' has a trigger, but no metric that is held against it", name=self.id)
            )
        if self.above is not None and self.below is not None and self.above < self.below:
            told = {"name": self.id, "above": f"{self.above:g}", "below": f"{self.below:g}"}
            raise ValueError(say("the risk '{name}' rings above {above} and below {below}: always", **told))
        return self

    @property
    def level(self) -> int | None:
        """Likelihood times impact, 1 to 25; None where one is not judged."""
        return None if self.likelihood is None or self.impact is None else self.likelihood * self.impact


class Risks(WithDefaults):
    """`risks.yml`: the risks."""

    risks: tuple[Risk, ...] = ()

    @model_validator(mode="after")
    def _told_apart(self) -> Risks:
        told_apart(self.risks)
        return self

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets it names."""
        return tuple(dict.fromkeys(code for risk in self.risks for code in risk.markets))

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of team.yml it names."""
        return tuple(dict.fromkeys(risk.owner for risk in self.risks if risk.owner))
