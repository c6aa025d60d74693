"""Tables as they appear in reports: numbers right-aligned, units in the header, small cells hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd
from markupsafe import Markup

from fanops_utils.data.privacy.small_cells import hidden_parts
from fanops_utils.text import (
    Count,
    Day,
    Form,
    Level,
    Listed,
    Message,
    Money,
    Number,
    People,
    Points,
    Range,
    Sayable,
    Sentences,
    Span,
    Written,
    markup,
    showing,
    term,
)
from fanops_utils.text.sentences.message import valued
from fanops_utils.text.sentences.values import Figure

SMALL = 10
LONG = 20  # rows; a longer table is opened by who wants to read it


@dataclass(frozen=True)
class Table:
    """A table ready to be shown: headings and cells as messages and values, which columns hold numbers, a caption."""

    kind: ClassVar[str] = "table"

    columns: tuple[Sayable, ...]
    rows: tuple[tuple[Sayable | None, ...], ...]
    numeric: tuple[bool, ...]
    caption: Sayable

    @property
    def empty(self) -> bool:
        return not self.rows

    def html(self, language: str) -> Markup:
        """Return the table as HTML."""
        kinds = ["right" if number else "" for number in self.numeric]
        head = Markup("").join(
            Markup('<th scope="col" class="{}">{}</th>').format(kind, markup(name, language))
            for name, kind in zip(self.columns, kinds, strict=True)
        )
        body = Markup("").join(
            Markup("<tr>{}</tr>").format(
                Markup("").join(_cell_html(cell, kind, language) for cell, kind in zip(row, kinds, strict=True))
            )
            for row in self.rows
        )
        caption, long = markup(self.caption, language), len(self.rows) > LONG
        form = (
            '<div class="table"><table><caption{}>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
        )
        table = Markup(form).format(Markup(' class="unseen"' if long else ""), caption, head, body)  # noqa: S704 - our own
        return Markup("<details><summary>{}</summary>{}</details>").format(caption, table) if long else table

    def to_json(self) -> dict[str, Any]:
        """Return the table as JSON-ready values."""
        return {
            "caption": self.caption.to_json(),
            "columns": [name.to_json() for name in self.columns],
            "numeric": list(self.numeric),
            "rows": [[None if cell is None else cell.to_json() for cell in row] for row in self.rows],
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return showing.bundle(self, plain=self.caption)


def _cell_html(cell: Sayable | None, kind: str, language: str) -> Markup:
    return Markup('<td class="{}">{}</td>').format(kind, "" if cell is None else markup(cell, language))


def table(
    frame: pd.DataFrame,
    *,
    columns: Mapping[str, Sayable],
    caption: Sayable,
    formats: Mapping[str, Form] | None = None,
    small: str | None = None,
    people: str | None = None,
    hidden: pd.Series | None = None,
) -> Table:
    """Return *frame* as a Table of the *columns* (name: heading with unit), in that order.

    Cells are sayables, texts (shown as written), numbers and days; *formats* turn a column's numbers into values, three
    significant digits else; a column of numbers without any is left out. Where the column *small* counts some, but fewer
    than 10 people or posts, the row's other numbers are hidden and the count reads "<10". The column *people* counts people
    of whom the rows are parts: of one small part alone a second one is hidden, or the small one would follow from the total.
    Where other parts of the report decide that too, *hidden* says of each row whether it is.
    """
    if hidden is None:
        hidden = hidden_parts(frame[people]) if people else pd.Series(data=False, index=frame.index)
    small = small or people
    shown = formats or {}
    numeric = tuple(name in shown or pd.api.types.is_numeric_dtype(frame[name]) for name in columns)
    rows = []
    for line, part in zip(frame.to_dict("records"), hidden, strict=True):
        hide = part or (small is not None and pd.notna(line[small]) and 0 < line[small] < SMALL)
        rows.append(tuple(_cell(line[name], name, shown, hide=hide, number=number, small=small, is_name=not place)
                          for place, (name, number) in enumerate(zip(columns, numeric, strict=True))))  # fmt: skip
    heads = tuple(columns.values())
    seen = [place for place, number in enumerate(numeric) if not (number and place and rows) or _any(rows, place)]
    kept = tuple(tuple(row[place] for place in seen) for row in rows)
    return Table(tuple(heads[place] for place in seen), kept, tuple(numeric[place] for place in seen), caption)


def _any(rows: list[tuple[Sayable | None, ...]], place: int) -> bool:
    """Return whether a column of numbers holds any: one without is no column to read."""
    return any(row[place] is not None for row in rows)


def _cell(
    value: Any, name: str, formats: Mapping[str, Form], *, hide: bool, number: bool, small: str | None, is_name: bool
) -> Sayable | None:
    if hide and number and name == small and pd.notna(value):
        return Written(f"<{SMALL}") if 0 < value < SMALL else term("not shown", "cell of a table")
    if isinstance(value, Sayable):
        return None if hide and not is_name and _tells_a_number(value) else value
    if hide and number:
        return None
    if pd.isna(value):
        return None
    if name in formats:
        return formats[name](value)
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, bool):
        raise TypeError(f"column {name}: a truth value is not shown: give a message")
    if isinstance(plain, float):
        return Number(plain)
    return (
        Count(plain)
        if isinstance(plain, int)
        else Day.of(plain, form="iso")
        if hasattr(plain, "isoformat")
        else valued(plain)
    )


def _tells_a_number(what: object) -> bool:
    """Return whether a sayable is a number, or a message or list with one in it."""
    if isinstance(what, Figure | Level | Money | Points | Range | Span | People):
        return True
    if isinstance(what, Message):
        return any(isinstance(one, int | float) or _tells_a_number(one) for _, one in what.values)
    parts = what.items if isinstance(what, Listed) else what.parts if isinstance(what, Sentences) else ()
    return any(map(_tells_a_number, parts))
