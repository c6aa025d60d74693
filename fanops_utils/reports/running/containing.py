"""Which cells fall with one that fails: those of its section, and no other."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nbformat import NotebookNode

NOT_CONTAINED = {"parameters", "injected-parameters", "trust", "limits", "result"}
PLAYS = "plays"
ENDS = ("SystemExit", "KeyboardInterrupt", "MemoryError")  # the end of a notebook, not the fault of a section


def fallen(cells: Sequence[NotebookNode], failed: int) -> list[int]:
    """Return the places of the code cells that fall with the cell at *failed*; none where the report must fail with it.

    That is so before the first question and for data, limits and the result itself. Among the plays a cell falls alone.
    """
    head = next((place for place in range(failed, -1, -1) if _is_heading(cells[place])), None)
    if head is None or NOT_CONTAINED & (_tags(cells[head]) | _tags(cells[failed])):
        return []
    if PLAYS in _tags(cells[head]):
        return [failed]
    end = next((place for place in range(failed + 1, len(cells)) if _is_heading(cells[place])), len(cells))
    return [place for place in range(failed, end) if cells[place].cell_type == "code"]


def losing(cells: Sequence[NotebookNode], places: Sequence[int]) -> str:
    """Return the code that puts what the cells at *places* would have made into the kernel as lost, and shows so."""
    sources = json.dumps([cells[place].source for place in places])
    name = PLAYS if any(PLAYS in _tags(cells[place]) for place in places) else f"section-{places[0]}"
    lose = "__import__('fanops_utils.playbook.lost', fromlist=['lose']).lose"
    return f"display(*{lose}(globals(), {sources}, name={name!r}))"


def _is_heading(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "markdown" and any(line.startswith("## ") for line in cell.source.splitlines()))


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))
