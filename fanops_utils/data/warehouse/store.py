"""Tables on disk: one Parquet file each, named in a manifest that is replaced in one step."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet

from fanops_utils.data import schema
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

if TYPE_CHECKING:
    import ibis

MANIFEST = "manifest.json"


class Store:
    """The warehouse of one workspace: read tables, replace several of them at once, query them through Ibis."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.folder = workspace, workspace.warehouse

    def manifest(self) -> dict[str, dict[str, Any]]:
        """Return per table its file and number of rows; raise WorkspaceError where the manifest is damaged."""
        try:
            tables = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))["tables"]
            return {name: {"file": str(entry["file"]), "rows": int(entry["rows"])} for name, entry in tables.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(MANIFEST, error) from None

    def _damaged(self, name: str, error: Exception) -> WorkspaceError:
        hint = "Delete the warehouse folder and import raw/ again"
        return WorkspaceError(f"the warehouse is damaged ({error})", file=self.folder / name, hint=hint)

    def path(self, name: str) -> Path | None:
        """Return the Parquet file of table *name*; None where nothing was imported; raise where it is damaged."""
        entry = self.manifest().get(schema.table(name).name)
        if entry is None:
            return None
        path = self.folder / entry["file"]
        try:
            parquet.read_metadata(path)
        except (OSError, arrow.ArrowException) as error:
            raise self._damaged(entry["file"], error) from None
        return path

    def read(self, name: str) -> pd.DataFrame:
        """Return table *name* as a frame in canonical types; empty where nothing was imported."""
        path, table = self.path(name), schema.table(name)
        frame = parquet.read_table(path).to_pandas() if path else pd.DataFrame(columns=list(table.columns))
        return table.conform(frame)

    def commit(self, frames: dict[str, pd.DataFrame]) -> None:
        """Replace the tables in *frames*: readers see all of the old state or all of the new one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        tables = self.manifest()
        for name, frame in frames.items():
            tables[name] = {"file": self._write(name, frame), "rows": len(frame)}
        temporary = self.folder / f".{MANIFEST}.{os.getpid()}"
        temporary.write_text(json.dumps({"tables": dict(sorted(tables.items()))}, indent=1), encoding="utf-8")
        temporary.replace(self.folder / MANIFEST)
        kept = {entry["file"] for entry in tables.values()}
        for stale in self.folder.glob("*.parquet"):
            if stale.name not in kept:
                stale.unlink(missing_ok=True)

    def _write(self, name: str, frame: pd.DataFrame) -> str:
        table = schema.table(name)
        ready = table.conform(frame)
        packed = arrow.Table.from_pandas(ready, schema=table.arrow_schema(ready), preserve_index=False)
        temporary = self.folder / f".{name}.{os.getpid()}"
        parquet.write_table(packed, temporary, compression="zstd")
        with temporary.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        final = f"{name}-{digest}.parquet"
        temporary.replace(self.folder / final)
        return final

    @cached_property
    def _engine(self) -> ibis.BaseBackend:
        import ibis

        return ibis.duckdb.connect()

    def table(self, name: str) -> ibis.Table:
        """Return table *name* as an Ibis expression on DuckDB; an empty one where nothing was imported."""
        path = self.path(name)
        if path is not None:
            return self._engine.read_parquet(path, table_name=name)
        import ibis

        empty = self.read(name)
        return ibis.memtable(
            arrow.Table.from_pandas(empty, schema.table(name).arrow_schema(empty), preserve_index=False)
        )


TIME_COLUMNS = (
    "date_day",
    "created_timestamp",
    "event_timestamp",
    "mentioned_at",
    "joined_at",
    "assigned_at",
    "snapshot_at",
)


def status(store: Store) -> list[dict[str, Any]]:
    """Return per table its name, rows, first and last day (ISO text; None where it is not dated or empty)."""
    lines = []
    for name, entry in store.manifest().items():
        columns = schema.table(name).columns
        time = next((column for column in TIME_COLUMNS if column in columns), None)
        first = last = None
        if time and entry["rows"]:
            days = store.table(name)[time].cast("date").cast("string")
            first, last = days.min().execute(), days.max().execute()
        lines.append({"table": name, "rows": entry["rows"], "first": first, "last": last})
    return lines
