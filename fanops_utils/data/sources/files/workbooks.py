"""Excel workbooks, new and old, as text: dates as ISO 8601, whole numbers without a point, spoilt ids recognisable."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from fanops_utils.data.sources.files.archives import refuse_bomb
from fanops_utils.data.sources.files.workbook_scan import Extent, extents, formulas_without_values
from fanops_utils.errors import ImportRefused

Rows = list[list[str]]


@dataclass(frozen=True)
class SheetRows:
    """One sheet of a workbook: its name, its cells, and whether its user sees it."""

    name: str
    rows: Rows
    is_hidden: bool = False


FIRST_YEAR = 1900  # before and in it Excel counts days as no other program does
UNCOMPUTED = "=⁇ "  # before a formula whose value the workbook does not hold
EXCEL_DIGITS = 15  # Excel keeps no more: the digits after them turn to zeros


def read_xlsx(data: bytes, *, label: str) -> list[SheetRows]:
    """Return every sheet of the .xlsx workbook *data*; raise ImportRefused where it cannot be read."""
    refuse_bomb(data, label=label)
    try:
        extent = extents(data, label=label)
        sheets = _fast(data, extent) if extent else None
        return _careful(data) if sheets is None else sheets
    except ImportRefused:
        raise
    except Exception as error:  # a damaged workbook raises whatever its reader stumbles over
        raise ImportRefused(f"this workbook cannot be read ({_said(error)})", file=label) from None


def _careful(data: bytes) -> list[SheetRows]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    bare = formulas_without_values(data)
    written = openpyxl.load_workbook(io.BytesIO(data), read_only=True) if bare else None
    sheets = []
    for sheet in book.worksheets:
        rows = [[cell_text(cell) for cell in row] for row in _cells(sheet)]
        if written is not None:
            rows = _with_formulas(rows, _cells(written[sheet.title]))
        sheets.append(SheetRows(sheet.title, _even(rows), sheet.sheet_state != "visible"))
    return sheets


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # some exporters write a size that is not the sheet's
    yield from sheet.iter_rows(values_only=True)


def _with_formulas(rows: Rows, written: Iterator[tuple[Any, ...]]) -> Rows:
    """Return *rows* with every formula that has no value as such: its value is not there, and not missing either."""
    return [
        [f"{UNCOMPUTED}{formula}" if not text and str(formula).startswith("=") else text
         for text, formula in zip(row, formulas, strict=True)]
        for row, formulas in zip(rows, written, strict=True)
    ]  # fmt: skip


def _fast(data: bytes, extent: dict[str, Extent]) -> list[SheetRows] | None:
    """Return the cells as `_careful` does; None where a value is one that the two may read differently."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    if any(sheet.typ != python_calamine.SheetTypeEnum.WorkSheet for sheet in book.sheets_metadata):
        return None
    sheets: list[SheetRows] = []
    hidden = {one.name for one in book.sheets_metadata if one.visible != python_calamine.SheetVisibleEnum.Visible}
    for name in book.sheet_names:
        width, rows = extent[name].columns, []
        try:
            for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False):
                texts = [cell if type(cell) is str else FAST[type(cell)](cell) for cell in row]
                rows.append(texts + [""] * (width - len(texts)))
        except (KeyError, _UnsureError):
            return None
        rows += [[""] * width for _ in range(extent[name].rows - len(rows))]
        sheets.append(SheetRows(name, rows, name in hidden))
    return sheets


class _UnsureError(Exception):
    """A value that two readers may tell differently."""


def _fast_number(value: float) -> str:
    return str(int(value)) if -1e15 < value < 1e15 and value.is_integer() else _number(value)


def _fast_moment(value: datetime) -> str:
    if value.microsecond or value.year <= FIRST_YEAR:  # readers round parts of a second each in their own way
        raise _UnsureError
    return value.isoformat(sep=" ")


def _fast_day(value: date) -> str:
    if value.year <= FIRST_YEAR:
        raise _UnsureError
    return f"{value.isoformat()} 00:00:00"  # midnight comes as a day, whatever the column holds


FAST: dict[type, Callable[[Any], str]] = {
    float: _fast_number, bool: str, datetime: _fast_moment, date: _fast_day,
}  # fmt: skip


def read_xls(data: bytes, *, label: str) -> list[SheetRows]:
    """Return every sheet of the .xls workbook *data*; raise ImportRefused where it cannot be read."""
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True)
        return [
            SheetRows(
                sheet.name,
                _even([[_old_text(cell, book.datemode) for cell in row] for row in sheet.get_rows()]),
                bool(sheet.visibility),
            )
            for sheet in book.sheets()
        ]
    except Exception as error:  # a damaged workbook raises whatever xlrd stumbles over
        hint = "If it has a password, remove that; else save it as .xlsx or .csv and import that"
        raise ImportRefused(f"this old workbook cannot be read ({_said(error)})", file=label, hint=hint) from None


def cell_text(value: object) -> str:
    """Return what a typed cell holds, as text.

    An integer too long for Excel comes back in E-notation, as what it is: an id that a spreadsheet has spoilt.

    >>> cell_text(3100.0), cell_text(17978900000000000.0), cell_text(datetime(2026, 7, 20, 10)), cell_text(None)
    ('3100', '1.79789E+16', '2026-07-20 10:00:00', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds" if not value.microsecond else "auto")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    if isinstance(value, (int, float)):
        return _number(value)
    return str(value)


def _number(value: float) -> str:
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    whole = int(value)
    beyond = len(str(abs(whole))) - EXCEL_DIGITS
    spoilt = beyond > 0 and ((isinstance(value, float) and abs(whole) >= 2**53) or whole % 10**beyond == 0)
    if not spoilt:
        return str(whole)
    mantissa, exponent = f"{whole:.{EXCEL_DIGITS - 1}E}".split("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


def _clock(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _old_text(cell: object, datemode: int) -> str:
    import xlrd

    kind, value = cell.ctype, cell.value  # type: ignore[attr-defined]
    if kind == xlrd.XL_CELL_DATE:
        return cell_text(xlrd.xldate_as_datetime(value, datemode)) if value >= 1 else _clock(timedelta(days=value))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return str(bool(value))
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#ERROR"))
    return cell_text(value)


def _even(rows: Rows) -> Rows:
    """Return *rows* with as many cells each: a sheet does not store the empty ones at the end of a row."""
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _said(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__
