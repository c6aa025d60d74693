"""The register of a mapping: which file or database it is for, and which of its columns is which canonical column."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from fanops_utils.data.schema import TABLES
from fanops_utils.data.sources.shared.sheet import fold
from fanops_utils.data.table import LOCAL
from fanops_utils.errors import suggest
from fanops_utils.workspace.register import MisplacedError, Register, read_register
from fanops_utils.workspace.registers.brand import TimeZone

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
    time_format: str | None = Field(
        default=None,
        description="strptime pattern, unix_s or unix_ms (counted since 1970); ISO 8601 where absent",
    )
    decimal: Literal[".", ","] | None = Field(default=None, description="decimal mark; the file decides where absent")

    @model_validator(mode="after")
    def _canonical(self) -> Mapping:
        for name, mapped in self.tables.items():
            if name not in TABLES:
                raise MisplacedError(f"'{name}' is no canonical table. {suggest(name, TABLES)}", "tables", name)
            table = TABLES[name]
            given: list[tuple[str, str]] = [("columns", one) for one in mapped.columns]
            given += [("constants", one) for one in mapped.constants] + [("values", one) for one in mapped.values]
            for part, column in given:
                is_cut = table.local is not None and column in LOCAL  # at import, from the moment of the row
                if is_cut or (column not in table.columns and not (table.open and column in mapped.columns)):
                    unknown = f"table {name} has no column '{column}'. {suggest(column, table.payload)}"
                    raise MisplacedError(unknown, "tables", name, part, column)
            named = {*mapped.columns, *mapped.constants, "snapshot_at"}
            lacking = [c for c, spec in table.columns.items() if spec.required and c not in named]
            if lacking:
                needed = f"table {name} needs the column '{lacking[0]}': name it under columns or constants"
                raise MisplacedError(needed, "tables", name)
        return self

    @cached_property
    def headers(self) -> set[str]:
        """Columns the file must have for this mapping to fit it."""
        return {fold(c) for table in self.tables.values() for c in table.columns.values() if c != ROW_NUMBER}


def read_mapping(path: Path) -> Mapping:
    """Read the mapping register at *path*; raise WorkspaceError naming what is wrong in it."""
    return read_register(path, Mapping)
