"""The files beside a page, written by the run: what the result hands over in each language, and the workbook of all sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from fanops_utils.playbook.handouts import NAME, Agenda, Draft, Listing
from fanops_utils.reports.beside.agenda import agenda_bytes
from fanops_utils.reports.beside.draft import draft_bytes
from fanops_utils.reports.beside.listing import listing_bytes
from fanops_utils.reports.beside.sheets import sheets_of
from fanops_utils.reports.beside.workbook import workbook_bytes
from fanops_utils.reports.planning.names import file_name
from fanops_utils.reports.reuse.files import write_bytes
from fanops_utils.text import Sayable, Written

WORKBOOK = "xlsx"


@dataclass(frozen=True)
class Report:
    """The report whose files are written: where, in which languages, and when it was made (UTC)."""

    run_dir: Path
    workspace: str
    slug: str
    title: Sayable | None
    languages: tuple[str, ...]
    made: datetime


def write_beside(
    notebook: NotebookNode, handouts: Sequence[dict[str, Any]], report: Report
) -> tuple[dict[str, Any], ...]:
    """Write the *handouts* and the workbook of the sheets of an executed *notebook*; return what the manifest says of them.

    Keys: file (beside the page), kind (csv, ics, yml, xlsx), language, title (None: the workbook), rows, private. A private file
    can be read by its owner only. Raises ValueError for a handout that is none, OSError where it cannot be written.
    """
    names = [(told.get("name"), told.get("kind")) for told in handouts]
    for name, kind in names:
        if not isinstance(name, str) or not NAME.fullmatch(name) or names.count((name, kind)) > 1:
            raise ValueError(f"no name of a handout, or given twice: {name!r}")
    sheets = sheets_of(notebook)
    written = []
    for language in report.languages:
        for told in handouts:
            data, rows = _handout(told, report, language)
            written.append(_written(report, language, str(told["kind"]), data, told, rows))
        if sheets:
            data = workbook_bytes(sheets, report.title or Written(report.slug), language, made=report.made)
            written.append(_written(report, language, WORKBOOK, data, {}, len(sheets)))
    return tuple(written)


def _handout(told: dict[str, Any], report: Report, language: str) -> tuple[bytes, int]:
    if told.get("kind") == Listing.kind:
        return listing_bytes(told, language), len(told["rows"])
    if told.get("kind") == Agenda.kind:
        of = f"{report.workspace}/{report.slug}"
        return agenda_bytes(told, language, of=of, made=report.made), len(told["events"])
    if told.get("kind") == Draft.kind:
        data = draft_bytes(told, language)
        return data, data.count(b"\n")
    raise ValueError(f"no kind of handout: {told.get('kind')!r}")


def _written(report: Report, language: str, kind: str, data: bytes, told: dict[str, Any], rows: int) -> dict[str, Any]:
    name = file_name(report.slug, told.get("name"), kind, language, report.languages)
    private = bool(told.get("private"))
    write_bytes(report.run_dir / name, data, private=private)
    return {
        "file": name,
        "kind": kind,
        "language": language,
        "title": told.get("title"),
        "rows": rows,
        "private": private,
    }
