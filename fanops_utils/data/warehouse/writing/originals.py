"""Originals: files from outside kept under raw/, so that a warehouse can be made again, and people erased in them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from fanops_utils.data.sources.databases import label_of
from fanops_utils.data.sources.mapping import read_mapping
from fanops_utils.data.warehouse.files import write_in_one_step
from fanops_utils.data.warehouse.store import WAIT_SECONDS, Store
from fanops_utils.data.warehouse.writing.importing import files_under, import_paths
from fanops_utils.data.warehouse.writing.reports import FileReport, Watch
from fanops_utils.data.warehouse.writing.undo import undo_import
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import MAPPING

NOTES = ".originals.json"  # in raw/: what each kept file was imported with


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
    known, given_as, inside = _read(workspace), {}, []
    for given in paths:
        for file in files_under(given):
            if file.resolve().is_relative_to(workspace.path):
                inside.append(file)
                continue
            original = _kept(workspace, file, given, known, on=on, told=told)
            known[original.digest] = original
            given_as[original.path] = file.as_posix()
            inside.append(workspace.path / original.path)
    _write(workspace, known)
    told_as = watch or Watch()
    watch = replace(told_as, report=lambda report: told_as.report(_named_as_given(report, given_as)))
    reports = import_paths(
        workspace, inside, account=account, exported_on=exported_on, mapping=mapping, database=database, watch=watch,
        wait=wait,
    )  # fmt: skip
    held = [*(one.file for one in reports if one.status != "refused"), *Store(workspace).read("import_log")["file"]]
    forget(workspace, [path for path in given_as if not _any_of(path, held)])
    return [_named_as_given(one, given_as) for one in reports]


def _named_as_given(report: FileReport, given_as: Mapping[str, str]) -> FileReport:
    """Return the *report* of a refused file under the name it was given by: of it no copy is left that could be opened."""
    path = next((one for one in given_as if _any_of(one, [report.file])), None)
    if report.status != "refused" or path is None:
        return report
    file = given_as[path] + report.file.removeprefix(path)
    return replace(report, file=file, error=report.error.replace(report.file, file))


def take_back(workspace: Workspace, *, wait: float = WAIT_SECONDS) -> list[str]:
    """Take the last import back, and the copies under raw/ that it alone made; return the files it had read."""
    files = undo_import(Store(workspace), wait=wait)
    held = list(Store(workspace).read("import_log")["file"])
    kept = [one.path for one in _read(workspace).values() if _any_of(one.path, files)]
    forget(workspace, [path for path in kept if not _any_of(path, held)])
    return files


def _any_of(path: str, labels: Iterable[str]) -> bool:
    """Return whether one of the files *labels* is the one at *path*, or a member of the archive there."""
    return any(one == path or one.startswith(f"{path}/") for one in labels)


def forget(workspace: Workspace, paths: Iterable[str]) -> list[str]:
    """Delete the kept copies among *paths* (raw/…); return those that were some."""
    known, wanted = _read(workspace), set(paths)
    gone = [one for one in known.values() if one.path in wanted]
    for one in gone:
        (workspace.path / one.path).unlink(missing_ok=True)
        known.pop(one.digest)
    _write(workspace, known)
    return [one.path for one in gone]


def rebuild(workspace: Workspace, *, watch: Watch | None = None, wait: float = WAIT_SECONDS) -> list[FileReport]:
    """Make the warehouse again from everything under raw/, in the order it came; return a report per file.

    What was given with a kept file (account, day, mapping) is given again; databases that were read are read again. The
    old warehouse is back where the new one cannot be made. Raises WorkspaceError where the warehouse holds files that
    are not under raw/: their rows would be lost.
    """
    store, aside = Store(workspace), workspace.path / ".warehouse-before"
    batches, databases = _batches(workspace), _databases(store)
    if lost := _only_in_warehouse(store, databases):
        hint = "Import them again from where they are: a copy is then kept under raw/"
        raise WorkspaceError(f"{len(lost)} files of the warehouse are not under raw/", value=lost[0], hint=hint)
    reports: list[FileReport] = []
    with store.locked(wait=wait):
        shutil.rmtree(aside, ignore_errors=True)
        shutil.copytree(store.folder, aside)
        try:
            for file in [*store.folder.glob("*.parquet"), *store.folder.glob("*.json")]:
                file.unlink()
            for files, told in batches:
                reports += import_paths(workspace, files, watch=watch, wait=wait, **told.given(workspace))
            for name in databases.values():
                reports += import_paths(workspace, [], database=name, watch=watch, wait=wait)
        except BaseException:
            shutil.rmtree(store.folder, ignore_errors=True)
            aside.rename(store.folder)
            raise
    shutil.rmtree(aside)
    return reports


def _databases(store: Store) -> dict[str, str]:
    """Return the mappings whose databases the warehouse was read from, by the label of each in the log."""
    log = set(store.read("import_log")["file"])
    paths = MAPPING.paths(store.workspace.path)
    named = {label_of(one): one.name for one in map(read_mapping, paths) if one.database}
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


def _batches(workspace: Workspace) -> list[tuple[list[Path], Original]]:
    """Return the files under raw/ with what was told about them: first those laid there by hand, then by day."""
    known = {workspace.path / one.path: one for one in _read(workspace).values()}
    batches: dict[Original, list[Path]] = {}
    for file in files_under(workspace.raw) if workspace.raw.is_dir() else ():
        one = known.get(file, Original("", "", ""))
        batches.setdefault(replace(one, path="", digest=""), []).append(file)
    return sorted(((files, told) for told, files in batches.items()), key=lambda batch: batch[1].kept_on)


def _kept(
    workspace: Workspace, file: Path, given: Path, known: dict[str, Original], *, on: date, told: dict[str, str | None]
) -> Original:
    """Return the original that *file* is: the copy there is of its bytes, or a new one."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    there = known.get(digest)
    if there is not None and (workspace.path / there.path).is_file():
        return Original(there.path, digest, there.kept_on, **told)
    base = given.resolve() if given.is_dir() else file.resolve().parent
    place = Path(workspace.raw.name) / on.isoformat() / base.name / file.resolve().relative_to(base)
    number = 1
    while (workspace.path / place).exists():
        number += 1
        place = place.with_name(f"{file.stem} ({number}){file.suffix}")
    target = workspace.path / place
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(file, target)
    target.chmod(0o600)
    return Original(place.as_posix(), digest, on.isoformat(), **told)


def _read(workspace: Workspace) -> dict[str, Original]:
    try:
        listed = json.loads((workspace.raw / NOTES).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {one["digest"]: Original(**one) for one in listed}


def _write(workspace: Workspace, known: dict[str, Original]) -> None:
    if known or (workspace.raw / NOTES).is_file():
        workspace.raw.mkdir(exist_ok=True)
        write_in_one_step(workspace.raw / NOTES, json.dumps([asdict(one) for one in known.values()], indent=1))
