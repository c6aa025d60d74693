"""Tables as they appear in reports: numbers right-aligned, units in the header, small cells hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from fanops_utils.charts.chart import show

SMALL = 10
Formats = Mapping[str, Callable[[Any], str]]


@dataclass(frozen=True)
class Table:
    """A table ready to be shown: cells as text, which columns hold numbers, and a caption."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    caption: str

    def _repr_html_(self) -> str:
        kinds = ["num" if number else "txt" for number in self.numeric]
        head = "".join(
            f'<th scope="col" class="{kind}">{escape(name)}</th>'
            for name, kind in zip(self.columns, kinds, strict=True)
        )
        body = "".join(
            "<tr>"
            + "".join(f'<td class="{kind}">{escape(cell)}</td>' for cell, kind in zip(row, kinds, strict=True))
            + "</tr>"
            for row in self.rows
        )
        caption = f"<caption>{escape(self.caption)}</caption>"
        return f'<div class="table"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def table(
    frame: pd.DataFrame,
    *,
    columns: Mapping[str, str],
    caption: str,
    formats: Formats | None = None,
    small: str | None = None,
) -> Table:
    """Return *frame* as a Table of the *columns* (name: heading with unit), in that order.

    Where the column *small* counts fewer than 10 people or posts, the row's other numbers are hidden and the count
    reads "<10". *formats* turn a column's values into text.
    """
    shown = formats or {}
    numeric = tuple(pd.api.types.is_numeric_dtype(frame[name]) for name in columns)
    rows = []
    for _, line in frame.iterrows():
        hide = small is not None and pd.notna(line[small]) and line[small] < SMALL
        rows.append(tuple(_cell(line[name], name, shown, hide=hide and number, small=small)
                          for name, number in zip(columns, numeric, strict=True)))  # fmt: skip
    return Table(tuple(columns.values()), tuple(rows), numeric, caption)


def _cell(value: Any, name: str, formats: Formats, *, hide: bool, small: str | None) -> str:
    if hide:
        return f"<{SMALL}" if name == small else ""
    if pd.isna(value):
        return ""
    if name in formats:
        return formats[name](value)
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(
        plain, float
    ):  # a table is read, not computed with: three digits, where the data of a chart have four
        return f"{plain:.3g}" if abs(plain) < 999.5 else f"{plain:,.0f}"
    return show(plain)
