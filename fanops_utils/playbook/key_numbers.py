"""Key numbers: the three to six figures at the head of a report, each with its unit, its change and its target."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from markupsafe import Markup

from fanops_utils.text import Message, People, Percent, Sayable, Signed, is_few, markup, say, showing
from fanops_utils.text.sentences.sayable import pack

Against = Literal["before", "year"]
Judgment = Literal["up", "down", "unclear", "little_history", "unjudged"]
Reached = Literal["hit", "miss", "cannot tell"]
MOST = 6
ICON: dict[Judgment, str] = {"up": "▲", "down": "▼", "unclear": "→", "little_history": "", "unjudged": ""}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How a figure moved against the 28 days before ("before") or the same days a year before ("year").

    `change` is relative (0.05: up by 5 %); `swing` how far the figure usually moves by itself, NaN where its past is
    too short to know. `judgment`: up or down (told apart from the usual swing), unclear (not told apart),
    little_history (a first comparison) or unjudged (no past to judge by). Of a `stock` (followers, say), which grows by
    itself, a change that is not told apart is its usual pace.
    """

    against: Against
    change: float
    swing: float = math.nan
    judgment: Judgment = "unjudged"
    stock: bool = False

    def said(self) -> Message:
        """Return the comparison in words, never louder than its judgment."""
        change = Signed(self.change, 0)
        if self.against == "year":
            if self.judgment == "unclear" and not self.stock:
                return say("{change} on a year before; too uncertain to call", change=change)
            return say("{change} on the same days a year before", change=change)
        match self.judgment:
            case "up" | "down":
                return say("{change} on the 28 days before", change=change)
            case "unclear" if self.stock:
                return say("{change} on the 28 days before, its usual pace", change=change)
            case "unclear" if round(abs(self.change), 2) > round(self.swing, 2):  # a lone one: chance among several
                return say(
                    "not clear yet ({change}, more than the usual ±{swing}; among several figures one such move can be "
                    "chance)",
                    change=change,
                    swing=Percent(self.swing, 0),
                )
            case "unclear" if self.swing > 1:
                return say("no clear change ({change}; it often moves as far)", change=change)
            case "unclear":
                return say(
                    "no clear change ({change}; swings of ±{swing} are usual)",
                    change=change,
                    swing=Percent(self.swing, 0),
                )
            case "little_history":
                return say("{change} on the 28 days before; first comparison, little history", change=change)
        return say("{change} on the 28 days before; too little history to judge", change=change)

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON-ready values; a swing not known is None."""
        numbers = pack({"change": self.change, "swing": self.swing})
        return {"against": self.against, "judgment": self.judgment, **numbers, "said": self.said().to_json()}


@dataclass(frozen=True, kw_only=True)
class KeyNumber:
    """One figure of a report: `value` is typed with its unit, `note` an interval or what the figure counts.

    `metric` is the id of the metric in the catalogue, `target` what was to be reached and `reached` whether it was.
    `past` are the figure's earlier values, oldest first, for a line without axes; a gap in them is NaN.
    """

    id: str
    label: Sayable
    value: Sayable
    note: Sayable | None = None
    metric: str | None = None
    target: Sayable | None = None
    reached: Reached | None = None
    comparisons: tuple[Comparison, ...] = ()
    past: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Of a count of people leave out the small ones of the past, and what would tell the present one from them."""
        if isinstance(self.value, People):
            hidden = is_few(self.value.value)
            kept = () if hidden else tuple(math.nan if is_few(one) else one for one in self.past)
            object.__setattr__(self, "past", kept)
            object.__setattr__(self, "comparisons", () if hidden else self.comparisons)

    def to_json(self) -> dict[str, Any]:
        """Return the figure as JSON-ready values, the same for every language."""
        said = {"label": self.label, "value": self.value, "note": self.note, "target": self.target}
        return {
            "id": self.id,
            "metric": self.metric,
            "reached": self.reached,
            **showing.coded(said),
            "comparisons": [one.to_json() for one in self.comparisons],
            "past": pack(self.past),
        }


@dataclass(frozen=True)
class KeyNumbers:
    """The figures at the head of a report, at most six, the one that matters most first."""

    kind: ClassVar[str] = "key_numbers"

    numbers: tuple[KeyNumber, ...] = ()

    @classmethod
    def of(cls, *numbers: KeyNumber | Iterable[KeyNumber] | None) -> KeyNumbers:
        """Return the strip of *numbers*; None (not known) is left out. Raises ValueError for more than six, or one twice."""
        flat = [one for given in numbers if given for one in ([given] if isinstance(given, KeyNumber) else given)]
        if len(flat) > MOST:
            raise ValueError(f"a report has at most {MOST} key numbers, not {len(flat)}")
        if len({one.id for one in flat}) < len(flat):
            raise ValueError("a key number stands twice: " + ", ".join(one.id for one in flat))
        return cls(tuple(flat))

    @property
    def empty(self) -> bool:
        return not self.numbers

    def html(self, language: str) -> Markup:
        """Return the strip as HTML."""
        tiles = Markup("").join(_tile(one, language) for one in self.numbers)
        return Markup('<dl class="tiles">{}</dl>').format(tiles) if tiles else Markup("")

    def to_json(self) -> dict[str, Any]:
        """Return the strip as JSON-ready values."""
        return {"key_numbers": [one.to_json() for one in self.numbers]}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return showing.bundle(self, plain=f"{len(self.numbers)} key numbers")


def _tile(number: KeyNumber, language: str) -> Markup:
    under = [number.note, number.target]
    under += [one.said() for one in number.comparisons]
    lines = Markup("").join(Markup('<dd class="small">{}</dd>').format(markup(one, language)) for one in under if one)
    head = Markup('<dt>{}</dt><dd class="figure">{}</dd>')
    return Markup("<div>{}{}</div>").format(
        head.format(markup(number.label, language), markup(number.value, language)), lines
    )
