"""Any other file, by a mapping: a register that says which column of the file is which canonical column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as arrow
import pyarrow.compute as compute
from pydantic import ConfigDict, Field, model_validator

from fanops_utils.data.columns import UTC
from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.schema import TABLES, Table
from fanops_utils.data.sources.files.reading import HEADER_WITHIN, Grid
from fanops_utils.data.sources.shared.base import Context, Parsed, Sheet, accepted, cells_of, fold, headers_again
from fanops_utils.data.sources.shared.cells import OFFSET, Cells, Reject
from fanops_utils.data.sources.shared.clocks import sensible
from fanops_utils.data.sources.shared.ids import is_total
from fanops_utils.data.sources.shared.numbers import TYPED
from fanops_utils.data.table import LOCAL
from fanops_utils.errors import ImportRefused, suggest
from fanops_utils.workspace.register import Register, read_register
from fanops_utils.workspace.registers.brand import TimeZone

IDENTIFIERS = {name for table in TABLES.values() for name in table.columns if name.endswith("_id")}
CODES = {"market", "country", "discount_code", "code", "sku", "currency", "language"}  # NA and NONE are codes there
REMEMBERED = 4_000_000
ROW_NUMBER = "row number"


class TableMapping(Register):
    """How one canonical table is filled: from columns of the file, and from constants."""

    columns: dict[str, str]
    constants: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)


class Database(Register):
    """Where a mapping reads from instead of files: a table or a query behind a url that Ibis can connect to."""

    url: str = Field(description="sqlite:///…, duckdb:///…, postgres://…; ${NAME} is taken from the environment")
    table: str | None = None
    query: str | None = None
    newer_by: str | None = Field(
        default=None, description="column that only rises: later reads begin at its last value"
    )

    @model_validator(mode="after")
    def _complete(self) -> Database:
        if (self.table is None) == (self.query is None):
            raise ValueError("from needs either table or query")
        if re.search(r"://[^/@]*:[^/@$]+@", self.url):
            raise ValueError("a password never stands in a register: write ${NAME} and set NAME in the environment")
        return self


class Mapping(Register):
    """`mappings/<name>.yml`: which file it is for (by its columns), or which database, and what its columns mean."""

    model_config = ConfigDict(populate_by_name=True)

    name: str
    database: Database | None = Field(default=None, alias="from")
    tables: dict[str, TableMapping] = Field(min_length=1)
    time_zone: TimeZone = "UTC"
    time_format: str | None = Field(default=None, description="strptime pattern; ISO 8601 where absent")
    decimal: Literal[".", ","] | None = Field(default=None, description="decimal mark; the file decides where absent")

    @model_validator(mode="after")
    def _canonical(self) -> Mapping:
        for name, mapped in self.tables.items():
            if name not in TABLES:
                raise ValueError(f"'{name}' is no canonical table. {suggest(name, TABLES)}")
            table = TABLES[name]
            for column in (*mapped.columns, *mapped.constants, *mapped.values):
                is_cut = table.local is not None and column in LOCAL  # at import, from the moment of the row
                if is_cut or (column not in table.columns and not (table.open and column in mapped.columns)):
                    raise ValueError(f"table {name} has no column '{column}'. {suggest(column, table.payload)}")
            given = {*mapped.columns, *mapped.constants, "snapshot_at"}
            lacking = [c for c, spec in table.columns.items() if spec.required and c not in given]
            if lacking:
                raise ValueError(f"table {name} needs the column '{lacking[0]}': name it under columns or constants")
        return self

    @cached_property
    def headers(self) -> set[str]:
        """Columns the file must have for this mapping to fit it."""
        return {fold(c) for table in self.tables.values() for c in table.columns.values() if c != ROW_NUMBER}


class KeysOnce:
    """Pseudonyms that are computed once per distinct id, not once per row; up to REMEMBERED of them are kept."""

    def __init__(self, people: Pseudonyms) -> None:
        self.people = people
        self.known: dict[str, str] = {}

    def keys(self, values: pd.Series) -> pd.Series:
        """Return the pseudonyms of *values*; null stays null."""
        codes, distinct = pd.factorize(values)
        found = []
        for value in map(str, distinct):
            key = self.known.get(value)
            if key is None:
                key = self.people.key_for(value)
                if len(self.known) < REMEMBERED:
                    self.known[value] = key
            found.append(key)
        taken = pd.array([*found, None], dtype="string").take(codes)  # a null has code -1: the last
        return pd.Series(taken, index=values.index)


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
    folded = [fold(title) for title in titles]
    twins = [
        title for title, name in zip(titles, folded, strict=True) if name in mapping.headers and folded.count(name) > 1
    ]
    if twins:
        raise ImportRefused("two columns have this name: rename or delete one", file=grid.label or None, value=twins[0])
    records = [row for row in grid.rows[best + 1 :] if any(cell.strip() for cell in row)]
    positions = {name: number for number, name in reversed(list(enumerate(folded))) if name}
    cells = cells_of(records, positions, titles)
    cells.numbers.given, cells.numbers.typed = mapping.decimal, grid.encoding in TYPED
    mapped = cells.frame.columns.isin(mapping.headers)
    cells.numbers.frame, cells.numbers.beside = cells.frame.loc[:, mapped], lambda: cells.frame.loc[:, ~mapped]
    reject_short(cells, records, titles)
    cells.rejects += headers_again(records, titles, grid)
    return Fit(mapping, Sheet(cells, titles, grid.rows[:best], grid))


def unread_by(mapping: Mapping, sheet: Sheet) -> tuple[str, ...]:
    """Return the titles of *sheet* that *mapping* does not read."""
    return tuple(dict.fromkeys(title for title in sheet.header if title and fold(title) not in mapping.headers))


def reject_short(cells: Cells, records: list[list[str]], titles: list[str]) -> None:
    """Reject the *records* that end before the last of *titles*: a line that was cut must not pass for a whole one."""
    reason = "cells are missing at the end of the record: the line is cut, or a delimiter is lost"
    short = [number for number, row in zip(cells.frame.index, records, strict=True) if len(row) < len(titles)]
    cells.rejects += [Reject(int(number), titles[-1], "", reason) for number in short]


def parse_mapped(mapping: Mapping, sheet: Sheet, context: Context, people: KeysOnce | None = None) -> Parsed:
    """Return the canonical tables that *mapping* makes of *sheet*; *people* remembers pseudonyms between sheets."""
    exported = context.exported_at()
    people = people or KeysOnce(Pseudonyms.of(context.workspace))
    columns = {name: _table_columns(TABLES[name], mapped, mapping, sheet.cells, people)
               for name, mapped in mapping.tables.items()}  # fmt: skip
    for name, found in columns.items():
        if "snapshot_at" in TABLES[name].columns and "snapshot_at" not in found:
            found["snapshot_at"] = exported
    _reject_totals(mapping, sheet.cells)
    tables = {name: accepted(sheet, found) for name, found in columns.items()}
    return Parsed(tables, sheet.cells.rejects, sheet.rows_in, exported)


def _reject_totals(mapping: Mapping, cells: Cells) -> None:
    """Reject records that add others up: a column of a key says so, or they alone have no day."""
    for name, mapped in mapping.tables.items():
        for column in TABLES[name].key:
            header = mapped.columns.get(column)
            if not header or header == ROW_NUMBER or column in mapped.values:
                continue
            values = cells.raw(fold(header))
            said = values.index.isin([reject.row for reject in cells.rejects])
            cells.reject(fold(header), is_total(values) & ~said, "a row that adds others up, not a record")
            if str(TABLES[name].columns[column].dtype).startswith("datetime64") and values.notna().any():
                cells.reject(fold(header), values.isna(), "the cell is empty, though other records have a day")


def _table_columns(
    table: Table, mapped: TableMapping, mapping: Mapping, cells: Cells, people: KeysOnce
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, header in mapped.columns.items():
        if header == ROW_NUMBER:
            found[column] = pd.Series(cells.frame.index.astype(str), index=cells.frame.index, dtype="string")
        else:
            found[column] = _column(table, column, fold(header), mapped.values.get(column), mapping, cells, people)
    for column, constant in mapped.constants.items():
        line = Cells(pd.DataFrame({"constant": [constant]}, index=[1], dtype="string"))
        found[column] = _column(table, column, "constant", None, mapping, line, people).iloc[0]
    return found


def _column(
    table: Table,
    column: str,
    header: str,
    values: dict[str, str] | None,
    mapping: Mapping,
    cells: Cells,
    people: KeysOnce,
) -> pd.Series:
    if column.endswith("_key") and column in table.columns:
        return people.keys(_identifier(table, column, header, cells))
    if column not in table.columns:
        return cells.outcome(header)
    spec = table.columns[column]
    if values:
        return cells.choice(header, values)
    if spec.dtype == UTC:
        return _moments(header, mapping, cells)
    if column in IDENTIFIERS:
        return _identifier(table, column, header, cells)
    if str(spec.dtype).startswith("datetime64"):
        return cells.iso_day(header)
    readers = {"Int64": cells.count, "Float64": cells.number, "boolean": cells.flag}
    if reader := readers.get(str(spec.dtype)):
        return reader(header)
    if not spec.required and column not in CODES:
        return cells.text(header)
    found = cells.code(header)
    if spec.required:
        cells.reject(header, found.isna(), "the cell is empty")
    return found


def _moments(header: str, mapping: Mapping, cells: Cells) -> pd.Series:
    """Return a column of times in UTC, as the mapping says they are written."""
    if mapping.time_format:
        return cells.local_time(header, mapping.time_format, mapping.time_zone)
    found = _iso_times(cells.raw(header), mapping.time_zone)
    found = cells.iso_time(header, mapping.time_zone) if found is None else found
    if "time_zone" not in mapping.model_fields_set and not _states_offset(cells.raw(header)):
        cells.numbers.note(
            f"times in '{header}' state no offset: read as UTC, which `time_zone:` of the mapping may change"
        )
    return found


def _identifier(table: Table, column: str, header: str, cells: Cells) -> pd.Series:
    """Return an id: where the table cannot do without it an empty cell is rejected, else it is null."""
    if table.columns[column].required:
        return cells.identifier(header)
    return cells.optional_id(header)


def _states_offset(values: pd.Series) -> bool:
    first = values.dropna().head(1)
    return first.empty or bool(first.str.contains(OFFSET, regex=True).iloc[0])


def _iso_times(values: pd.Series, zone: str) -> pd.Series | None:
    """Return *values* as UTC where all are plain ISO 8601, all with an offset or all in *zone* being UTC; else None.

    The same as `Cells.iso_time`, some ten times as fast; None is no failure, but leaves the work to it.
    """
    texts = arrow.array(values, type=arrow.string(), from_pandas=True)
    for kind in (arrow.timestamp("us", "UTC"), *([arrow.timestamp("us")] if zone == "UTC" else [])):
        try:
            moments = compute.cast(texts, kind)
        except arrow.ArrowInvalid:
            continue
        found = pd.Series(moments.cast(arrow.timestamp("us", "UTC")).to_pandas().array, index=values.index, dtype=UTC)
        return found if sensible(found).notna().equals(found.notna()) else None
    return None
