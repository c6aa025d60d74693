"""A listing as CSV that spreadsheets and trackers open: UTF-8 with its mark, nothing in it a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from fanops_utils.reports.beside.values import spoken, value_of
from fanops_utils.text.sheets import neutral


def listing_bytes(told: Mapping[str, Any], language: str) -> bytes:
    """Return the listing *told* (`Listing.to_json`) as CSV in *language*.

    Days are written 2026-03-09, fractions as fractions; the mark at the start (BOM) lets Excel read Chinese.
    """
    return csv_bytes(told.get("columns") or [], told.get("rows") or [], language)


def csv_bytes(columns: Iterable[Any], rows: Iterable[Iterable[Any]], language: str) -> bytes:
    """Return *rows* under *columns*, cells as JSON holds them, as CSV in *language*."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([neutral(spoken(name, language)) for name in columns])
    writer.writerows([_written(value_of(cell, language).value) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _written(value: str | float | date | None) -> str | float | None:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return int(value) if value == int(value) else float(f"{value:.12g}")  # 691.1800000000001 is nobody's amount
    return neutral(value) if isinstance(value, str) else value
