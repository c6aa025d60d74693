"""The data inventory: purpose, legal basis and retention of every column the warehouse can hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd
from pydantic import Field, model_validator

from fanops_utils.data.schema import SYSTEM_TABLES, TABLES, Table
from fanops_utils.errors import suggest
from fanops_utils.workspace.register import Register, read_register

FILE = Path(__file__).with_name("inventory.yml")


class ColumnClass(Register):
    """Columns that are held for one and the same reason."""

    purpose: str = Field(min_length=1)
    basis: str = Field(min_length=1)
    personal: bool = False


class TableEntry(Register):
    """The columns of one table by class, and how long its rows are kept: days, or a sentence where no day tells."""

    columns: dict[str, tuple[str, ...]] = Field(min_length=1)
    keep_days: int | None = Field(default=None, gt=0)
    kept: str = ""

    @model_validator(mode="after")
    def _retained(self) -> TableEntry:
        if (self.keep_days is None) == (not self.kept):
            raise ValueError("say how long the rows are kept: keep_days, or kept where no number of days tells")
        return self

    @property
    def retention(self) -> str:
        return f"{self.keep_days} days" if self.keep_days else self.kept


class Inventory(Register):
    """The inventory as written: classes of columns, columns every table has, and the tables."""

    classes: dict[str, ColumnClass] = Field(min_length=1)
    everywhere: dict[str, tuple[str, ...]]
    tables: dict[str, TableEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Inventory:
        for name, entry in self.tables.items():
            for kind in (*entry.columns, *self.everywhere):
                if kind not in self.classes:
                    raise ValueError(f"table {name}: no class '{kind}'. {suggest(kind, self.classes)}")
            listed = Counter(column for columns in entry.columns.values() for column in columns)
            if twice := [column for column, times in listed.items() if times > 1]:
                raise ValueError(f"table {name}: the column '{twice[0]}' stands in two classes")
        return self

    def class_of(self, table: str, column: str) -> str | None:
        """Return the class of *column*; None where it has none: nobody has said what it is for."""
        entry = self.tables.get(table)
        for listed in (entry.columns if entry else {}, self.everywhere):
            for kind, columns in listed.items():
                if column in columns:
                    return kind
        return None


@cache
def read_inventory(path: Path = FILE) -> Inventory:
    """Return the inventory at *path*; raise WorkspaceError naming what is wrong in it."""
    return read_register(path, Inventory)


def gaps(inventory: Inventory | None = None, tables: Mapping[str, Table] | None = None) -> list[str]:
    """Return what the inventory lacks: columns without purpose, tables without retention, entries for what is no more."""
    held = inventory or read_inventory()
    known = tables or {**TABLES, **SYSTEM_TABLES}
    found = [f"table {name} has no entry: nobody has said how long its rows are kept" for name in known
             if name not in held.tables]  # fmt: skip
    found += [f"table {name}, column '{column}': nobody has said what it is for" for name, table in known.items()
              for column in table.columns if held.class_of(name, column) is None]  # fmt: skip
    found += [f"there is no table {name}" for name in held.tables if name not in known]
    found += [f"table {name} has no column '{column}'" for name, entry in held.tables.items() if name in known
              for columns in entry.columns.values() for column in columns
              if column not in known[name].columns]  # fmt: skip
    return found


def column_inventory() -> pd.DataFrame:
    """Return one row per column: table, column, class, personal, purpose, basis, retention."""
    held, rows = read_inventory(), []
    for name, table in {**TABLES, **SYSTEM_TABLES}.items():
        for column in table.columns:
            kind = held.class_of(name, column)
            why = held.classes[kind] if kind else None
            rows.append({
                "table": name, "column": column, "class": kind, "personal": why.personal if why else None,
                "purpose": why.purpose if why else None, "basis": why.basis if why else None,
                "retention": held.tables[name].retention if name in held.tables else None,
            })  # fmt: skip
    return pd.DataFrame(rows)
