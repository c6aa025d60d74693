"""Everything held on one person, as files they can be given: JSON for machines, CSV for people."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fanops_utils.data.privacy.inventory import read_inventory
from fanops_utils.data.privacy.personal import Personal
from fanops_utils.data.privacy.pseudonyms import Pseudonyms
from fanops_utils.data.protection.editing.sieve import Record
from fanops_utils.data.protection.holdings import Holdings
from fanops_utils.data.protection.in_raw import find_in_raw
from fanops_utils.data.protection.ledger import note
from fanops_utils.data.protection.pages import naming
from fanops_utils.data.protection.subjects import Subject, find_subject, plain_id
from fanops_utils.data.sources.shared.sheet import fold
from fanops_utils.data.warehouse.engine import scan
from fanops_utils.data.warehouse.store import Store
from fanops_utils.errors import DataError
from fanops_utils.text import say
from fanops_utils.text.sheets import neutral
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.temporary import temporary_folder

OTHERS = "[another person]"
WITHOUT_PLATFORM = {"orders": "shopify", "order_lines": "shopify"}


@dataclass(frozen=True)
class SubjectExport:
    """What is held on a person: rows per table, records of raw files, pages that name them, and the files written."""

    tables: dict[str, int]
    raw_records: int
    pages: list[str]
    unsearched: list[str]
    files: list[str]
    left_out: list[str]

    @property
    def is_empty(self) -> bool:
        return not (self.tables or self.raw_records or self.pages)


def export_subject(
    workspace: Workspace,
    ids: Iterable[str],
    *,
    to: Path,
    platform: str | None = None,
    reports: Path | None = None,
    root: Path | None = None,
) -> SubjectExport:
    """Write all that is held on the person with *ids* to *to*, a .zip file or a new folder, readable by its owner alone.

    With *platform* only its rows, and the raw records of files they came from; tables that name no platform are left
    out and listed. Nothing is written where nothing is held. Raises DataError where *to* exists or lies inside the
    workspace, its reports or the repository *root*, from where it would be committed or shared with the project.
    """
    Store(workspace).place.only_here(say("The export of a person's data"))
    _refuse_place(to, workspace.path, reports, root)
    given = list(ids)
    found = find_in_raw(workspace, find_subject(workspace, given))
    subject, store = find_subject(workspace, given, spelt=found.spelt), Store(workspace)
    personal = Personal.of(workspace)
    records = [
        replace(record, cells=handed(record, subject, personal))
        for edit in found.edits.values()
        for record in edit.records
        if record.number
    ]
    with temporary_folder() as spill:
        held = Holdings(store, subject, spill, found.records(subject, Pseudonyms.of(workspace)), platform)
        left_out = [name for name in held.paths if platform and _has_no(platform, name)]
        tables = {
            name: [_own(row, subject) for row in _rows(held, name)] for name in held.paths if name not in left_out
        }
        held.engine.close()
    tables = {name: rows for name, rows in tables.items() if rows}
    if platform:
        sources = {row.get("source_file") for rows in tables.values() for row in rows}
        records = [record for record in records if record.label in sources]
    folder = reports / workspace.name if reports else None
    pages = (
        [path.relative_to(folder).as_posix() for path in naming(folder, subject)] if folder and folder.is_dir() else []
    )
    files = _files(given, tables, records, pages) if tables or records or pages else {}
    _write(to, files)
    done = SubjectExport(
        {name: len(rows) for name, rows in tables.items()}, len(records), pages,
        [*found.unsearched, *found.refused], list(files), left_out,
    )  # fmt: skip
    note(workspace, "export", {"tables": done.tables, "raw_records": done.raw_records, "pages": len(pages)})
    return done


def handed(record: Record, subject: Subject, personal: Personal) -> dict[str, str]:
    """Return the cells of *record* as *subject* may be given them: nobody else's ids, addresses or numbers.

    Of a record that only names them, the cells that do are theirs, and no other.
    """
    cells = {}
    for title, cell in record.cells.items():
        if record.is_named and not subject.text.search(cell):
            continue
        foreign = fold(title) in subject.id_columns and cell.strip() and not subject.is_cell(cell, title)
        cells[title] = OTHERS if foreign else _without_others(cell, subject, personal)
    return cells


def _without_others(text: str, subject: Subject, personal: Personal) -> str:
    """Return *text* with what names a person struck out, but for this one."""
    end, kept = 0, []
    for _, start, stop in sorted(personal.spans(text), key=lambda one: (one[1], -one[2])):
        if start >= end and not subject.text.search(text[start:stop]) and plain_id(text[start:stop]) not in subject.ids:
            kept += [text[end:start], OTHERS]
            end = stop
    return "".join([*kept, text[end:]])


def _own(row: dict[str, Any], subject: Subject) -> dict[str, Any]:
    """Return *row* with the pseudonyms of other people, who stand in it too, left out."""
    return {
        name: OTHERS if name.endswith("_key") and value and value not in subject.keys else value
        for name, value in row.items()
    }


def _has_no(platform: str, name: str) -> bool:
    from fanops_utils.data import schema

    return "platform" not in schema.table(name).columns and WITHOUT_PLATFORM.get(name) != platform


def _rows(held: Holdings, name: str) -> list[dict[str, Any]]:
    query = f"SELECT * FROM {scan(*held.paths[name])} WHERE {held.theirs(name)}"  # noqa: S608  (our own names and texts)
    found: Any = held.engine.sql(query).to_arrow_table()
    return list(found.to_pylist())


def _files(
    ids: list[str], tables: dict[str, list[dict[str, Any]]], records: list[Record], pages: list[str]
) -> dict[str, str]:
    """Return the text of each file of the export by its name."""
    inventory = read_inventory()
    everything = {
        "subject": ids, "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "purposes": {name: sorted({inventory.classes[kind].purpose for kind in inventory.tables[name].columns
                                   if inventory.classes[kind].personal}) for name in tables},
        "retention": {name: inventory.tables[name].retention for name in tables},
        "tables": tables,
        "raw_records": [{"file": one.label, "record": one.number, "cells": one.cells} for one in records],
        "reports": pages,
    }  # fmt: skip
    files = {"subject.json": json.dumps(everything, ensure_ascii=False, indent=1, default=str)}
    files |= {f"tables/{name}.csv": _csv(rows) for name, rows in tables.items()}
    cells = [{"file": one.label, "record": one.number, "column": column, "value": value}
             for one in records for column, value in one.cells.items()]  # fmt: skip
    return {**files, **({"raw_records.csv": _csv(cells)} if cells else {})}


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow([neutral(value) if isinstance(value, str) else value for value in row.values()])
    return text.getvalue()


def _write(to: Path, files: dict[str, str]) -> None:
    if to.suffix == ".zip" and files:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text.encode())
        _write_private(to, packed.getvalue())
        return
    for name, text in files.items():
        _write_private(to / name, text.encode())


def _write_private(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def _refuse_place(to: Path, *within: Path | None) -> None:
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise DataError("this exists already: name a new file or folder", file=to)
    for folder in within:
        if folder and to.resolve().is_relative_to(folder.resolve()):
            hint = "Name a place outside the repository"
            problem = "an export of a person must not lie among data and reports, nor elsewhere in the repository"
            raise DataError(problem, file=to, hint=hint)
