"""Import: files recognised, parsed, checked and loaded; what cannot be loaded is quarantined with its reason."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from fanops_utils.data.privacy.erased import Erased
from fanops_utils.data.privacy.personal import Personal
from fanops_utils.data.sources.files.reading import Export, files_under
from fanops_utils.data.sources.mapping.register import Mapping, read_mapping
from fanops_utils.data.warehouse.files import STAGING
from fanops_utils.data.warehouse.locking import WAIT_SECONDS
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.closing import merge_all, with_log
from fanops_utils.data.warehouse.writing.contradictions import say_disputes, set_aside_contradictions
from fanops_utils.data.warehouse.writing.intake import Session, read_corrections, read_file, read_from, refusal
from fanops_utils.data.warehouse.writing.reports import FileReport, Watch, log_lines, report_on
from fanops_utils.data.warehouse.writing.staging import Held, Staging
from fanops_utils.data.warehouse.writing.undo import note_idle, note_import, state
from fanops_utils.errors import FanopsError, ImportRefused, WorkspaceError, counted, shorten, suggest
from fanops_utils.text import say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import MAPPING


def import_paths(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    account: str | None = None,
    exported_on: date | None = None,
    mapping: Path | None = None,
    database: str | None = None,
    progress: Callable[[FileReport], None] = lambda _report: None,
    watch: Watch | None = None,
    wait: float = WAIT_SECONDS,
) -> list[FileReport]:
    """Import every file under *paths* into the warehouse of *workspace*; return one report per file.

    With *database* the mapping of that name (or path) reads its database, too, as its `from:` says.
    A folder stands for all files in it, an archive for its members. Nothing changes before the last file was read;
    then all of it does, in one step. *progress* is called with each report, *watch* is told more. Another import into
    the same warehouse is waited for, up to *wait* seconds. Raises WorkspaceError where a register is wrong, a path does
    not exist, the warehouse is busy or cannot be written; it is then as it was.
    """
    files = sorted({file for path in paths for file in files_under(path)})
    mappings, wrong = readable_mappings(workspace)
    forced = read_mapping(mapping) if mapping else None
    rules = _rules(workspace, [*mappings, *([forced] if forced else [])], account, exported_on)
    watch = watch or Watch(report=progress)
    store = Store(workspace)
    store.place.only_here(say("An import"))
    try:
        with store.locked(wait=wait, waiting=watch.waiting):
            folder = store.folder / f"{STAGING}-{os.getpid()}"
            folder.mkdir(exist_ok=True, mode=0o700)
            try:
                known = {str(one["file"]): one for one in store.read("import_log").to_dict("records")}
                staging = Staging(
                    folder,
                    datetime.now(UTC),
                    Erased(workspace),
                    workspace.markets,
                    Personal.of(workspace),
                    brands=workspace.brand.heard_as,
                )
                session = Session(store, mappings, forced, account, exported_on, rules, staging, known)
                for report in wrong:
                    watch.report(report)
                read = [read_from(session, _of_database(mappings, database))] if database else []
                for report in (one for one in read if isinstance(one, FileReport)):
                    watch.report(report)
                return [*wrong, *_close(session, [*read, *_read_all(session, files, watch)], watch)]
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        hint = "Nothing was changed. Make room, or allow writing there, and import again"
        raise WorkspaceError(
            f"the import could not be written ({_first(error)})", file=store.folder, hint=hint
        ) from None


def _of_database(mappings: list[Mapping], name: str) -> Mapping:
    """Return the mapping called *name*, or the one at that path; it must say where it reads from."""
    path = Path(name)
    found = read_mapping(path) if path.is_file() else next((one for one in mappings if one.name == name), None)
    if found is None:
        raise ImportRefused("no such mapping", value=name, choices=[one.name for one in mappings if one.database])
    if found.database is None:
        hint = "Name it there: from: {url: …, table: …}, or import its files by --mapping"
        raise ImportRefused("this mapping names no database", value=found.name, hint=hint)
    return found


def readable_mappings(workspace: Workspace) -> tuple[list[Mapping], list[FileReport]]:
    """Return the mappings that can be read, and a refusal for each other one: the rest is imported all the same."""
    found, wrong = [], []
    for path in MAPPING.paths(workspace.path):
        try:
            found.append(read_mapping(path))
        except FanopsError as error:
            wrong.append(FileReport(path.relative_to(workspace.path).as_posix(), "refused", error=str(error)))
    return found, wrong


def _first(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _rules(workspace: Workspace, mappings: list[Mapping], account: str | None, exported_on: date | None) -> str:
    """Return the hash of what decides, besides a file's bytes, how it is read."""
    deciding = [
        *(one.model_dump_json() for one in mappings),
        workspace.brand.model_dump_json(),
        str(account),
        str(exported_on),
    ]
    return hashlib.sha256("\n".join(deciding).encode()).hexdigest()


