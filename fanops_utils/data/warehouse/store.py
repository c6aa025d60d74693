"""Tables on disk: one Parquet file each, named in a manifest that is replaced in one step."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet
from filelock import FileLock, Timeout

from fanops_utils.data import schema
from fanops_utils.data.warehouse.files import LOCK, clear_leftovers, clear_unnamed, settle, write_in_one_step
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import Written, say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.reads import note_table

if TYPE_CHECKING:
    import ibis

    Content: TypeAlias = pd.DataFrame | ibis.Table | arrow.RecordBatchReader | Path

MANIFEST = "manifest.json"
WAIT_SECONDS = 600.0


class Store:
    """The warehouse of one workspace: read tables, replace several of them at once, query them through Ibis.

    The files of the state before the last commit stay until the next one, so that whoever opened a table can
    finish reading it while an import commits.
    """

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
        hint = say("Delete the warehouse folder and import raw/ again")
        return WorkspaceError(
            say("the warehouse is damaged ({error})", error=Written(str(error), "en")),
            file=self.folder / name,
            hint=hint,
        )

    def path(self, name: str) -> Path | None:
        """Return the Parquet file of table *name*; None where nothing was imported; raise where it is damaged."""
        note_table(name, self.manifest().get(name, {}).get("file"))
        entry = self.manifest().get(schema.table(name).name)
        while entry is not None:
            path = self.folder / entry["file"]
            try:
                parquet.read_metadata(path)
                return path
            except (OSError, arrow.ArrowException) as error:
                newer = self.manifest().get(name)
                if newer == entry:
                    raise self._damaged(entry["file"], error) from None
                entry = newer  # two imports committed since the manifest was read
        return None

    def read(self, name: str) -> pd.DataFrame:
        """Return table *name* as a frame in canonical types; empty where nothing was imported."""
        path, table = self.path(name), schema.table(name)
        frame = parquet.read_table(path).to_pandas() if path else pd.DataFrame(columns=list(table.columns))
        return table.conform(frame)

    @contextmanager
    def locked(self, *, wait: float = WAIT_SECONDS, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold the warehouse for writing, waiting up to *wait* seconds for another process; may be nested.

        *waiting* is called once where somebody else holds it. Raises WorkspaceError when the time is over, and where
        the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                waiting()
                self._lock.acquire(timeout=wait)
        except Timeout:
            hint = say("Wait until it has ended and try again")
            raise WorkspaceError(say("another import is writing this warehouse"), file=self.folder, hint=hint) from None
        except OSError as error:
            raise WorkspaceError(
                say("the warehouse cannot be written ({error})", error=Written(str(error), "en")), file=self.folder
            ) from None
        try:
            if self._lock.lock_counter == 1:
                clear_leftovers(self.folder)
            yield
        finally:
            self._lock.release()

    @cached_property
    def _lock(self) -> FileLock:
        return FileLock(self.folder / LOCK, is_singleton=True)  # one per process and folder, so that it nests

    def commit(self, contents: Mapping[str, Content], *, keep_previous: bool = True) -> None:
        """Replace the tables in *contents*: readers see all of the old state or all of the new one.

        A table is given as a frame, or, where it may be too large for one, as an Ibis expression of this store, an
        Arrow reader, or a Parquet file in canonical types, which is moved. With *keep_previous* False the files of the
        state before are deleted at once: what was erased is gone.
        """
        for name in contents:
            schema.table(name)
        with self.locked():
            before = self.manifest()
            tables = {**before}
            for name, content in contents.items():
                tables[name] = self._write(name, content)
            named = {entry["file"] for entry in tables.values()}
            previous = sorted({entry["file"] for entry in before.values()} - named) if keep_previous else []
            state = {"tables": dict(sorted(tables.items())), "previous": previous}
            write_in_one_step(self.folder / MANIFEST, json.dumps(state, indent=1))
            clear_unnamed(self.folder, {*named, *previous})

    def _write(self, name: str, content: Content) -> dict[str, Any]:
        temporary = self.folder / f".{name}.{os.getpid()}"
        try:
            if isinstance(content, Path):
                temporary = content
            elif isinstance(content, pd.DataFrame):
                ready = schema.table(name).conform(content)
                packed = arrow.Table.from_pandas(ready, schema.table(name).arrow_schema(ready), preserve_index=False)
                parquet.write_table(packed, temporary, compression="zstd")
            elif isinstance(content, arrow.RecordBatchReader):
                with parquet.ParquetWriter(temporary, content.schema, compression="zstd") as writer:
                    for batch in content:
                        writer.write_batch(batch)
            else:
                self._engine.to_parquet(_canonical(name, content), temporary, compression="zstd")
            rows = parquet.read_metadata(temporary).num_rows
            return {"file": settle(temporary, self.folder, name), "rows": rows}
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    @cached_property
    def _engine(self) -> Any:
        import ibis

        threads = os.environ.get("FANOPS_THREADS")  # a batch shares the cores among its jobs
        return ibis.duckdb.connect(**({"threads": int(threads)} if threads else {}))

    def table(self, name: str) -> ibis.Table:
        """Return table *name* as an Ibis expression on DuckDB; an empty one where nothing was imported.

        A column that was not known yet when the file was written is null.
        """
        path = self.path(name)
        if path is not None:
            found = self._engine.read_parquet(path, table_name=name)
            return found if set(schema.table(name).columns) <= set(found.columns) else _canonical(name, found)
        import ibis

        empty = self.read(name)
        return ibis.memtable(
            arrow.Table.from_pandas(empty, schema.table(name).arrow_schema(empty), preserve_index=False)
        )


def _canonical(name: str, expression: ibis.Table) -> ibis.Table:
    """Return *expression* with the columns and types of table *name*, absent ones null."""
    import ibis

    table = schema.table(name)
    empty = table.conform(pd.DataFrame(columns=list(dict.fromkeys([*table.columns, *expression.columns]))))
    types = ibis.Schema.from_pyarrow(table.arrow_schema(empty))
    return expression.select(
        **{
            column: (expression[column] if column in expression.columns else ibis.null()).cast(kind)
            for column, kind in types.items()
        }
    )
