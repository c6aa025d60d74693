"""Any other file, by a mapping: a register that says which column of the file is which canonical column."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import Field, model_validator

from fanops_utils.data.columns import UTC
from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.schema import TABLES, Table
from fanops_utils.data.sources.base import Context, Parsed, Sheet, accepted, cells_of, fold
from fanops_utils.data.sources.cells import Cells
from fanops_utils.data.sources.reading import HEADER_WITHIN, Grid
from fanops_utils.errors import suggest
from fanops_utils.workspace.brand import TimeZone
from fanops_utils.workspace.register import Register, read_register

PSEUDONYMS = {"member_key", "unit_key", "customer_key"}
IDENTIFIERS = {"post_id", "order_id", "mention_id", "account_id"}
ROW_NUMBER = "row number"


class TableMapping(Register):
    """How one canonical table is filled: from columns of the file, and from constants."""

    columns: dict[str, str]
    constants: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)


class Mapping(Register):
    """`mappings/<name>.yml`: which file it is for (by its columns) and what its columns mean."""

    name: str
    tables: dict[str, TableMapping] = Field(min_length=1)
    time_zone: TimeZone = "UTC"
    time_format: str | None = Field(default=None, description="strptime pattern; ISO 8601 where absent")

    @model_validator(mode="after")
    def _canonical(self) -> Mapping:
        for name, mapped in self.tables.items():
            if name not in TABLES:
                raise ValueError(f"'{name}' is no canonical table. {suggest(name, TABLES)}")
            table = TABLES[name]
            for column in (*mapped.columns, *mapped.constants, *mapped.values):
                if column not in table.columns and not (table.open and column in mapped.columns):
                    raise ValueError(f"table {name} has no column '{column}'. {suggest(column, table.payload)}")
            given = {*mapped.columns, *mapped.constants, "snapshot_at"}
            lacking = [c for c, spec in table.columns.items() if spec.required and c not in given]
            if lacking:
                raise ValueError(f"table {name} needs the column '{lacking[0]}': name it under columns or constants")
        return self

    @property
    def headers(self) -> set[str]:
        """Columns the file must have for this mapping to fit it."""
        return {fold(c) for table in self.tables.values() for c in table.columns.values() if c != ROW_NUMBER}


@dataclass(frozen=True)
class Fit:
    """A mapping held against a file: the sheet where all its columns are there, else what is missing."""

    mapping: Mapping
    sheet: Sheet | None
    missing: tuple[str, ...] = ()


def read_mapping(path: Path) -> Mapping:
    """Read the mapping register at *path*; raise WorkspaceError naming what is wrong in it."""
    return read_register(path, Mapping)


def fit(mapping: Mapping, grid: Grid) -> Fit:
    """Hold *mapping* against *grid*: its header is the first of the top rows with the most mapped columns."""
    rows = [{fold(cell) for cell in row} for row in grid.rows[:HEADER_WITHIN]]
    if not rows:
        return Fit(mapping, None, tuple(sorted(mapping.headers)))
    best = max(range(len(rows)), key=lambda number: len(mapping.headers & rows[number]))
    missing = tuple(sorted(mapping.headers - rows[best]))
    if missing:
        return Fit(mapping, None, missing)
    titles = [cell.strip().strip("\ufeff") for cell in grid.rows[best]]
    records = [row for row in grid.rows[best + 1 :] if any(cell.strip() for cell in row)]
    positions = {fold(title): number for number, title in reversed(list(enumerate(titles)))}
    return Fit(mapping, Sheet(cells_of(records, positions, titles), titles, grid.rows[:best], grid))


def parse_mapped(mapping: Mapping, sheet: Sheet, context: Context) -> Parsed:
    """Return the canonical tables that *mapping* makes of *sheet*."""
    exported = context.exported_at()
    columns = {name: _table_columns(TABLES[name], mapped, mapping, sheet.cells, context)
               for name, mapped in mapping.tables.items()}  # fmt: skip
    for name, found in columns.items():
        if "snapshot_at" in TABLES[name].columns and "snapshot_at" not in found:
            found["snapshot_at"] = exported
    tables = {name: accepted(sheet, found) for name, found in columns.items()}
    return Parsed(tables, sheet.cells.rejects, sheet.rows_in, exported)


def _table_columns(
    table: Table, mapped: TableMapping, mapping: Mapping, cells: Cells, context: Context
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, header in mapped.columns.items():
        if header == ROW_NUMBER:
            found[column] = pd.Series(cells.frame.index.astype(str), index=cells.frame.index, dtype="string")
        else:
            found[column] = _column(table, column, fold(header), mapped.values.get(column), mapping, cells, context)
    for column, constant in mapped.constants.items():
        line = Cells(pd.DataFrame({"constant": [constant]}, index=[1], dtype="string"))
        found[column] = _column(table, column, "constant", None, mapping, line, context).iloc[0]
    return found


def _column(
    table: Table,
    column: str,
    header: str,
    values: dict[str, str] | None,
    mapping: Mapping,
    cells: Cells,
    context: Context,
) -> pd.Series:
    if column in PSEUDONYMS:
        return Pseudonyms.of(context.workspace).keys(cells.identifier(header))
    if column not in table.columns:
        return cells.outcome(header)
    spec = table.columns[column]
    if values:
        return cells.choice(header, values)
    if spec.dtype == UTC:
        if mapping.time_format:
            return cells.local_time(header, mapping.time_format, mapping.time_zone)
        return cells.iso_time(header, mapping.time_zone)
    if column in IDENTIFIERS:
        return cells.identifier(header)
    if str(spec.dtype).startswith("datetime64"):
        return cells.iso_day(header)
    readers = {"Int64": cells.count, "Float64": cells.number, "boolean": cells.flag}
    reader = readers.get(str(spec.dtype), cells.required if spec.required else cells.text)
    return reader(header)
