"""One person erased everywhere: warehouse, quarantine, raw files, reports; then a search of it all that must find nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fanops_utils.data.privacy.erased import ERASED_PEOPLE, remember_erased
from fanops_utils.data.privacy.pseudonyms import Pseudonyms
from fanops_utils.data.protection.holdings import Holdings
from fanops_utils.data.protection.in_raw import Found, find_in_raw, put_back
from fanops_utils.data.protection.ledger import LEDGER, note
from fanops_utils.data.protection.pages import Pages, erase_pages, naming
from fanops_utils.data.protection.remains import remaining
from fanops_utils.data.protection.subjects import Subject, find_subject
from fanops_utils.data.warehouse.files import ERASING, clear_erasing
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.originals import read_notes, write_notes
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import say
from fanops_utils.workspace import Workspace

OWN = {LEDGER, ERASED_PEOPLE}
Watch = Callable[[str, int, int], None]  # is told the stage, and how many of how many are done


def _unwatched(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Erasure:
    """What was erased, in numbers; it names nobody.

    `outside` are files beyond the workspace that rows of the person came from: they are not touched. `left` are places
    where the person was still found afterwards.
    """

    tables: dict[str, int]
    files: dict[str, int]
    struck_out: int
    render_again: list[str]
    mended: list[str]
    deleted: list[str]
    unsearched: list[str]
    outside: list[str]
    left: list[str]

    @property
    def is_empty(self) -> bool:
        return not (self.tables or self.files or self.struck_out or self.render_again or self.mended or self.deleted)

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def erase(
    workspace: Workspace, ids: Iterable[str], *, reports: Path | None = None, watch: Watch = _unwatched
) -> Erasure:
    """Erase the person with *ids* from *workspace* and from its reports under *reports* (a folder of workspaces).

    Nothing is changed before everything is ready to be. Raises WorkspaceError, with nothing changed, where a file holds
    the person and cannot be edited safely (it is named), and where the warehouse is busy or cannot be written; a second
    try completes what a crash interrupted. *watch* is told the stage ("raw", "tables", "reports", "again") as it goes on.
    """
    given, store = list(ids), Store(workspace)
    store.place.only_here(say("Erasing a person"))
    subject = find_subject(workspace, given)
    with store.locked():
        staging = store.folder / f"{ERASING}{os.getpid()}"
        staging.mkdir(mode=0o700)
        try:
            found = find_in_raw(workspace, subject, edit=True, watch=partial(watch, "raw"))
            subject = find_subject(workspace, given, spelt=found.spelt)
            refused = [*found.refused, *_registers(workspace, subject)]
            if refused:
                hint = "Nothing was changed. Edit these files by hand, then try again"
                raise WorkspaceError(
                    "the person stands in files that fanops cannot edit:\n  " + "\n  ".join(refused), hint=hint
                )
            watch("tables", 0, 1)
            tables, ready, struck_out, outside = _prepare(store, subject, found, staging)
            remember_erased(workspace, subject.keys)
            store.commit(ready, keep_previous=False)
            for path, edit in found.edits.items():
                put_back(path, edit)
            write_notes(workspace, read_notes(workspace))  # without files that are gone, whose names may name them
            watch("reports", 0, 1)
            folder = reports / workspace.name if reports else None
            pages = erase_pages(folder, subject) if folder and folder.is_dir() else Pages()
        except OSError as error:
            hint = "Make room, or allow writing there, and erase again: that completes it"
            raise WorkspaceError(f"the person could not be erased ({error})", file=workspace.path, hint=hint) from None
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            clear_erasing(workspace.raw)
        left, unsearched = search(workspace, subject, reports=reports, watch=watch)
        done = Erasure(
            tables,
            {edit.label: len([one for one in edit.records if not one.is_named]) for edit in found.edits.values()},
            struck_out + sum(edit.beside + sum(one.is_named for one in edit.records) for edit in found.edits.values()),
            pages.render_again, pages.mended, pages.deleted, unsearched, outside, left,
        )  # fmt: skip
        note(workspace, "erase", _facts(done))
    return done


def search(
    workspace: Workspace, subject: Subject, *, reports: Path | None = None, watch: Watch = _unwatched
) -> tuple[list[str], list[str]]:
    """Return where *subject* is found in *workspace* and its reports, and the files that nobody can search.

    Looked through are raw files, warehouse, registers, pages and names of files: once as they are erased, once by their bytes.
    """
    again_in = partial(watch, "again")
    found = find_in_raw(workspace, subject, watch=again_in)
    left = [*(edit.label for edit in found.edits.values()), *found.refused, *_registers(workspace, subject)]
    left += [f"warehouse/{path.name}" for path in naming(workspace.warehouse, subject)]
    folder = reports / workspace.name if reports else None
    if folder and folder.is_dir():
        left += [f"reports/{path.relative_to(folder).as_posix()}" for path in naming(folder, subject)]
    again, closed = remains(workspace, subject, reports=reports, watch=again_in)
    masked = [subject.masked(one) for one in [*left, *again]]
    named = [one for one in closed if not any(told.startswith(f"{one}:") for told in found.unsearched)]
    return list(dict.fromkeys(masked)), list(dict.fromkeys([*found.unsearched, *map(subject.masked, named)]))


def remains(
    workspace: Workspace,
    subject: Subject,
    *,
    reports: Path | None = None,
    watch: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[list[str], list[str]]:
    """Return the files of *workspace* and its reports whose bytes, unpacked and decoded, hold *subject*, and those closed."""
    left, closed = remaining(workspace.path, subject, but=OWN, watch=watch)
    labels = [[path.relative_to(workspace.path).as_posix() for path in paths] for paths in (left, closed)]
    folder = reports / workspace.name if reports else None
    if folder and folder.is_dir():
        for label, paths in zip(labels, remaining(folder, subject, watch=watch), strict=True):
            label += [f"reports/{path.relative_to(folder).as_posix()}" for path in paths]
    return labels[0], labels[1]


def _prepare(
    store: Store, subject: Subject, found: Found, staging: Path
) -> tuple[dict[str, int], dict[str, Any], int, list[str]]:
    """Write the tables that hold the person anew, without them.

    Returned: rows removed, the tables to be committed, texts struck out, and files outside the workspace that rows came from.
    """
    held = Holdings(store, subject, staging, found.records(subject, Pseudonyms.of(store.workspace)))
    tables, ready, struck_out = {}, {}, 0
    origins: set[str] = set()
    for name in held.paths:
        rows, namings = held.count(name), held.namings(name)
        if rows or namings:
            origins |= held.origins(name)
            tables[name], ready[name] = rows, held.without(name, staging, namings)
            struck_out += sum(map(len, namings.values()))
    held.engine.close()
    outside = sorted(subject.masked(one) for one in origins if not _is_inside(store.workspace, one))
    return {name: rows for name, rows in tables.items() if rows}, ready, struck_out, outside


def _is_inside(workspace: Workspace, label: str) -> bool:
    """Return whether the file of the import log called *label*, or the archive it lies in, is one of the workspace."""
    return not Path(label).is_absolute() and (workspace.path / Path(label).parts[0]).exists()


def _registers(workspace: Workspace, subject: Subject) -> list[str]:
    """Return the other files of the workspace, written by people, that name the person."""
    return [
        f"{subject.masked(path.relative_to(workspace.path).as_posix())}: a register or note that names the person"
        for path in naming(workspace.path, subject, but=(workspace.raw, workspace.warehouse))
        if path.name not in OWN
    ]


def _facts(done: Erasure) -> dict[str, Any]:
    return {**asdict(done), "rows": done.rows, "verified": not done.left}
