"""`privacy.yml`: how long rows are kept where it is not the default, and whose names may stand in data and reports."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from fanops_utils.text import say
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.wording import Wording


def _or_none(value: Any) -> Any:
    """A key under which every line is a comment says nothing."""
    return {} if value is None else value


Days = Annotated[dict[str, Annotated[int, Field(gt=0)]], BeforeValidator(_or_none)]
Purposes = Annotated[dict[str, Annotated[str, Field(min_length=3)]], BeforeValidator(_or_none)]


class Processor(Register):
    """Somebody outside who works on the data, or a partner who sees them: what for, on what contract, reviewed when."""

    name: Wording
    purpose: Wording
    contract: bool = Field(default=False, description="whether a contract on processing is signed")
    certificate: str = Field(default="", description="such as ISO 27001; empty for none")
    certified_until: date | None = None
    reviewed: date | None = None


class Regulation(Register):
    """A law of a market and what it asks of the data held there."""

    market: str
    law: Wording
    asks: Wording
    checked: date | None = Field(default=None, description="day on which counsel last confirmed it")


class Consent(Register):
    """A purpose for which people are asked: where they say yes, how they take it back, and when that was last tried out."""

    purpose: Wording
    asked: Wording = Field(description="where it is asked for")
    withdrawn: Wording | None = Field(default=None, description="how it is taken back; left out: there is no way yet")
    tried: date | None = Field(default=None, description="day on which somebody last took it back to see that it works")


class Request(Register):
    """A request of a person, without the person: what was asked, when it came and when it was answered."""

    kind: Literal["access", "erase", "withdraw", "correct"]
    received: date
    answered: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Request:
        if self.answered is not None and self.answered < self.received:
            raise ValueError(say("a request is answered before it came"))
        return self


class Breach(Register):
    """A breach: the hours from when it was noticed until the authority was told; None: not told yet."""

    noticed: date
    what: Wording
    hours_until_told: float | None = Field(default=None, ge=0)


class Privacy(Register):
    """`privacy.yml`: how long rows are kept, names that may be told, who else works on the data, laws, requests, breaches."""

    keep_days: Days = Field(default_factory=dict)
    allowed: Purposes = Field(default_factory=dict)
    processors: tuple[Processor, ...] = ()
    regulations: tuple[Regulation, ...] = ()
    consents: tuple[Consent, ...] = ()
    requests: tuple[Request, ...] = ()
    breaches: tuple[Breach, ...] = ()
    answer_days: int = Field(default=30, ge=1, description="days within which a request is answered")
    review_days: int = Field(default=365, ge=1, description="days after which a processor or law is looked at again")
