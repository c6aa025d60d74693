"""A timeline: phases as bars, milestones as diamonds, on one axis of days."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Any

import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.rows.estimates import GREY, chart_of, is_own, records
from fanops_utils.charts.rows.marks import Panel, Row, bar, dot
from fanops_utils.charts.words import Words
from fanops_utils.colours import SERIES
from fanops_utils.text import Sayable
from fanops_utils.text.sentences.forms import axis_day, short_day


def timeline(
    frame: pd.DataFrame, *, label: str, words: Words, start: str = "start", end: str = "end", on: date | None = None,
    on_label: Sayable | None = None,
) -> Chart:  # fmt: skip
    """Draw each row of *frame* on an axis of days: a bar from *start* to *end*, both days included, or a milestone.

    A row without an end, or with the same one, is a diamond. *label* holds messages or names. Where there is a column
    `own`, only its rows are coloured. The day *on*, where given, is a dashed line, named by *on_label*.
    """
    drawn = frame.dropna(subset=[start]).reset_index(drop=True)
    told = records(drawn)
    rows = [_row(row, label, start, end, before) for row, before in zip(told, _years(told, start, end), strict=True)]
    day = None if on is None else float(on.toordinal())
    panel = Panel(rows=rows, axis=words.axis, dates=True, reference=day, reference_label=on_label)
    return chart_of([panel], words=words, data=drawn)


def _days(row: dict[Hashable, Any], start: str, end: str) -> tuple[date, date]:
    first = pd.Timestamp(row[start]).date()
    return first, first if pd.isna(row[end]) else pd.Timestamp(row[end]).date()


def _years(rows: list[dict[Hashable, Any]], start: str, end: str) -> list[int | None]:
    """Return the year each row's reader has in mind: that of the row before; None for the first where there are several."""
    days = [_days(row, start, end) for row in rows]
    if len({day.year for pair in days for day in pair}) < 2:
        return [first.year for first, _ in days]
    return [None, *(last.year for _, last in days[:-1])][: len(days)]


def _row(row: dict[Hashable, Any], label: str, start: str, end: str, known: int | None) -> Row:
    first, last = _days(row, start, end)
    colour = SERIES[0] if is_own(row) else GREY

    def said(pen: Pen) -> str:
        days = [
            axis_day(day, pen.language, year=False) if day.year == year else short_day(day, pen.language)
            for day, year in {first: known, last: known if first == last else first.year}.items()
        ]
        return " – ".join(days)

    if first == last:
        return Row(
            row[label], (dot(first.toordinal(), colour=SERIES[1] if is_own(row) else GREY, kind="diamond"),), said
        )
    return Row(row[label], (bar(last.toordinal() + 1, start=first.toordinal(), colour=colour),), said)
