"""A choice among candidates: markets, platforms, partners, tools, claims in conflict; criteria fixed before the candidates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from fanops_utils.text import say
from fanops_utils.text.faults import advise, advised
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.wording import Wording

CODE = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"


class Criterion(Register):
    """What candidates are weighed by: `worst` counts 0, `best` counts 1, fixed in the register, never by who else stands there."""

    id: str = Field(pattern=CODE)
    name: Wording
    weight: float = Field(gt=0)
    worst: float
    best: float
    unit: Wording | None = None

    @model_validator(mode="after")
    def _has_length(self) -> Criterion:
        if self.worst == self.best:
            raise ValueError(say("the scale of '{id}' has no length: worst and best are the same", id=self.id))
        return self


class Candidate(Register):
    """One candidate: its measures by criterion (`error`: their standard error), and the gates it does not pass."""

    id: str = Field(pattern=CODE)
    name: Wording
    measures: dict[str, float] = Field(default_factory=dict)
    error: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    fails: tuple[str, ...] = Field(default=(), description="gates it does not pass: out before anything is weighed")
    unknown: tuple[str, ...] = Field(default=(), description="gates nobody has looked at yet")


class Choice(Register):
    """`choices/<id>.yml`: a question, its gates, criteria and candidates; `agreement`: how firm the weights are."""

    id: str = Field(pattern=CODE)
    about: Literal["market_entry", "platforms", "partners", "tools", "conflict"]
    question: Wording
    gates: dict[str, Wording] = Field(default_factory=dict)
    criteria: tuple[Criterion, ...] = Field(min_length=2)
    candidates: tuple[Candidate, ...] = Field(min_length=1)
    agreement: Literal["proposed", "agreed"] = "proposed"
    next_test: Wording | None = Field(default=None, description="the test that would change the answer")

    @model_validator(mode="after")
    def _consistent(self) -> Choice:
        known = [one.id for one in self.criteria]
        for names in (known, [one.id for one in self.candidates]):
            if len(set(names)) < len(names):
                raise ValueError(say("an id stands twice among criteria or candidates"))
        for candidate in self.candidates:
            for name in (*candidate.measures, *candidate.error):
                if name not in known:
                    raise ValueError(advised(say("'{id}' has a measure of no criterion: '{name}'", id=candidate.id, name=name),
                                             advise(name, known)))  # fmt: skip
            for gate in (*candidate.fails, *candidate.unknown):
                if gate not in self.gates:
                    raise ValueError(advised(say("'{id}' names no gate of this choice: '{name}'", id=candidate.id, name=gate),
                                             advise(gate, list(self.gates))))  # fmt: skip
        return self
