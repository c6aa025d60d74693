"""The warehouse of a workspace: tables read, asked through Ibis, and replaced several at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet

from fanops_utils.data import schema
from fanops_utils.data.parts import TableFiles
from fanops_utils.data.warehouse.contents import write_table
from fanops_utils.data.warehouse.days import Cut, cut_of
from fanops_utils.data.warehouse.engine import for_questions
from fanops_utils.data.warehouse.files import clear_unnamed, write_in_one_step
from fanops_utils.data.warehouse.locking import WAIT_SECONDS, held
from fanops_utils.data.warehouse.manifest import MANIFEST, Manifest
from fanops_utils.data.warehouse.place import Place
from fanops_utils.data.warehouse.stored import introduce
from fanops_utils.data.warehouse.views import in_memory, view
from fanops_utils.text import say
from fanops_utils.workspace import Workspace

if TYPE_CHECKING:
    import ibis

    from fanops_utils.data.warehouse.contents import Content

T = TypeVar("T")


class Store:
    """The warehouse of one workspace: read tables, replace several of them at once, query them through Ibis.

    The files of the state before the last commit stay until the next one, so that whoever opened a table can
    finish reading it while an import commits. Where `brand.yml` says that the tables lie elsewhere (`place`), they are
    read from there, and whatever would write, or needs their files, is refused.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.folder, self.place = workspace, workspace.warehouse, Place(workspace)
        self._manifest = Manifest(self.place)
        self._answers: dict[Hashable, Any] = {}

    def manifest(self) -> dict[str, TableFiles]:
        """Return per table its files and rows; raise WorkspaceError where the manifest is damaged."""
        return self._manifest.tables()

    @property
    def is_own(self) -> bool:
        """Whether its tables are files of the workspace: those that lie elsewhere are only read, not searched or erased."""
        return self.place.foreign is None and not self.place.stored

    def rows(self) -> dict[str, int]:
        """Return the rows of every table there is, wherever it is read from."""
        if self.place.foreign is not None:
            return self.place.foreign.rows()
        return {name: entry.rows for name, entry in self.manifest().items()}

    def has(self, name: str) -> bool:
        """Return whether there is a table *name*, wherever it is read from."""
        return self.place.foreign.has(name) if self.place.foreign is not None else name in self.manifest()

    def files(self, name: str) -> TableFiles | None:
        """Return the files of table *name*; None where nothing was imported; raise where one is damaged."""
        self.place.only_here(say("Reading the files of a table"))
        return self._manifest.files(schema.table(name).name)

    def paths(self, name: str) -> tuple[Path, ...]:
        """Return the Parquet files of table *name*, none where nothing was imported; raises as `files`, and on storage."""
        self.place.only_on_disk()
        entry = self.files(name)
        return tuple(self.folder / file for file in entry.files) if entry else ()

    def once(self, question: Hashable, ask: Callable[[], T]) -> T:
        """Return what *ask* answers to *question*, asked anew only where the tables have changed since.

        Of another engine's tables, of which nobody tells when they change, once.
        """
        state = {} if self.place.foreign is not None else self.manifest()
        key = (question, tuple((name, entry.identity) for name, entry in state.items()))
        if key not in self._answers:
            self._answers[key] = ask()
        return self._answers[key]

    def cut(self, name: str) -> Cut | None:
        """Return how the days of table *name* are cut for the brand as it is now; None where the platform cuts them."""
        return cut_of(schema.table(name), self.workspace.brand)

    def needs_cut(self, name: str, entry: TableFiles) -> bool:
        """Return whether the days in the files *entry* were cut in other zones than those of today, or not at all."""
        cut = self.cut(name) if schema.table(name).local else None
        return cut is not None and entry.zones != cut.zones

    def read(self, name: str) -> pd.DataFrame:
        """Return table *name* as a frame in canonical types; empty where nothing was imported."""
        table = schema.table(name)
        if self.place.foreign is not None:
            return table.conform(self.table(name).to_pandas())
        entry = self.files(name)
        if entry is None or not entry.parts:
            return table.conform(pd.DataFrame(columns=list(table.columns)))
        if self.place.stored or self.needs_cut(name, entry):
            return table.conform(self.table(name).to_pandas())
        whole = [parquet.read_table(self.folder / file) for file in entry.files]
        return table.conform(arrow.concat_tables(whole, promote_options="default").to_pandas())

    def table(self, name: str) -> ibis.Table:
        """Return table *name* as an Ibis expression on DuckDB, or on the brand's engine; an empty one where there is none.

        A column that was not known yet when a file was written is null. Days that were cut in other zones than today's
        (or before days were cut at import at all) are cut anew in the expression; those of another engine are as they are.
        """
        if self.place.foreign is not None:
            return self.place.foreign.table(name)
        entry = self.files(name)
        if entry is None or not entry.parts:
            return in_memory(name, self.read(name))
        cut = self.cut(name) if self.needs_cut(name, entry) else None
        files = [self.place.at(file) for file in entry.files]
        return self.once((Store.table, name, repr(cut)), lambda: view(name, files, cut=cut, engine=self._engine))

    @cached_property
    def _engine(self) -> Any:
        engine = for_questions()
        if self.place.stored:
            introduce(engine.con, self.place.stored)
        return engine

    @contextmanager
    def locked(self, *, wait: float = WAIT_SECONDS, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold the warehouse for writing, as `locking.held` does; refused where it lies elsewhere."""
        self.place.only_on_disk()
        self.place.only_here(say("Writing"))
        with held(self.folder, raw=self.workspace.raw, wait=wait, waiting=waiting):
            yield

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
