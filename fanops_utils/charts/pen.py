"""The hand that draws: in one language, for wide screens or narrow ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fanops_utils.text import Form, Sayable, speak, valued
from fanops_utils.text.sentences.message import Worded

WIDE, NARROW = 600.0, 330.0  # px of a drawing; the page shows the narrow one where it has less than 35rem


@dataclass(frozen=True)
class Pen:
    """The hand that letters a chart in one language, for a *narrow* place or a wide one."""

    language: str
    narrow: bool = False

    @property
    def width(self) -> float:
        """The pixels a drawing is wide."""
        return NARROW if self.narrow else WIDE

    def text(self, what: Sayable | str | None) -> str:
        """Return *what* in the pen's language; a text that is no message, nor one of a register, stays as it is written."""
        if isinstance(what, Worded):
            return speak(valued(what), self.language)
        return "" if what is None else what if isinstance(what, str) else speak(what, self.language)

    def number(self, form: Form) -> Callable[[float], str]:
        """Return the function that writes a number as *form* says it."""
        return lambda value: speak(form(float(value)), self.language)
