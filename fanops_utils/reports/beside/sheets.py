"""The sheets of a report: each table, and the data of each chart, as the executed notebook carries them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from nbformat import NotebookNode

from fanops_utils.text.showing import mime

KINDS = ("chart", "table")
MOST_SHEETS, MOST_ROWS, MOST_CELLS = 60, 5_000, 200_000


class Sheet(NamedTuple):
    """One table: what it is called, what is said under it, headings and rows as JSON holds them, rows that are left out."""

    title: Any
    note: Any
    columns: list[Any]
    rows: list[list[Any]]
    left_out: int


def sheets_of(notebook: NotebookNode) -> list[Sheet]:
    """Return the sheets of an executed *notebook* in the order shown; at most 60, of 5,000 rows each, 200,000 cells in all."""
    found: list[Sheet] = []
    room = MOST_CELLS
    for kind, told in _shown(notebook):
        columns, rows = told.get("columns"), told.get("rows")
        if (
            len(found) == MOST_SHEETS
            or not isinstance(columns, list)
            or not isinstance(rows, list)
            or not columns
            or not rows
        ):
            continue
        kept = rows[: min(MOST_ROWS, room // len(columns))]
        room -= len(kept) * len(columns)
        title = told.get("title") if kind == "chart" else told.get("caption")
        note = told.get("caption") if kind == "chart" else None
        found.append(Sheet(title, note, columns, [row for row in kept if isinstance(row, list)], len(rows) - len(kept)))
    return found


def _shown(notebook: NotebookNode) -> Iterator[tuple[str, dict[str, Any]]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            parts = (data.get(mime("section")) or {}).get("parts") or []
            alone = [{"kind": kind, "value": data[mime(kind)]} for kind in KINDS if mime(kind) in data]
            for part in [*parts, *alone]:
                if isinstance(part, dict) and part.get("kind") in KINDS and isinstance(part.get("value"), dict):
                    yield part["kind"], part["value"]
