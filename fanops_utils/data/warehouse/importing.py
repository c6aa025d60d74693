"""Import: files recognised, parsed, checked and loaded; what cannot be loaded is quarantined with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from fanops_utils.data.schema import SYSTEM_TABLES, TABLES, Table
from fanops_utils.data.sources import Reading, read_export
from fanops_utils.data.sources.base import Context
from fanops_utils.data.sources.cells import Reject
from fanops_utils.data.sources.mapping import Mapping, read_mapping
from fanops_utils.data.sources.reading import Export, exports_in
from fanops_utils.data.sources.tiktok import proved_export_day
from fanops_utils.data.warehouse.fan_day import roll_up
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.upsert import upsert
from fanops_utils.errors import FanopsError, ImportRefused, YearUnknown
from fanops_utils.workspace import Workspace

Status = Literal["loaded", "unchanged", "refused"]


@dataclass(frozen=True)
class FileReport:
    """What became of one file; rows_in = rows_loaded + rows_duplicate + rows_quarantined."""

    file: str
    status: Status
    source: str = ""
    report_type: str = ""
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    warnings: tuple[str, ...] = ()
    error: str = ""


@dataclass
class Session:
    """One run of import: tables as they will be, committed together at its end."""

    store: Store
    mappings: list[Mapping]
    forced: Mapping | None
    account: str | None
    exported_on: date | None
    rules: str
    now: datetime
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    log: dict[str, dict[str, Any]] = field(default_factory=dict)
    quarantine: dict[str, list[Reject]] = field(default_factory=dict)

    def frame(self, name: str) -> pd.DataFrame:
        if name not in self.tables:
            self.tables[name] = self.store.read(name)
        return self.tables[name]


def import_paths(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    account: str | None = None,
    exported_on: date | None = None,
    mapping: Path | None = None,
    progress: Callable[[FileReport], None] = lambda _report: None,
) -> list[FileReport]:
    """Import every file under *paths* into the warehouse of *workspace*; return one report per file.

    A folder stands for all files in it, an archive for its members. Nothing is written before the last file was
    read. Raises WorkspaceError where a register is wrong or a path does not exist.
    """
    files = sorted({file for path in paths for file in _files(path)})
    session = _open_session(workspace, account, exported_on, mapping)
    reports = []
    for file in files:
        for report in _import_file(session, file):
            reports.append(report)
            progress(report)
    if session.log:
        _close(session)
    return reports


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        for found in sorted(path.rglob("*")):
            if found.is_file() and not any(part.startswith(".") for part in found.relative_to(path).parts):
                yield found
    elif path.is_file():
        yield path
    else:
        raise ImportRefused("no such file or folder", file=path)


def _open_session(workspace: Workspace, account: str | None, exported_on: date | None, mapping: Path | None) -> Session:
    mappings = [read_mapping(path) for path in sorted((workspace.path / "mappings").glob("*.yml"))]
    forced = read_mapping(mapping) if mapping else None
    deciding = [*(one.model_dump_json() for one in [*mappings, *([forced] if forced else [])]),
                workspace.brand.model_dump_json(), str(account), str(exported_on)]  # fmt: skip
    rules = hashlib.sha256("\n".join(deciding).encode()).hexdigest()
    return Session(Store(workspace), mappings, forced, account, exported_on, rules, datetime.now(UTC))


def _import_file(session: Session, file: Path) -> Iterator[FileReport]:
    root = session.store.workspace.path
    label = file.resolve().relative_to(root).as_posix() if file.resolve().is_relative_to(root) else file.as_posix()
    try:
        for export in exports_in(file, label=label):
            yield _import_export(session, export)
    except (FanopsError, OSError) as error:
        yield FileReport(label, "refused", error=str(error))


def _import_export(session: Session, export: Export) -> FileReport:
    fingerprint = hashlib.sha256(export.data + session.rules.encode()).hexdigest()
    log = session.frame("import_log")
    known = log[(log["file"] == export.label) & (log["fingerprint"] == fingerprint)]
    if len(known):
        return _unchanged(known.iloc[0])
    context = Context(session.store.workspace, export, session.account, session.exported_on)
    try:
        reading = _read(session, context)
    except FanopsError as error:
        return FileReport(export.label, "refused", error=str(error))
    report = _load(session, export.label, reading)
    session.log[export.label] = {
        "file": report.file, "fingerprint": fingerprint, "status": report.status, "source": report.source,
        "report_type": report.report_type, "rows_in": report.rows_in, "rows_loaded": report.rows_loaded,
        "rows_quarantined": report.rows_quarantined, "rows_duplicate": report.rows_duplicate,
        "warnings": "\n".join(report.warnings), "exported_at": reading.parsed.exported_at, "imported_at": session.now,
    }  # fmt: skip
    session.quarantine[export.label] = reading.parsed.rejects
    return report


def _read(session: Session, context: Context) -> Reading:
    """Read a file; where its days lack a year, take the export day that a TikTok Content file beside it proves."""
    try:
        return read_export(context, session.mappings, forced=session.forced)
    except YearUnknown:
        for beside in sorted(Path(*context.export.parts).parent.glob("*.csv")):
            for export in exports_in(beside, label=beside.name):
                if day := proved_export_day(replace(context, export=export)):
                    reading = read_export(replace(context, exported_on=day), session.mappings, forced=session.forced)
                    said = f"the year follows from {beside.name} in the same folder, exported {day} by its video ids"
                    reading.parsed.warnings.append(said)
                    return reading
        raise


def _unchanged(entry: pd.Series) -> FileReport:
    there = int(entry["rows_loaded"] + entry["rows_duplicate"])
    return FileReport(
        entry["file"], "unchanged", entry["source"], entry["report_type"], int(entry["rows_in"]), 0,
        int(entry["rows_quarantined"]), there, tuple(str(entry["warnings"]).splitlines()),
    )  # fmt: skip


def _load(session: Session, label: str, reading: Reading) -> FileReport:
    parsed = reading.parsed
    ready = {name: _checked(TABLES[name], frame, session, label, reading) for name, frame in parsed.tables.items()}
    bad = {reject.row for reject in parsed.rejects}
    loaded: set[int] = set()
    for name, frame in ready.items():
        merge = upsert(TABLES[name], session.frame(name), frame[~frame["source_row"].isin(bad)])
        if merge.loaded:
            session.tables[name] = merge.frame
            session.changed.add(name)
        loaded |= merge.loaded
    duplicate = parsed.rows_in - len(bad) - len(loaded)
    status: Status = "loaded" if loaded or bad or not parsed.rows_in else "unchanged"
    return FileReport(
        label, status, reading.source, reading.report_type, parsed.rows_in, len(loaded), len(bad), duplicate,
        tuple(parsed.warnings),
    )  # fmt: skip


def _checked(table: Table, frame: pd.DataFrame, session: Session, label: str, reading: Reading) -> pd.DataFrame:
    """Return *frame* in canonical types with its provenance; rows against the schema are added to the rejects."""
    provenance: dict[str, Any] = {
        "source_file": label, "exported_at": reading.parsed.exported_at, "imported_at": session.now,
    }  # fmt: skip
    ready = table.conform(frame.assign(**provenance))
    for case in table.failures(ready).to_dict("records"):
        row = 0 if pd.isna(case["index"]) else int(ready["source_row"].loc[case["index"]])
        reason = "required, but missing" if case["check"] == "not_nullable" else f"against the schema: {case['check']}"
        value = "" if pd.isna(case["failure_case"]) else str(case["failure_case"])
        reading.parsed.rejects.append(Reject(row, str(case["column"]), value, reason))
    return ready


def _close(session: Session) -> None:
    changed = {name: session.tables[name] for name in session.changed}
    if "member_events" in changed:
        changed["fan_day"] = roll_up(session.tables["member_events"], session.store.workspace.brand)
    old_log, old_quarantine = session.frame("import_log"), session.frame("quarantine")
    touched = list(session.log)
    rows = pd.DataFrame(list(session.log.values()), columns=list(SYSTEM_TABLES["import_log"].columns))
    changed["import_log"] = _appended("import_log", old_log[~old_log["file"].isin(touched)], rows)
    rejects = [
        {"file": file, "source_row": one.row, "column": one.column, "value": one.value, "reason": one.reason}
        for file, found in session.quarantine.items() for one in found
    ]  # fmt: skip
    kept = old_quarantine[~old_quarantine["file"].isin(touched)]
    names = list(SYSTEM_TABLES["quarantine"].columns)
    changed["quarantine"] = _appended("quarantine", kept, pd.DataFrame(rejects, columns=names))
    session.store.commit(changed)


def _appended(name: str, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    conformed = SYSTEM_TABLES[name].conform(new)
    return conformed if old.empty else pd.concat([old, conformed], ignore_index=True)
