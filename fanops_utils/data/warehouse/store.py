"""Tables on disk: Parquet files each, named in a manifest that is replaced in one step."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet
from filelock import FileLock, Timeout

from fanops_utils.data import schema
from fanops_utils.data.parts import TableFiles
from fanops_utils.data.warehouse.contents import write_table
from fanops_utils.data.warehouse.days import Cut, cut_of
from fanops_utils.data.warehouse.files import (
    LOCK,
    clear_erasing,
    clear_leftovers,
    clear_unnamed,
    write_in_one_step,
)
from fanops_utils.data.warehouse.stored import Stored, introduce, stored_at
from fanops_utils.data.warehouse.views import in_memory, view
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import Written, say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import BRAND
from fanops_utils.workspace.reads import note_table

if TYPE_CHECKING:
    import ibis

    from fanops_utils.data.warehouse.contents import Content

T = TypeVar("T")
MANIFEST = "manifest.json"
WAIT_SECONDS = 600.0
MEMORY = "384MB"  # what questions may hold at once; more is spilled


class Store:
    """The warehouse of one workspace: read tables, replace several of them at once, query them through Ibis.

    The files of the state before the last commit stay until the next one, so that whoever opened a table can
    finish reading it while an import commits.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.folder = workspace, workspace.warehouse
        self._answers: dict[Hashable, Any] = {}

    @cached_property
    def stored(self) -> Stored | None:
        """Where the warehouse lies on object storage, as `brand.yml` says; None where it lies in the workspace."""
        return stored_at(self.workspace.storage) if self.workspace.storage else None

    def at(self, name: str) -> Path | Stored:
        """Return where the file *name* of the warehouse lies."""
        return self.stored / name if self.stored else self.folder / name

    def _on_disk(self) -> None:
        """Raise WorkspaceError where the warehouse lies on object storage: there it is only read."""
        if self.stored:
            raise WorkspaceError(
                say("a warehouse on object storage is only read"), file=self.workspace.path / BRAND.files,
                value=self.workspace.storage, hint=say("Whole workspaces stay on disks: do it in the one it was sent from"),
            )  # fmt: skip

    def manifest(self) -> dict[str, TableFiles]:
        """Return per table its files and rows; raise WorkspaceError where the manifest is damaged."""
        try:
            tables = json.loads(self.at(MANIFEST).read_text())["tables"]
            return {name: TableFiles.from_json(entry) for name, entry in tables.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(MANIFEST, error) from None

    def _damaged(self, name: str, error: Exception) -> WorkspaceError:
        again = say("Delete the warehouse folder and import raw/ again")
        hint = say("Send it anew: fanops publish --warehouse") if self.stored else again
        return WorkspaceError(
            say("the warehouse is damaged ({error})", error=Written(str(error), "en")),
            file=str(self.at(name)),
            hint=hint,
        )

    def files(self, name: str) -> TableFiles | None:
        """Return the files of table *name*; None where nothing was imported; raise where one is damaged."""
        entry = self.manifest().get(schema.table(name).name)
        note_table(name, entry.identity if entry else None, entry.files if entry else ())
        while entry is not None:
            file = ""
            try:
                for file in entry.files:
                    self._look_at(file)
                return entry
            except (OSError, arrow.ArrowException) as error:
                newer = self.manifest().get(name)
                if newer == entry:
                    raise self._damaged(file, error) from None
                entry = newer  # two imports committed since the manifest was read
                note_table(name, entry.identity if entry else None, entry.files if entry else ())
        return None

    def once(self, question: Hashable, ask: Callable[[], T]) -> T:
        """Return what *ask* answers to *question*, asked anew only where the tables have changed since."""
        key = (question, tuple((name, entry.identity) for name, entry in self.manifest().items()))
        if key not in self._answers:
            self._answers[key] = ask()
        return self._answers[key]

    def _look_at(self, file: str) -> None:
        """Read what the Parquet *file* says of itself; on storage, where a name never changes its content, once."""
        where = self.at(file)
        if isinstance(where, Path):
            parquet.read_metadata(where)
        elif file not in self._looked_at:
            with where.open() as opened:
                parquet.read_metadata(opened)
            self._looked_at.add(file)

    @cached_property
    def _looked_at(self) -> set[str]:
        return set()

    def paths(self, name: str) -> tuple[Path, ...]:
        """Return the Parquet files of table *name*, none where nothing was imported; raises as `files`, and on storage."""
        self._on_disk()
        entry = self.files(name)
        return tuple(self.folder / file for file in entry.files) if entry else ()

    def cut(self, name: str) -> Cut | None:
        """Return how the days of table *name* are cut for the brand as it is now; None where the platform cuts them."""
        return cut_of(schema.table(name), self.workspace.brand)

    def needs_cut(self, name: str, entry: TableFiles) -> bool:
        """Return whether the days in the files *entry* were cut in other zones than those of today, or not at all."""
        cut = self.cut(name) if schema.table(name).local else None
        return cut is not None and entry.zones != cut.zones

    def read(self, name: str) -> pd.DataFrame:
        """Return table *name* as a frame in canonical types; empty where nothing was imported."""
        entry, table = self.files(name), schema.table(name)
        if entry is None or not entry.parts:
            return table.conform(pd.DataFrame(columns=list(table.columns)))
        if self.stored or self.needs_cut(name, entry):
            return table.conform(self.table(name).to_pandas())
        whole = [parquet.read_table(self.folder / file) for file in entry.files]
        return table.conform(arrow.concat_tables(whole, promote_options="default").to_pandas())

    @contextmanager
    def locked(self, *, wait: float = WAIT_SECONDS, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold the warehouse for writing, waiting up to *wait* seconds for another process; may be nested.

        *waiting* is called once where somebody else holds it. Raises WorkspaceError when the time is over, and where
        the folder cannot be written or the warehouse lies on object storage.
        """
        self._on_disk()
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
                clear_erasing(self.workspace.raw)
            yield
        finally:
            self._lock.release()

    @cached_property
    def _lock(self) -> FileLock:
        return FileLock(self.folder / LOCK, is_singleton=True)  # one per process and folder, so that it nests

    def commit(self, contents: Mapping[str, Content], *, keep_previous: bool = True) -> None:
        """Replace the tables in *contents*: readers see all of the old state or all of the new one.

        A table is given as a frame, or, where it may be too large for one, as an Ibis expression of this store, an
        Arrow reader, a Parquet file in canonical types, or several (Parts); files are moved. With *keep_previous* False
        the files of the state before are deleted at once: what was erased is gone.
        """
        for name in contents:
            schema.table(name)
        with self.locked():
            before = self.manifest()
            tables = {**before}
            for name, content in contents.items():
                tables[name] = write_table(name, content, self.folder, engine=lambda: self._engine)
            kept = {file for entry in tables.values() for file in entry.files}
            gone = {file for entry in before.values() for file in entry.files} - kept
            previous = sorted(gone) if keep_previous else []
            state = {"tables": {name: tables[name].to_json() for name in sorted(tables)}, "previous": previous}
            write_in_one_step(self.folder / MANIFEST, json.dumps(state, indent=1))
            clear_unnamed(self.folder, {*kept, *previous})

    @cached_property
    def _engine(self) -> Any:
        import ibis

        threads = os.environ.get("FANOPS_THREADS")  # a batch shares the cores among its jobs
        spill = Path(tempfile.gettempdir()) / f"fanops-{os.getpid()}"  # made when something is spilled
        more = {"threads": int(threads)} if threads else {}
        engine = ibis.duckdb.connect(memory_limit=MEMORY, temp_directory=str(spill), **more)
        if self.stored:
            introduce(engine.con, self.stored)
        return engine

    def table(self, name: str) -> ibis.Table:
        """Return table *name* as an Ibis expression on DuckDB; an empty one where nothing was imported.

        A column that was not known yet when a file was written is null. Days that were cut in other zones than today's
        (or before days were cut at import at all) are cut anew in the expression.
        """
        entry = self.files(name)
        if entry is None or not entry.parts:
            return in_memory(name, self.read(name))
        cut = self.cut(name) if self.needs_cut(name, entry) else None
        return view(name, [self.at(file) for file in entry.files], cut=cut, engine=self._engine)