def _read_all(session: Session, files: list[Path], watch: Watch) -> list[FileReport | int]:
    """Read *files* into the staging; return per file its report, or its number where that is not known yet."""
    total, done = sum(file.stat().st_size for file in files), 0
    outcomes: list[FileReport | int] = []
    later: dict[int, Export] = {}
    for file in files:
        before = done

        def told(bytes_read: int, before: int = before) -> None:
            watch.read(before + bytes_read, total)

        for outcome in read_file(session, file, told):
            if isinstance(outcome, Export):  # corrections: after all files they may belong to
                later[len(outcomes)] = outcome
                outcomes.append(-1)
                continue
            outcomes.append(outcome)
            if isinstance(outcome, FileReport):
                watch.report(outcome)
        done += file.stat().st_size
        watch.read(done, total)
    for place, export in later.items():
        outcomes[place] = read_corrections(session, export)
    session.staging.settle()
    return _without_refused(session, outcomes, watch)


def _without_refused(session: Session, outcomes: list[FileReport | int], watch: Watch) -> list[FileReport | int]:
    """Return *outcomes* with a refusal for each file whose rows could not be checked: nothing of it is held."""
    found = session.staging.refused
    reports = {one.number: FileReport(one.label, "refused", error=str(refusal(one.label, found[one.number])))
               for one in session.held if one.number in found}  # fmt: skip
    session.held = [one for one in session.held if one.number not in found]
    for report in reports.values():
        watch.report(report)
    return [one if isinstance(one, FileReport) else reports.get(one, one) for one in outcomes]


def _never_seen(held: Held, workspace: Workspace) -> list[str]:
    """Return warnings about records that no report will count."""
    markets, brands = workspace.markets, workspace.brand.heard_as
    said = [
        f"market {shorten(name)} of {counted(count, 'record')} is not in brand.yml: no report of a market counts them. "
        f"{suggest(name, markets)}".rstrip()
        for name, count in held.strange_markets.most_common(10)
    ]
    said += [
        f"brand {shorten(name)} of {counted(count, 'mention')} is neither the brand nor a competitor in brand.yml: if it "
        f"is one of them by another name, add that under aliases. {suggest(name, brands)}".rstrip()
        for name, count in held.strange_brands.most_common(10)
    ]
    if held.undated_posts:
        posts = "1 post has" if held.undated_posts == 1 else f"{held.undated_posts:,} posts have"
        said.append(f"{posts} no date: no report counts what is not dated")
    return said


def _close(session: Session, outcomes: list[FileReport | int], watch: Watch) -> list[FileReport]:
    """Merge, log and commit what was read; return the report of every file, in order."""
    if not session.held:
        note_idle(session.store)
        return [one for one in outcomes if isinstance(one, FileReport)]
    set_aside_contradictions(session.staging, session.held)
    say_disputes(session.store, session.staging, session.held, session.known)
    for one in session.held:
        one.warnings += _never_seen(one, session.store.workspace)
    tables, loaded = merge_all(session.store, session.staging, session.held)
    reports = {one.number: report_on(one, loaded.get(one.number, 0)) for one in session.held}
    lines = [
        line
        for one in session.held
        for line in log_lines(
            one, reports[one.number], prior=session.known.get(one.label), imported_at=session.staging.imported_at
        )
    ]
    before = state(session.store)
    session.store.commit({**tables, **with_log(session.store, session.held, lines)})
    note_import(session.store, before, {one.label: reports[one.number].rows_loaded for one in session.held})
    for report in reports.values():
        watch.report(report)
    return [one if isinstance(one, FileReport) else reports[one] for one in outcomes]
