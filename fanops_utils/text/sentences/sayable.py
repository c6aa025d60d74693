"""What can be said in any language: the base of messages and values, and the pieces they are said in."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from numbers import Integral, Real
from typing import Any, ClassVar, NamedTuple, Protocol

Kind = str  # "prose", "number" (stays in one line with its unit) or "written" (as somebody wrote it, maybe in `lang`)


class Piece(NamedTuple):
    """A run of text of one kind; `lang` is the language of what somebody wrote, "" where it is not known."""

    text: str
    kind: Kind = "prose"
    lang: str = ""


class Tongue(Protocol):
    """What a sayable needs of a language: its catalogue and its forms of numbers, lists and dates."""

    @property
    def code(self) -> str: ...

    def translate(self, text: str, *, context: str | None, many: str | None, count: float | None) -> str: ...


@dataclass(frozen=True)
class Sayable(ABC):
    """A message or value that says itself by language; as JSON it is `{tag: [fields…]}`, the same for every language."""

    tag: ClassVar[str] = ""
    known: ClassVar[dict[str, type[Sayable]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.tag:
            Sayable.known[cls.tag] = cls

    @abstractmethod
    def pieces(self, tongue: Tongue) -> list[Piece]:
        """Return what is said in *tongue*, piece by piece."""

    def to_json(self) -> dict[str, Any]:
        """Return the sayable as JSON-ready values; `coding.read` returns it."""
        return {self.tag: [pack(getattr(self, field.name)) for field in fields(self)]}

    def __str__(self) -> str:
        from fanops_utils.text.speech import speak

        return speak(self)

    def __format__(self, form: str) -> str:
        raise TypeError("a message is not put into an f-string: give it to say(…) as a value")


def pack(value: Any) -> Any:
    """Return a field of a sayable as JSON holds it."""
    if isinstance(value, Sayable):
        return value.to_json()
    if isinstance(value, tuple | list):
        return [pack(item) for item in value]
    if isinstance(value, dict):
        return {name: pack(item) for name, item in value.items()}
    if isinstance(value, Real) and not isinstance(value, bool):
        return (int(value) if isinstance(value, Integral) else float(value)) if math.isfinite(value) else None
    return value
