"""The canonical tables in a warehouse that somebody else runs: found by name, held to the columns and kinds they must have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.data import schema
from fanops_utils.data.table import Table
from fanops_utils.data.warehouse.foreign.connecting import connected
from fanops_utils.data.warehouse.foreign.rolled import fan_days_of
from fanops_utils.data.warehouse.foreign.snapshots import snapshots
from fanops_utils.data.warehouse.views import canonical, in_memory
from fanops_utils.errors import DataError
from fanops_utils.text import Written, say
from fanops_utils.workspace.reads import declared_elsewhere, note_table, note_unnamed
from fanops_utils.workspace.registers.engine import Engine

if TYPE_CHECKING:
    import ibis

COLLATED = ("postgres",)  # elsewhere text is compared by its bytes, as DuckDB does


class ForeignTables:
    """The tables of one brand in the warehouse *engine*, which the register *file* names."""

    def __init__(self, engine: Engine, *, file: Path) -> None:
        self.engine, self.file = engine, file
        self._known: dict[str, ibis.Table | None] = {}
        self._named: dict[str, str | None] = {}

    @cached_property
    def backend(self) -> Any:
        """The connection; made when first asked for."""
        return connected(self.engine, file=self.file)

    def table(self, name: str) -> ibis.Table:
        """Return table *name* in canonical columns and types; an empty one where the warehouse has no such table.

        Raises DataError where a column is lacking that every row must have, or is of another kind.
        """
        found = self._found(name)
        if found is None and name == "fan_day" and self.has("member_events"):
            return canonical(name, fan_days_of(self.table("member_events")))
        self._note(name, found)
        table = schema.table(name)
        if found is None:
            return in_memory(name, table.conform(pd.DataFrame(columns=list(table.columns))))
        return canonical(name, found)

    def identity(self, name: str) -> str | None:
        """Return what names the content of table *name*, as it was when first asked for; None where the engine does not tell."""
        return self._names([name])[name]

    def _names(self, names: Sequence[str]) -> dict[str, str | None]:
        """Return what names the content of each table of *names*: all that were not asked for yet at once."""
        if new := [name for name in names if name not in self._named]:
            self._named |= snapshots(self.backend, self.engine, new)
        return {name: self._named[name] for name in names}

    def identities(self) -> dict[str, str]:
        """Return what names the content of each table that is there and has a name for it."""
        names = [name for name in (*schema.TABLES, *schema.SYSTEM_TABLES) if self.has(name)]
        return {name: identity for name, identity in self._names(names).items() if identity}

    def has(self, name: str) -> bool:
        """Return whether the warehouse has a table *name*."""
        return self._found(name) is not None

    def rows(self) -> dict[str, int]:
        """Return the rows of each canonical table that the warehouse has."""
        found = {name: self._found(name) for name in (*schema.TABLES, *schema.SYSTEM_TABLES)}
        return {name: int(one.count().execute()) for name, one in found.items() if one is not None}

    def _found(self, name: str) -> ibis.Table | None:
        if name not in self._known:
            self._known[name] = self._look(schema.table(name))
        return self._known[name]

    def _look(self, table: Table) -> ibis.Table | None:
        from ibis.common.exceptions import TableNotFound

        try:
            with declared_elsewhere():
                found = self.backend.table(table.name, database=self._namespace)
        except TableNotFound:
            return None
        found = found.rename(str.lower) if any(one != one.lower() for one in found.columns) else found
        self._check(table, found)
        kept = [one for one in found.columns if table.open or one in table.columns]
        return self._by_bytes(found.select(*kept))

    @property
    def _namespace(self) -> tuple[str, ...] | str | None:
        parts = tuple((self.engine.namespace or "").split("."))
        return parts if len(parts) > 1 else parts[0] or None

    def _check(self, table: Table, found: ibis.Table) -> None:
        place = Written(f"{self.engine.kind}, {table.name}")
        for name, column in table.columns.items():
            if name not in found.columns:
                if column.required or name in table.key or name == "date_day":
                    lacking = say("the table lacks a column that every row must have ({table})", table=place)
                    raise DataError(lacking, file=self.file, value=name, choices=found.columns)
                continue
            kind, wanted = found[name].type(), column.arrow
            if not _may_be(kind, str(wanted)):
                told = say(
                    "the column holds {kind}, not {wanted} ({table})",
                    kind=Written(str(kind)), wanted=Written(str(wanted)), table=place,
                )  # fmt: skip
                raise DataError(told, file=self.file, column=name)

    def _by_bytes(self, found: ibis.Table) -> ibis.Table:
        """Return *found* with text in the order of its bytes, where the engine would sort it by a language."""
        if self.backend.name not in COLLATED:
            return found
        return collated(self.backend, found)

    def _note(self, name: str, found: ibis.Table | None) -> None:
        if found is None:
            note_table(name, None)
        elif identity := self.identity(name):
            note_table(name, identity)
        else:
            note_unnamed(f"table {name} of {self.engine.kind}, which names no snapshot")


def _may_be(kind: Any, wanted: str) -> bool:
    """Return whether a column of *kind* can be read as the Arrow type *wanted* without guessing."""
    if wanted == "string":
        return kind.is_string() or kind.is_null()
    if wanted.startswith("timestamp"):
        return kind.is_timestamp() or kind.is_null()
    if wanted.startswith("date"):
        return kind.is_date() or kind.is_null()
    if wanted == "bool":
        return kind.is_boolean() or kind.is_null()
    return kind.is_numeric() or kind.is_null()


def collated(backend: Any, found: ibis.Table) -> ibis.Table:
    """Return *found*, a table of PostgreSQL, its texts compared by their bytes."""
    texts = [name for name, kind in found.schema().items() if kind.is_string()]
    listed = ", ".join(
        f'"{name}"' + (' COLLATE "C" AS "' + name + '"' if name in texts else "") for name in found.columns
    )
    return backend.sql(f"SELECT {listed} FROM ({backend.compile(found)}) AS whole", schema=found.schema())  # noqa: S608
