"""What a spreadsheet does to an export that it saves again: day and month change places, points group thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

import pandas as pd

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.clocks import localized, sensible
from fanops_utils.data.sources.shared.publication import ZONES_APART
from fanops_utils.data.sources.shared.sheet import Sheet
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.errors import ImportRefused

PRINTED = re.compile(
    r"(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4})"
    r"(?:[ ,T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?(?:\s*(?P<half>[ap])\.?\s?m\.?)?)?",
    re.IGNORECASE,
)
UNREAD = "not a date and time like 03/21/2026 16:45"
DOTTED = r"\s*\d{1,2}\.\d{1,2}\.\d{4}.*"


def counts(sheet: Sheet, names: Iterable[str]) -> dict[str, pd.Series]:
    """Return those of *names* that *sheet* has as whole numbers."""
    found = {}
    for name in names:
        if sheet.cells.has(name):
            found[name] = sheet.cells.count(name)
    return found


def printed_time(
    sheet: Sheet, column: str, context: Context, *, zone: str = "UTC", ids: pd.Series | None = None
) -> tuple[pd.Series, list[str]]:
    """Return *column*, month/day/year with or without a time in *zone*, in UTC, and warnings.

    A file saved again may have the day first. That is decided for the file as a whole: by dots, which no country writes
    month first, by a number above 12, by the times in the post *ids*, or by the comma of the native file. Raises
    ImportRefused where nothing decides.
    """
    cells = sheet.cells
    values = cells.raw(column)
    notes: dict[bool, int] = {}
    orders = {first: _read(values, day_first=first, zone=zone, skipped=notes) for first in (False, True)}
    if all(_above_twelve(values)):
        return _in_both_orders(cells, column, orders, ids), ["some dates stand day first, others month first"]
    day_first = _is_day_first(values, orders, ids)
    if day_first is None:
        if sheet.grid.delimiter in (";", "\t", "|") and values.notna().any():
            hint = "A spreadsheet has saved it again: import the file as the platform wrote it"
            raise ImportRefused("day and month of its dates cannot be told apart", file=context.export.label, hint=hint)
        day_first = False
    found = orders[day_first]
    cells.reject(column, values.notna() & found.isna(), UNREAD)
    said = ["the dates stand day first: a spreadsheet has saved this file again"] if day_first else []
    if notes[day_first]:
        said.append(f"{notes[day_first]} times fall into the hour that clocks in {zone} skip: read as its end")
    return found, said


def printed_day(
    sheet: Sheet, column: str, context: Context, *, ids: pd.Series | None = None
) -> tuple[pd.Series, list[str]]:
    """Return *column*, month/day/year, as days, and warnings; day and month as in `printed_time`."""
    found, said = printed_time(sheet, column, context, ids=ids)
    return found.dt.tz_localize(None).dt.normalize().astype("datetime64[us]"), said


def _read(values: pd.Series, *, day_first: bool, zone: str, skipped: dict[bool, int]) -> pd.Series:
    parts = values.str.extract(rf"^\s*{PRINTED.pattern}\s*$", flags=re.IGNORECASE)
    number = parts[["first", "second", "year", "hour", "minute"]].astype("Float64")
    half, hour = parts["half"].str.casefold().fillna(""), number["hour"].fillna(0)
    # "14:30 pm" occurs: a clock of 24 hours with the half of the day beside it
    hour = hour.mask((half == "p") & (hour < 12), hour + 12).mask((half == "a") & (hour == 12), 0)
    names = ("second", "first") if day_first else ("first", "second")
    pieces = {"year": number["year"], "month": number[names[0]], "day": number[names[1]],
              "hour": hour, "minute": number["minute"].fillna(0)}  # fmt: skip
    naive = pd.to_datetime(pd.DataFrame(pieces).astype("float64"), errors="coerce")
    iso = pd.to_datetime(values.where(parts["year"].isna()), format="ISO8601", errors="coerce", utc=False)
    naive = naive.fillna(iso) if iso.dt.tz is None else naive
    found, skipped[day_first] = localized(sensible(naive), zone)
    return found


def _above_twelve(values: pd.Series) -> list[bool]:
    """Return whether the first, and whether the second number of any date is above 12."""
    parts = values.str.extract(rf"^\s*{PRINTED.pattern}\s*$", flags=re.IGNORECASE)
    return [bool((parts[name].astype("Float64") > 12).any()) for name in ("first", "second")]


def _in_both_orders(cells: Cells, column: str, orders: dict[bool, pd.Series], ids: pd.Series | None) -> pd.Series:
    """Return the dates of a file that holds both orders: those that read in one way only, or as their post's id says."""
    month_first, day_first = orders[False], orders[True]
    if ids is not None:
        near = {first: (found - ids).abs() <= timedelta(hours=ZONES_APART) for first, found in orders.items()}
        month_first, day_first = month_first.mask(near[True] & ~near[False]), day_first.mask(near[False] & ~near[True])
    open_ = (month_first.notna() & day_first.notna() & (month_first != day_first)).fillna(value=False)
    cells.reject(column, open_, "day and month cannot be told apart: other dates of the file stand in both orders")
    found = month_first.fillna(day_first).mask(open_)
    cells.reject(column, cells.raw(column).notna() & found.isna() & ~open_, UNREAD)
    return found


def _is_day_first(values: pd.Series, orders: dict[bool, pd.Series], ids: pd.Series | None) -> bool | None:
    above = _above_twelve(values)
    if above[0] != above[1]:
        return above[0]
    if not values.str.match(rf"\s*{PRINTED.pattern}", flags=re.IGNORECASE).fillna(value=False).any():
        return False
    if values.str.fullmatch(DOTTED).fillna(value=False).any():
        return True
    if ids is None or not ids.notna().any():
        return None
    near = {first: int(((found - ids).abs() <= timedelta(hours=ZONES_APART)).sum()) for first, found in orders.items()}
    return None if near[True] == near[False] else near[True] > near[False]
