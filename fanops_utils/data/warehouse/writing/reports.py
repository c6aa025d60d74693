"""What an import tells: of each file, of its progress, and in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from fanops_utils.data.warehouse.writing.staging import Held

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
    age_from: str = ""
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watch:
    """Who is told how an import goes on: of each file, of the bytes read so far, and that another import is waited for."""

    report: Callable[[FileReport], None] = lambda _report: None
    read: Callable[[int, int], None] = lambda _done, _total: None
    waiting: Callable[[], None] = lambda: None


def report_on(held: Held, loaded: int) -> FileReport:
    """Return the report of one file of which *loaded* records changed a table."""
    bad = len(held.bad)
    status: Status = "loaded" if loaded or bad or not held.rows_in else "unchanged"
    return FileReport(
        held.corrected_by or held.label, status, held.source, held.report_type, held.rows_in, loaded, bad,
        held.rows_in - bad - loaded, tuple(held.warnings), age_from=held.age_from, unread=held.unread,
    )  # fmt: skip


def log_lines(
    held: Held, report: FileReport, *, prior: dict[Any, Any] | None, imported_at: datetime
) -> list[dict[str, object]]:
    """Return the rows of import_log for one file; one that was corrected counts what was loaded of it before, too.

    *prior* is its row in the log before this import.
    """
    earlier = int(prior["rows_loaded"]) if held.corrected_by and prior else 0
    there = report.rows_in - report.rows_quarantined
    loaded = min(report.rows_loaded + earlier, there)
    line = {
        "file": held.label, "fingerprint": held.fingerprint, "status": report.status, "source": report.source,
        "report_type": report.report_type, "rows_in": report.rows_in, "rows_loaded": loaded,
        "rows_quarantined": report.rows_quarantined, "rows_duplicate": there - loaded,
        "warnings": "\n".join(report.warnings), "exported_at": held.exported_at,
        "strange_markets": held.strange_markets.total(), "undated_posts": held.undated_posts,
        "age_from": held.age_from, "unread": "\n".join(held.unread), "imported_at": imported_at,
    }  # fmt: skip
    if not held.corrected_by:
        return [line]
    none = {"rows_in": 0, "rows_loaded": 0, "rows_quarantined": 0, "rows_duplicate": 0, "status": "loaded",
            "strange_markets": 0, "undated_posts": 0}  # fmt: skip
    said = f"corrections of {held.label}: counted there"
    return [line, {**line, **none, "file": held.corrected_by, "fingerprint": held.correction, "warnings": said}]
