"""Exports read without a warehouse: what a file becomes, in canonical tables, and whether every record is accounted for."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pandas as pd

from fanops_utils.data.schema import TABLES
from fanops_utils.data.sources.files.reading import Export
from fanops_utils.data.sources.registry import read_export
from fanops_utils.data.sources.shared.cells import Cells, Reject
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.workspace import Workspace

EXPORTS = Path(__file__).parent / "exports"
EXPORTED = datetime(2026, 11, 20, 9, tzinfo=UTC)
BRAND = """name: Demo Brand
markets:
  - {code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}
  - {code: KR, name: Korea, language: ko, time_zone: Asia/Seoul, currency: KRW}
accounts:
  - {platform: instagram, handle: demo_brand, id: "17841400000000001", market: US}
  - {platform: facebook, handle: demo, id: "100045700000001", market: US}
  - {platform: x, handle: demo_brand, market: US}
  - {platform: linkedin, handle: demo-brand, market: US}
  - {platform: discord, handle: demo-server, id: "212435931766980000"}
"""


@cache
def workspace(brand: str = BRAND) -> Workspace:
    folder = Path(tempfile.mkdtemp(prefix="fanops-exports-"))
    (folder / "brand.yml").write_text(brand, encoding="utf-8")
    return Workspace(folder)


def cells_of_column(*values: str) -> Cells:
    """Return the *values* as cells of one column, x."""
    return Cells(pd.DataFrame({"x": list(values)}, index=range(1, len(values) + 1), dtype="string"))


@dataclass(frozen=True)
class Result:
    """A file as read: tables in canonical form without the rows that were rejected."""

    source: str
    report: str
    tables: dict[str, pd.DataFrame]
    rejects: list[Reject]
    rows_in: int
    warnings: list[str]

    def table(self, name: str, *index: str) -> pd.DataFrame:
        frame = self.tables[name]
        return frame.set_index(list(index)) if index else frame

    def said(self, words: str) -> bool:
        return any(words in warning for warning in self.warnings)


def read(
    data: bytes | str | Path,
    name: str = "export.csv",
    *,
    brand: str = BRAND,
    account: str | None = None,
    exported_on: date | None = None,
    modified: datetime = EXPORTED,
) -> Result:
    """Return what *data* (a file, bytes, or text to be written as UTF-8) is read as; check that no record is lost."""
    if isinstance(data, Path):
        data, name = data.read_bytes(), data.name
    raw = data.encode("utf-8") if isinstance(data, str) else data
    export = Export(label=name, parts=("raw", name), data=raw, modified=modified)
    reading = read_export(Context(workspace(brand), export, account, exported_on), [])
    parsed, rejects = reading.parsed, list(reading.parsed.rejects)
    tables = {}
    for table, frame in parsed.tables.items():
        stamped = frame.assign(source_file=name, exported_at=parsed.exported_at, imported_at=EXPORTED)
        ready = TABLES[table].conform(stamped)
        failed = TABLES[table].failures(ready)
        rejects += [
            Reject(
                int(ready["source_row"].loc[case["index"]]),
                str(case["column"]),
                str(case["failure_case"]),
                str(case["check"]),
            )
            for case in failed.to_dict("records")
        ]
        tables[table] = ready
    bad = {one.row for one in rejects}
    tables = {table: frame[~frame["source_row"].isin(bad).fillna(value=False)] for table, frame in tables.items()}
    loaded = {int(row) for frame in tables.values() for row in frame["source_row"].dropna()}
    assert loaded.isdisjoint(bad)
    assert len(loaded) + len(bad) == parsed.rows_in, "a record is neither loaded nor set aside"
    return Result(reading.source, reading.report_type, tables, rejects, parsed.rows_in, parsed.warnings)


def written(rows: Iterable[Iterable[object]], *, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """Return *rows* as delimited text."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """Return *sheets* (name to rows) as an .xlsx file."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                if cell.data_type == "f":
                    cell.data_type = "s"  # a caption that begins with = is text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def old_workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """Return *sheets* (name to rows) as an .xls file."""
    import xlwt

    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write(number, place, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
