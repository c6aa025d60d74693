"""Units: what a number is, and so how it is said and which numbers may stand side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from fanops_utils.text.sentences.message import Message
from fanops_utils.text.sentences.phrases import Form, Money, Points, Times
from fanops_utils.text.sentences.sayable import Piece, Sayable, Tongue
from fanops_utils.text.sentences.values import Clock, Count, Number, Percent, Signed

UnitKind = Literal["share", "change", "difference", "count", "number", "times", "money", "clock", "days", "index"]
FORMS: dict[str, Form] = {
    "share": Percent, "change": Signed, "difference": Points, "count": Count, "number": Number, "times": Times,
    "clock": Clock, "days": Number, "index": Number,
}  # fmt: skip


@dataclass(frozen=True)
class Unit(Sayable):
    """What a number counts: its kind decides the form, `label` says of what ("per 28 days", "share of mentions").

    share: a fraction of a whole; change: a relative change (a fraction, signed); difference: of two shares, in points;
    times: a ratio; money: an amount in `currency`; days, count, number, index as they say.
    """

    tag: ClassVar[str] = "unit"

    kind: UnitKind
    label: Message | None = None
    currency: str = ""

    def value(self, number: float) -> Sayable:
        """Return *number* in this unit, ready to be said."""
        return Money(number, self.currency) if self.kind == "money" else FORMS[self.kind](number)

    def pieces(self, tongue: Tongue) -> list[Piece]:
        return self.label.pieces(tongue) if self.label else []
