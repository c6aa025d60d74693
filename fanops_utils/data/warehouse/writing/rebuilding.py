"""The warehouse made again from everything under raw/, beside the old one, which it then replaces in one step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fanops_utils.data.privacy.pseudonyms import MARK
from fanops_utils.data.sources.databases import label_of
from fanops_utils.data.sources.files.reading import files_under
from fanops_utils.data.warehouse.files import clear_unnamed, write_in_one_step
from fanops_utils.data.warehouse.locking import WAIT_SECONDS
from fanops_utils.data.warehouse.manifest import MANIFEST
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.importing import import_paths, readable_mappings
from fanops_utils.data.warehouse.writing.originals import Original, read_notes
from fanops_utils.data.warehouse.writing.reports import FileReport, Watch
from fanops_utils.errors import WorkspaceError, counted
from fanops_utils.text import say
from fanops_utils.workspace import Workspace

AGAIN = ".rebuilding"  # in the warehouse's folder: what a rebuild that was killed leaves goes with the next that writes


@dataclass(frozen=True)
class _Again(Workspace):
    """The same workspace, with another warehouse."""

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse" / AGAIN


def rebuild(workspace: Workspace, *, watch: Watch | None = None, wait: float = WAIT_SECONDS) -> list[FileReport]:
    """Make the warehouse again from everything under raw/, in the order it came; return a report per file.

    What was given with a kept file (account, day, mapping) is given again; databases that were read are read again. Until
    the new warehouse is whole the old one stays, and is read. Raises WorkspaceError where the warehouse holds files that
    are not under raw/, or that can no longer be read: their rows would be lost.
    """
    store, again = Store(workspace), _Again(workspace.path)
    store.place.only_here(say("Making the tables again"))
    reports: list[FileReport] = []
    with store.locked(wait=wait, waiting=watch.waiting if watch else lambda: None):
        batches, databases = _batches(workspace), _databases(store)
        if lost := _only_in_warehouse(store, databases):
            hint = "Import them again from where they are: a copy is then kept under raw/"
            raise WorkspaceError(
                f"{counted(len(lost), 'file')} of the warehouse not under raw/", value=lost[0], hint=hint
            )
        again.warehouse.mkdir(mode=0o700)
        try:
            for files, told in batches:
                reports += import_paths(again, files, watch=watch, wait=wait, **told.given(workspace))
            for name in databases.values():
                reports += import_paths(again, [], database=name, watch=watch, wait=wait)
            if refused := _no_longer_read(store, reports):
                hint = "Put it back as it was, or import a newer export of the same days first"
                raise WorkspaceError(
                    f"{len(refused)} files that the tables were made from are refused now ({refused[0].error})",
                    value=refused[0].file,
                    hint=hint,
                )
            _adopt(store, Store(again))
        finally:
            shutil.rmtree(again.warehouse, ignore_errors=True)
    return reports


def _adopt(store: Store, made: Store) -> None:
    """Replace everything in *store* by the tables *made*, whose files move there; readers see all of either state."""
    tables, before = made.manifest(), {file for entry in store.manifest().values() for file in entry.files}
    kept = {file for entry in tables.values() for file in entry.files}
    for file in kept:
        (made.folder / file).replace(store.folder / file)
    previous = sorted(before - kept)
    state = {"tables": {name: tables[name].to_json() for name in sorted(tables)}, "previous": previous}
    write_in_one_step(store.folder / MANIFEST, json.dumps(state, indent=1))
    if (made.folder / MARK).is_file():
        (made.folder / MARK).replace(store.folder / MARK)
    clear_unnamed(store.folder, {*kept, *previous})


def _databases(store: Store) -> dict[str, str]:
    """Return the mappings whose databases the warehouse was read from, by the label of each in the log."""
    log = set(store.read("import_log")["file"])
    mappings, _ = readable_mappings(store.workspace)
    named = {label_of(one): one.name for one in mappings if one.database}
    return {label: name for label, name in named.items() if label in log}


def _only_in_warehouse(store: Store, databases: Mapping[str, str]) -> list[str]:
    """Return the files of the log that could not be read again; one inside an archive lies where the archive does."""
    folder = store.workspace.path
    there = (
        {file.relative_to(folder).as_posix() for file in files_under(folder / "raw")}
        if (folder / "raw").is_dir()
        else set()
    )
    log = store.read("import_log")
    loaded = log.loc[log["rows_loaded"].fillna(0) > 0, "file"]
    return [
        one
        for one in loaded
        if one not in databases and not any(one == file or one.startswith(f"{file}/") for file in there)
    ]


def _no_longer_read(store: Store, reports: Iterable[FileReport]) -> list[FileReport]:
    """Return which of the files refused in *reports* have rows in the warehouse."""
    log = store.read("import_log")
    loaded = set(log.loc[log["rows_loaded"].fillna(0) > 0, "file"])
    return [one for one in reports if one.status == "refused" and one.file in loaded]


def _batches(workspace: Workspace) -> list[tuple[list[Path], Original]]:
    """Return the files under raw/ with what was told about them: first those laid there by hand, then by day."""
    known = {workspace.path / one.path: one for one in read_notes(workspace).values()}
    batches: dict[Original, list[Path]] = {}
    for file in files_under(workspace.raw) if workspace.raw.is_dir() else ():
        one = known.get(file, Original("", "", ""))
        batches.setdefault(replace(one, path="", digest=""), []).append(file)
    return sorted(((files, told) for told, files in batches.items()), key=lambda batch: batch[1].kept_on)
