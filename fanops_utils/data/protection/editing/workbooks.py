"""Workbooks without one person: rows, and what stands beside them."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from fanops_utils.data.protection.editing.edits import CannotEdit, CannotSearch, Edit
from fanops_utils.data.protection.editing.parcels import clean_book
from fanops_utils.data.protection.editing.sieve import Sieve
from fanops_utils.data.protection.spelling import holds_any
from fanops_utils.data.protection.subjects import Subject
from fanops_utils.data.sources.files.archives import refuse_bomb
from fanops_utils.data.sources.files.workbook_scan import extents
from fanops_utils.data.sources.files.workbooks import cell_text, read_xls
from fanops_utils.errors import FanopsError, ImportRefused

NOT_EDITED = ("xl/vbaProject", "xl/charts/", "xl/drawings/", "xl/media/", "xl/pivot", "xl/tables/", "xl/externalLinks/")

TAG = re.compile(rb"<[^<>]*>")


def edit_workbook(data: bytes, label: str, subject: Subject) -> Edit | None:
    """Return what the workbook holds of *subject*; raise CannotEdit where it would not come back whole."""
    import openpyxl

    try:
        refuse_bomb(data, label=label)
        if not _within(data, subject.needles):
            return None
        extents(data, label=label)
        book: Any = openpyxl.load_workbook(io.BytesIO(data))
    except ImportRefused as error:
        raise CannotSearch(error.message, file=label) from None
    except Exception as error:  # a damaged workbook raises whatever openpyxl stumbles over
        raise CannotSearch(f"this workbook cannot be read ({error})", file=label) from None
    whole = Edit(label, [_edit_sheet(sheet, Sieve(subject, label)) for sheet in book.worksheets])
    whole.beside = clean_book(book, subject)
    if not whole.records and not whole.beside:
        return None
    _refuse_rich(data, book, label)
    out = io.BytesIO()
    book.save(out)
    whole.content = out.getvalue()
    return whole


def _edit_sheet(sheet: Any, sieve: Sieve) -> Sieve:
    gone = []
    for place, row in enumerate(sheet.iter_rows(), start=1):
        verdict = sieve.take([cell_text(cell.value) for cell in row])
        if verdict == "remove":
            gone.append(place)
        for cell in row if verdict == "redact" else ():
            if isinstance(cell.value, str):
                cell.value = sieve.subject.without(cell.value)
    for place in reversed(gone):
        sheet.delete_rows(place)
    return sieve


def _within(data: bytes, needles: str) -> bool:
    """Whether a part of the workbook may hold the person; a cell in two fonts has its text in two elements."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = (archive.read(one) for one in archive.infolist())
        return any(holds_any(part, needles) or holds_any(TAG.sub(b"", part), needles) for part in parts)


def _refuse_rich(data: bytes, book: Any, label: str) -> None:
    """Refuse a workbook that would not come back whole: with charts, pictures, macros, formulas or merged cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # The frames of comments are drawn anew.
        rich = any(name.startswith(NOT_EDITED) and not name.endswith(".vml") for name in archive.namelist())
    merged = any(sheet.merged_cells.ranges for sheet in book.worksheets)
    formulas = any(cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    if rich or merged or formulas:
        what = "it holds the person, and charts, formulas or merged cells that would not survive: save it as CSV"
        raise CannotEdit(what, file=label)


def refuse_old_workbook(data: bytes, label: str, subject: Subject) -> None:
    """Raise CannotEdit where a workbook of the old form holds *subject*: it is not edited."""
    try:
        sheets = read_xls(data, label=label)
    except FanopsError as error:
        raise CannotSearch(error.message, file=label) from None
    for sheet in sheets:
        sieve = Sieve(subject, label)
        if any(sieve.take(row) != "keep" for row in sheet.rows):
            raise CannotEdit("it holds the person in the old workbook form: save it as .xlsx or .csv", file=label)
