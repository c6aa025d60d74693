"""The sheets of a report as one Excel workbook; its first sheet says what the others hold."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from fanops_utils.reports.beside.sheets import Sheet
from fanops_utils.reports.beside.values import Form, spoken, value_of
from fanops_utils.text import Sayable, say_n, speak, term

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SHOWN: dict[Form, str] = {
    "percent": "0.0%", "change": "+0.0%;-0.0%;0.0%", "count": "#,##0", "money": "#,##0.00", "number": "#,##0.###",
    "points": "+0.00;-0.00;0.00", "day": "yyyy-mm-dd",
}  # fmt: skip
# A cell that begins like a formula or an address is text: xlsxwriter takes it for one unless told.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LONGEST = 31  # characters of a sheet's name
WIDEST = 60
CONTENTS: Sayable = term("Contents", "sheet of a workbook")


def workbook_bytes(sheets: Sequence[Sheet], title: Sayable, language: str, *, made: datetime) -> bytes:
    """Return *sheets* as a workbook (.xlsx) in *language*, the report's *title* over its contents.

    Numbers are numbers, fractions shown as percent; texts stay texts whatever they begin with. *made*, the instant of the
    report, is all it says of its making: the same sheets give the same bytes.
    """
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    book = Workbook(stream, OPTIONS)
    book.set_properties({"created": made.replace(tzinfo=None, microsecond=0)})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    forms = {form: book.add_format({"num_format": shown}) for form, shown in SHOWN.items()}
    contents = book.add_worksheet(_name(speak(CONTENTS, language), 0))
    contents.write_string(0, 0, speak(title, language), bold)
    contents.set_column(0, 0, LONGEST)
    contents.set_column(1, 2, WIDEST, wrapped)
    for number, sheet in enumerate(sheets, start=1):
        said = spoken(sheet.title, language)
        name = _name(said, number)
        contents.write_url(number + 1, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", string=name)
        contents.write_string(number + 1, 1, said)
        contents.write_string(number + 1, 2, _note(sheet, language))
        _fill(book.add_worksheet(name), sheet, language, bold, forms)
    book.close()
    return stream.getvalue()


def _fill(page: Worksheet, sheet: Sheet, language: str, bold: Format, forms: dict[Form, Format]) -> None:
    widths = []
    for column, name in enumerate(sheet.columns):
        head = spoken(name, language)
        page.write_string(0, column, head, bold)
        widths.append(_width(head))
    for line, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row[: len(widths)]):
            value, form = value_of(cell, language)
            if isinstance(value, str):
                page.write_string(line, column, value)
                widths[column] = max(widths[column], _width(value))
            elif isinstance(value, date):
                page.write_datetime(line, column, datetime(value.year, value.month, value.day), forms["day"])
                widths[column] = max(widths[column], 11)
            elif value is not None:
                page.write_number(line, column, value, forms.get(form))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width + 2, WIDEST))
    page.freeze_panes(1, 0)


def _note(sheet: Sheet, language: str) -> str:
    if not sheet.left_out:
        return spoken(sheet.note, language)
    rest = speak(say_n("{n} more row not shown", "{n} more rows not shown", n=sheet.left_out), language)
    return f"{spoken(sheet.note, language)} {rest}".strip()


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text[:WIDEST])


def _name(said: str, number: int) -> str:
    """Return the name of a sheet: its number, which keeps it apart from the others, and as much of *said* as has room.

    >>> _name("Members: by stage?", 2)
    '2 Members by stage'
    """
    bare = " ".join(FORBIDDEN.sub(" ", said).split()).strip("'")
    return f"{number} {bare}"[:LONGEST].strip().strip("'") if number else bare[:LONGEST] or "0"
