"""The files of one import, one by one: recognised and parsed into the staging, or refused by name."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.sources.databases import label_of, read_database
from fanops_utils.data.sources.files.reading import Export, exports_in
from fanops_utils.data.sources.mapping.fitting import unread_by
from fanops_utils.data.sources.mapping.register import Mapping
from fanops_utils.data.sources.mapping.rows import KeysOnce, parse_mapped
from fanops_utils.data.sources.registry import Reading, read_export
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.social.tiktok import proved_export_day
from fanops_utils.data.sources.streaming import LargeFile, large_file, reader_of
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.quarantine import corrected, corrections_in, is_corrections
from fanops_utils.data.warehouse.writing.reports import FileReport
from fanops_utils.data.warehouse.writing.staging import Held, Staging
from fanops_utils.errors import FanopsError, ImportRefused, YearUnknown

UP_TO = "up to "  # a database has no bytes to hash: the log notes how far it was read


@dataclass
class Session:
    """One run of import: how files are read, what was read so far; committed together at its end."""

    store: Store
    mappings: list[Mapping]
    forced: Mapping | None
    account: str | None
    exported_on: date | None
    rules: str
    staging: Staging
    known: dict[str, dict[Any, Any]]
    people: KeysOnce | None = None
    held: list[Held] = field(default_factory=list)

    def context(self, export: Export) -> Context:
        return Context(self.store.workspace, export, self.account, self.exported_on)

    def hold(self, label: str, source: str, report_type: str, fingerprint: str) -> Held:
        return Held(len(self.held), label, source, report_type, fingerprint)


def read_file(session: Session, file: Path, told: Callable[[int], None]) -> Iterator[FileReport | Export | int]:
    """Yield what became of each file in *file*: its report, or its number where that is known only after the merge.

    Corrections of another file are yielded as they are: that file must be read before them.
    """
    root = session.store.workspace.path
    label = file.resolve().relative_to(root).as_posix() if file.resolve().is_relative_to(root) else file.as_posix()
    exports: Iterator[Export] = iter(())
    try:
        if large := large_file(file, label=label):
            found = reader_of(large, session.mappings, session.forced)
            if isinstance(found, Mapping) or (found and found.in_blocks):
                yield _stream(session, large, found, told)
                return
            exports = iter([large.whole() if found else large.head()])  # an unknown head says what it lacks
        else:
            exports = exports_in(file, label=label)
    except Exception as error:  # whatever it is, the files beside this one are read all the same
        yield FileReport(label, "refused", error=_told(label, error))
        return
    while True:
        try:
            export = next(exports)
        except StopIteration:
            return
        except Exception as error:
            yield FileReport(label, "refused", error=_told(label, error))
            return
        yield export if is_corrections(export) else _read_one(session, export)


def read_corrections(session: Session, export: Export) -> FileReport | int:
    """Read the file that the corrections in *export* belong to once more, with its records so corrected."""
    fingerprint = hashlib.sha256(export.data + session.rules.encode()).hexdigest()
    if known := _unchanged(session, export.label, fingerprint):
        return known
    try:
        original, patched = corrected(session.store, corrections_in(export), session.mappings)
        reading = _read(session, session.context(patched))
    except Exception as error:
        return FileReport(export.label, "refused", error=_told(export.label, error))
    as_it_was = hashlib.sha256(original.data + session.rules.encode()).hexdigest()
    held = session.hold(original.label, reading.source, reading.report_type, as_it_was)
    held.corrected_by, held.correction = export.label, fingerprint
    held.warnings = reading.parsed.warnings
    session.staging.add(held, reading.parsed)
    session.held.append(held)
    return held.number


def _read_one(session: Session, export: Export) -> FileReport | int:
    fingerprint = hashlib.sha256(export.data + session.rules.encode()).hexdigest()
    if known := _unchanged(session, export.label, fingerprint):
        return known
    try:
        reading = _read(session, session.context(export))
    except Exception as error:  # whatever a reader stumbles over: the files beside this one are read all the same
        return FileReport(export.label, "refused", error=_told(export.label, error))
    held = session.hold(export.label, reading.source, reading.report_type, fingerprint)
    held.warnings = reading.parsed.warnings
    try:
        session.staging.add(held, reading.parsed)
    except OSError:
        raise  # the disk of the warehouse, not this file
    except Exception as error:
        return FileReport(export.label, "refused", error=_told(export.label, error))
    session.held.append(held)
    return held.number


def read_from(session: Session, mapping: Mapping) -> FileReport | int:
    """Read the database that *mapping* names into the staging, from where the last read of it ended."""
    label = label_of(mapping)
    known = session.known.get(label)
    after = (
        str(known["fingerprint"]).removeprefix(UP_TO) if known and str(known["fingerprint"]).startswith(UP_TO) else None
    )
    mark = session.staging.since()
    held = session.hold(label, "mapping", mapping.name, UP_TO + after if after else "")
    held.one_row_per_record = True
    export = Export(label, (label,), b"", session.staging.imported_at)
    context = session.context(export)
    people = session.people = session.people or KeysOnce(Pseudonyms.of(session.store.workspace))
    try:
        for rows in read_database(mapping, after=after):
            parsed = parse_mapped(mapping, rows.sheet, context, people)
            parsed.age_from = "export"
            held.warnings += [note for note in rows.sheet.cells.numbers.notes if note not in held.warnings]
            session.staging.add(held, parsed)
            held.fingerprint = UP_TO + rows.newest if rows.newest else held.fingerprint
    except Exception as error:
        session.staging.back_to(mark)
        return FileReport(label, "refused", error=_told(label, error))
    held.exported_at = held.exported_at or session.staging.imported_at
    session.held.append(held)
    return held.number


def _told(label: str, error: Exception) -> str:
    """Return why a file is refused; of what nobody foresaw its kind and place, not the value it stumbled over."""
    if isinstance(error, FanopsError):
        return str(error)
    if isinstance(error, OSError):
        return str(ImportRefused("this file cannot be read", file=label, value=error.strerror or type(error).__name__))
    return str(refusal(label, error))


def refusal(label: str, error: Exception) -> ImportRefused:
    """Return the refusal of a file that held what nobody foresaw."""
    problem = "this file holds something that was not foreseen, and is not read"
    return ImportRefused(problem, file=label, value=reason(error))


def reason(error: Exception) -> str:
    """Return kind and place of *error*: its words may quote a person."""
    place = traceback.extract_tb(error.__traceback__)
    ours = [one for one in place if "fanops_utils" in one.filename]
    where = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{where}"


def _stream(
    session: Session, large: LargeFile, reader: Mapping | Source, told: Callable[[int], None]
) -> FileReport | int:
    fingerprint = large.fingerprint(session.rules)
    if known := _unchanged(session, large.label, fingerprint):
        return known
    mark = session.staging.since()
    is_mapped = isinstance(reader, Mapping)
    names = ("mapping", reader.name) if isinstance(reader, Mapping) else (reader.name, reader.report_type)
    held = session.hold(large.label, *names, fingerprint)
    held.one_row_per_record = is_mapped
    context = session.context(large.export)
    try:
        for parsed in _parts(session, large, reader, context, told):
            held.warnings += [said for said in parsed.warnings if said not in held.warnings]
            session.staging.add(held, parsed)
    except Exception as error:  # as in _read_one
        session.staging.back_to(mark)
        return FileReport(large.label, "refused", error=_told(large.label, error))
    held.exported_at = held.exported_at or context.exported_at()
    session.held.append(held)
    return held.number


def _parts(
    session: Session, large: LargeFile, reader: Mapping | Source, context: Context, told: Callable[[int], None]
) -> Iterator[Parsed]:
    people = session.people = session.people or KeysOnce(Pseudonyms.of(session.store.workspace))
    sheets = large.sheets(reader, told) if isinstance(reader, Mapping) else large.known_sheets(reader, told)
    for sheet in sheets:
        if isinstance(reader, Mapping):
            parsed = parse_mapped(reader, sheet, context, people)
            parsed.unread = unread_by(reader, sheet)
        else:
            parsed = reader.parse(sheet, context)
            parsed.unread = sheet.unread
        parsed.age_from = "told" if session.exported_on else "file date"
        parsed.warnings += sheet.cells.numbers.notes
        yield parsed


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


def _unchanged(session: Session, label: str, fingerprint: str) -> FileReport | None:
    entry = session.known.get(label)
    if entry is None or entry["fingerprint"] != fingerprint:
        return None
    warnings = "" if pd.isna(entry["warnings"]) else str(entry["warnings"])
    return FileReport(
        label, "unchanged", entry["source"], entry["report_type"], int(entry["rows_in"]), 0,
        int(entry["rows_quarantined"]), int(entry["rows_loaded"] + entry["rows_duplicate"]), tuple(warnings.splitlines()),
    )  # fmt: skip
