"""Originals: files from outside kept under raw/, so that a warehouse can be made again, and people erased in them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from fanops_utils.data.sources.files.reading import files_under
from fanops_utils.data.warehouse.files import ERASING, OWNER_ALONE, write_in_one_step
from fanops_utils.data.warehouse.locking import WAIT_SECONDS
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.importing import import_paths
from fanops_utils.data.warehouse.writing.reports import FileReport, Watch
from fanops_utils.data.warehouse.writing.undo import Undone, undo_import
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import say
from fanops_utils.workspace import Workspace

NOTES = ".originals.json"  # in raw/: what each kept file was imported with
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True)
class Original:
    """A file kept under raw/: its place there, its digest, when it came, and what the import was told about it."""

    path: str
    digest: str
    kept_on: str
    account: str | None = None
    exported_on: str | None = None
    mapping: str | None = None

    def given(self, workspace: Workspace) -> dict[str, Any]:
        """Return what the import was told, as options of `import_paths`."""
        return {
            "account": self.account,
            "exported_on": date.fromisoformat(self.exported_on) if self.exported_on else None,
            "mapping": workspace.path / "mappings" / f"{self.mapping}.yml" if self.mapping else None,
        }


def import_kept(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    on: date,
    account: str | None = None,
    exported_on: date | None = None,
    mapping: Path | None = None,
    database: str | None = None,
    watch: Watch | None = None,
    wait: float = WAIT_SECONDS,
) -> list[FileReport]:
    """Import *paths* as `import_paths` does, files from outside the workspace by a copy under raw/, dated *on*.

    A copy lies under the name of the folder it came from (which may name its account), readable by its owner alone. The
    same bytes are kept once; of a file that is refused nothing is kept, and it is named as it was given.
    """
    told = {
        "account": account,
        "exported_on": exported_on.isoformat() if exported_on else None,
        "mapping": mapping.stem if mapping else None,
    }
    # First, so that a wrong path or register changes nothing.
    files, _ = [(file, given) for given in paths for file in files_under(given)], workspace.brand
    store, told_as = Store(workspace), watch or Watch()
    store.place.only_here(say("An import"))
    with store.locked(wait=wait, waiting=told_as.waiting):
        known = read_notes(workspace)
        before = set(known)
        inside = _planned(workspace, files, known, on=on, told=told)
        given_as = {
            target.relative_to(workspace.path).as_posix(): file.as_posix()
            for file, target in inside.items()
            if file != target
        }
        write_notes(workspace, known)  # first, so that no copy is ever without its note
        try:
            for file, target in inside.items():
                if not target.exists():
                    _copy(file, target)
            reports = import_paths(
                workspace, inside.values(), account=account, exported_on=exported_on, mapping=mapping, database=database,
                watch=replace(told_as, report=lambda one: told_as.report(_named_as_given(one, given_as))), wait=wait,
            )  # fmt: skip
        except BaseException as error:
            forget(workspace, [one.path for one in known.values() if one.digest not in before])
            if isinstance(error, OSError):
                what = f"the files could not be kept under raw/ ({error})"
                raise WorkspaceError(what, file=workspace.raw, hint="Nothing was changed") from None
            raise
        held = [*(one.file for one in reports if one.status != "refused"), *store.read("import_log")["file"]]
        forget(workspace, [path for path in given_as if not _any_of(path, held)])
    return [_named_as_given(one, given_as) for one in reports]


def _named_as_given(report: FileReport, given_as: Mapping[str, str]) -> FileReport:
    """Return the *report* of a refused file under the name it was given by: of it no copy is left that could be opened."""
    path = next((one for one in given_as if _any_of(one, [report.file])), None)
    if report.status != "refused" or path is None:
        return report
    file = given_as[path] + report.file.removeprefix(path)
    return replace(report, file=file, error=report.error.replace(report.file, file))


def take_back(workspace: Workspace, *, wait: float = WAIT_SECONDS) -> Undone:
    """Take the last import back, and the copies under raw/ that it alone made; return what it was; raises as `undo_import`."""
    store = Store(workspace)
    store.place.only_here(say("Taking an import back"))
    with store.locked(wait=wait):
        done = undo_import(store, wait=wait)
        held = list(store.read("import_log")["file"])
        kept = [one.path for one in read_notes(workspace).values() if _any_of(one.path, done.files)]
        forget(workspace, [path for path in kept if not _any_of(path, held)])
    return done


def _any_of(path: str, labels: Iterable[str]) -> bool:
    """Return whether one of the files *labels* is the one at *path*, or a member of the archive there."""
    return any(one == path or one.startswith(f"{path}/") for one in labels)


def forget(workspace: Workspace, paths: Iterable[str]) -> list[str]:
    """Delete the kept copies among *paths* (raw/…); return those that were some. Only for the holder of the warehouse."""
    known, wanted = read_notes(workspace), set(paths)
    gone = [one for one in known.values() if one.path in wanted]
    for one in gone:
        (workspace.path / one.path).unlink(missing_ok=True)
        known.pop(one.digest)
        for folder in (workspace.path / one.path).parents:
            if folder == workspace.raw or any(folder.iterdir()):
                break
            folder.rmdir()
    if gone:
        write_notes(workspace, known)
    return [one.path for one in gone]


def _planned(
    workspace: Workspace,
    files: Iterable[tuple[Path, Path]],
    known: dict[str, Original],
    *,
    on: date,
    told: dict[str, str | None],
) -> dict[Path, Path]:
    """Return for each of *files* (with the path it was given by) where it is imported from; *known* gains what is to be kept."""
    inside: dict[Path, Path] = {}
    for file, given in files:
        if file.resolve().is_relative_to(workspace.path.resolve()):
            inside[file] = file
            continue
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        there = known.get(digest)
        path = there.path if there else _place(workspace, file, given, {one.path for one in known.values()}, on=on)
        known[digest] = Original(path, digest, there.kept_on if there else on.isoformat(), **told)
        inside[file] = workspace.path / path
    return inside


def _place(workspace: Workspace, file: Path, given: Path, taken: Collection[str], *, on: date) -> str:
    """Return the place under raw/ of a file from outside: by day, under the name of the folder it came from."""
    folder = given if given.is_dir() else file.parent
    place = Path(workspace.raw.name) / on.isoformat() / folder.resolve().name / file.relative_to(folder)
    number = 1
    while (workspace.path / place).exists() or place.as_posix() in taken:
        number += 1
        place = place.with_name(f"{file.stem} ({number}){file.suffix}")
    return place.as_posix()


def _copy(file: Path, target: Path) -> None:
    """Copy *file* to *target*, with its time, which tells when it was exported; it is there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}{ERASING}{os.getpid()}")  # what is called so goes with the next import
    try:
        with file.open("rb") as source, os.fdopen(os.open(beside, NEW, OWNER_ALONE), "wb") as copy:
            shutil.copyfileobj(source, copy)
        shutil.copystat(file, beside)
        beside.chmod(OWNER_ALONE)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def read_notes(workspace: Workspace) -> dict[str, Original]:
    """Return by digest the kept files that are still there."""
    try:
        listed = json.loads((workspace.raw / NOTES).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {one["digest"]: Original(**one) for one in listed if (workspace.path / one["path"]).is_file()}


def write_notes(workspace: Workspace, known: Mapping[str, Original]) -> None:
    """Keep what is *known* of the files; only for the holder of the warehouse."""
    if known or (workspace.raw / NOTES).is_file():
        workspace.raw.mkdir(exist_ok=True)
        write_in_one_step(workspace.raw / NOTES, json.dumps([asdict(one) for one in known.values()], indent=1))
