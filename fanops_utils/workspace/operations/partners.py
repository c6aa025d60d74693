"""`partners.yml`: the gates a partner has to pass, the weights of the score, and the partners."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from fanops_utils.text import Percent, say
from fanops_utils.workspace.operations.shared import Id, WithDefaults, known, once, told_apart
from fanops_utils.workspace.register import Period, Register
from fanops_utils.workspace.wording import Wording

DUTIES = ("background", "confidentiality", "no_bought_volume", "labelling", "data_audit")
Area = Literal["effect", "service", "innovation"]


class Gate(Register):
    """Something a partner must show before anything is agreed."""

    id: Id
    name: Wording


class Weight(Register):
    """How much one area counts in the score; all of them make 1."""

    area: Area
    weight: float = Field(ge=0, le=1)


class Partner(Register):
    """Somebody the brand works with, or may work with."""

    id: Id
    name: Wording
    kind: Literal["agency", "creator", "brand", "supplier", "platform"]
    tier: Literal["strategic", "core", "temporary"] | None = None
    markets: tuple[str, ...] = ()
    contact: Wording | None = Field(default=None, description="a role or a company address; no private data")
    passed: tuple[str, ...] = Field(default=(), description="ids of the gates it passed")
    failed: tuple[str, ...] = Field(default=(), description="ids of the gates it failed")
    scores: dict[Area, float] = Field(default_factory=dict, description="0 to 5 per area, of the last review")
    reviewed: date | None = None
    settlement: Literal["cpa", "cps", "fee"] | None = None
    start: date | None = None
    end: date | None = Field(default=None, description="last day of the agreement")
    code: str | None = Field(default=None, description="its discount or tracking code: by it the data know who it is")
    handle: str | None = Field(default=None, description="its account, as the watched accounts name it")
    background: date | None = Field(default=None, description="day its background was checked")
    confidentiality: date | None = Field(default=None, description="day the confidentiality agreement was signed")
    no_bought_volume: date | None = Field(default=None, description="day the undertaking not to buy volume was signed")
    labelling: date | None = Field(default=None, description="day its labelling of advertising was last checked")
    data_audit: date | None = Field(default=None, description="day its handling of our data was audited")

    @model_validator(mode="after")
    def _in_range(self) -> Partner:
        for area, score in self.scores.items():
            if not 0 <= score <= 5:
                raise ValueError(say("the score {score} for {area} is not from 0 to 5", score=f"{score:g}", area=area))
        if self.start and self.end:
            _ = Period(start=self.start, end=self.end)
        return self


class Partners(WithDefaults):
    """`partners.yml`: gates, weights and partners."""

    gates: tuple[Gate, ...] = ()
    weights: tuple[Weight, ...] = ()
    partners: tuple[Partner, ...] = ()

    @model_validator(mode="after")
    def _joined(self) -> Partners:
        gates = told_apart(self.gates)
        told_apart(self.partners)
        once(one.code for one in self.partners if one.code)
        once(one.area for one in self.weights)
        for partner in self.partners:
            known([*partner.passed, *partner.failed], gates)
            if both := sorted(set(partner.passed) & set(partner.failed)):
                raise ValueError(say("'{name}' is both passed and failed", name=both[0]))
        total = sum(one.weight for one in self.weights)
        if self.weights and abs(total - 1) > 1e-6:
            raise ValueError(say("the weights make {total}, not 100%", total=Percent(total)))
        return self

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets it names."""
        return tuple(dict.fromkeys(code for partner in self.partners for code in partner.markets))
