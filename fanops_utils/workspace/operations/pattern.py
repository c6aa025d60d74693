"""`templates/<id>.yml`: a reply, a statement or a checklist, with places that are filled from facts."""

from __future__ import annotations

from string import Formatter
from typing import Literal

from pydantic import Field, model_validator

from fanops_utils.text import say
from fanops_utils.text.faults import advise, advised
from fanops_utils.text.sentences.message import Worded
from fanops_utils.workspace.operations.shared import Id, WithDefaults, once
from fanops_utils.workspace.register import Minutes, Register
from fanops_utils.workspace.registers.crisis import Levels
from fanops_utils.workspace.wording import Wording


class Line(Register):
    """One step of a checklist: when it is due, who does it."""

    do: Wording
    minutes: Minutes | None = Field(
        default=None, description="minutes by which it is done, after the alarm or whatever it begins with"
    )
    role: str | None = Field(default=None, description="id of a role of team.yml")
    levels: Levels = Field(default=(1, 2, 3), description="levels of a crisis in which it is done; 1 is the worst")


class Pattern(WithDefaults):
    """`templates/<id>.yml`: words that are agreed beforehand; {places} in braces are filled from `facts`."""

    id: Id
    kind: Literal["reply", "statement", "checklist"]
    name: Wording
    topic: str | None = Field(default=None, description="topic it answers, as the cases in the data call it")
    text: Wording | None = Field(default=None, description="the words, with {places}")
    facts: tuple[str, ...] = Field(
        default=(), description="names of the {places}: each has to be known before it is sent"
    )
    sign_off: str | None = Field(default=None, description="id of a sign-off of team.yml that it needs")
    steps: tuple[Line, ...] = Field(default=(), description="the steps of a checklist")

    @model_validator(mode="after")
    def _filled_by_facts(self) -> Pattern:
        if (self.kind == "checklist") != bool(self.steps) or (self.kind != "checklist") != bool(self.text):
            raise ValueError(say("a checklist has steps, a reply or statement has a text"))
        once(self.facts)
        if self.kind == "checklist" and self.facts:
            raise ValueError(say("a checklist has no places for facts"))
        for text in _texts(self.text):
            places = _places(text)
            for name in places:
                if name not in self.facts:
                    unknown = say("the text needs the fact '{name}', which is not listed", name=name)
                    raise ValueError(advised(unknown, advise(name, self.facts)))
            if unused := [name for name in self.facts if name not in places]:
                raise ValueError(say("the text has no place for the fact '{name}'", name=unused[0]))
        return self

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of team.yml it names."""
        return tuple(dict.fromkeys(step.role for step in self.steps if step.role))

    def missing(self, known: set[str]) -> tuple[str, ...]:
        """Return the facts that are not among the *known* ones: until then it cannot be sent."""
        return tuple(name for name in self.facts if name not in known)


def _texts(text: str | None) -> tuple[str, ...]:
    return tuple(said for _, said in text.texts) if isinstance(text, Worded) else (text,) if text else ()


def _places(text: str) -> list[str]:
    try:
        parts = [(name, form, kind) for _, name, form, kind in Formatter().parse(text) if name is not None]
    except ValueError:
        raise ValueError(say("a brace in the text is not closed")) from None
    for name, form, kind in parts:
        if form or kind or not name.strip() or set(name) & set(".[]"):
            raise ValueError(say("a place in the text is the name of a fact in braces, nothing else: '{place}'",
                                 place=f"{name}{f'!{kind}' if kind else ''}{f':{form}' if form else ''}"))  # fmt: skip
    return [name for name, _, _ in parts]
