"""The raw files of a workspace against one person: searched, edited beside, and put back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fanops_utils.data.privacy.pseudonyms import Pseudonyms
from fanops_utils.data.protection.editing.edits import CannotEdit, CannotSearch, Edit
from fanops_utils.data.protection.editing.raw_files import edit_file
from fanops_utils.data.protection.subjects import Subject
from fanops_utils.data.sources.shared.sheet import fold
from fanops_utils.data.warehouse.files import ERASING
from fanops_utils.data.warehouse.writing.originals import NOTES
from fanops_utils.errors import DataError
from fanops_utils.workspace import Workspace


@dataclass
class Found:
    """What raw files hold of a person: one edit per file, files nobody can search, files that cannot be edited."""

    edits: dict[Path, Edit] = field(default_factory=dict)
    unsearched: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def records(self, subject: Subject, people: Pseudonyms) -> dict[str, dict[int, set[str]]]:
        """Return the person's records where a header tells which cells hold ids: per label numbers, and pseudonyms there."""
        found: dict[str, dict[int, set[str]]] = {}
        for sieve in (sieve for edit in self.edits.values() for sieve in edit.sieves if sieve.is_numbered):
            for one in sieve.records:
                if not one.is_named:
                    ids = [
                        cell for title, cell in one.cells.items() if fold(title) in subject.id_columns and cell.strip()
                    ]
                    keys = {people.key_for(form) for cell in ids for form in (cell, cell.casefold())}
                    found.setdefault(sieve.label, {})[one.number] = keys
        return found

    @property
    def spelt(self) -> set[str]:
        return {text for edit in self.edits.values() for sieve in edit.sieves for text in sieve.spelt}


def raw_files(workspace: Workspace) -> Iterator[tuple[Path, str]]:
    """Yield the files of raw/ with the name the import log has for them."""
    root = workspace.path.resolve()
    for path in sorted(workspace.raw.rglob("*")) if workspace.raw.is_dir() else ():
        if path.is_file() and path.name != NOTES:
            yield (
                path,
                path.resolve().relative_to(root).as_posix() if path.resolve().is_relative_to(root) else str(path),
            )


def find_in_raw(
    workspace: Workspace,
    subject: Subject,
    *,
    edit: bool = False,
    watch: Callable[[int, int], None] = lambda _done, _total: None,
) -> Found:
    """Return what the raw files of *workspace* hold of *subject*; with *edit* edited copies are put beside them.

    *watch* is told how many of how many files are looked through.
    """
    found, files = Found(), list(raw_files(workspace))
    for done, (path, label) in enumerate(files):
        watch(done, len(files))
        beside = path.with_name(f".{path.name}{ERASING}{os.getpid()}") if edit else None
        try:
            if subject.in_path(label):
                raise CannotEdit("its name holds the person: rename it, or delete it", file=subject.masked(label))
            if held := edit_file(path, label, subject, staging=beside):
                found.edits[path] = held
        except CannotSearch as error:
            found.unsearched.append(str(error))
        except CannotEdit as error:
            found.refused.append(str(error))
    return found


def put_back(path: Path, edit: Edit) -> None:
    """Replace the file at *path* by its edited copy; its time stays, which tells when it was exported."""
    if edit.staged is None:
        raise DataError("the edited copy is missing", file=edit.label)
    before = path.stat()
    os.utime(edit.staged, ns=(before.st_atime_ns, before.st_mtime_ns))
    shutil.copymode(path, edit.staged)
    edit.staged.replace(path)
