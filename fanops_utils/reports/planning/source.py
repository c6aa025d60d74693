"""A source notebook as its file holds it: its cells, read in a moment, before anything that executes is loaded."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fanops_utils.errors import PlanError

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class Cell:
    """One cell: its kind (code, markdown, raw), its text and its tags."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()


def read_cells(path: Path) -> list[Cell]:
    """Return the cells of the notebook at *path*; raise PlanError where it is none, or of a format before 4."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return [_cell(cell) for cell in notebook["cells"]]
    except OSError as error:
        raise PlanError(f"this notebook cannot be read ({error.strerror})", file=path) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        hint = "Open it in JupyterLab and save it: that writes format 4"
        raise PlanError("this notebook cannot be read (it is not in notebook format 4)", file=path, hint=hint) from None


def told_by(path: Path) -> dict[str, str]:
    """Return what the metadata of the notebook at *path* say of it: topic, title, report; empty where they say nothing."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["metadata"].get("fanops", {})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def code_of(path: Path) -> list[str]:
    """Return the code of the code cells of the notebook at *path*."""
    return [cell.source for cell in read_cells(path) if cell.kind == "code"]


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook at *path* as nbformat reads it, the caller's own; raise what nbformat raises."""
    return deepcopy(_read(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=64)  # one notebook runs for many markets; checking it takes longer than copying it
def _read(path: Path, changed: int) -> NotebookNode:  # noqa: ARG001  (what was read of another state is forgotten)
    import nbformat

    return nbformat.read(path, as_version=4)


def _cell(cell: dict) -> Cell:
    source, tags = cell["source"], cell.get("metadata", {}).get("tags", [])
    return Cell(cell["cell_type"], source if isinstance(source, str) else "".join(source), tuple(tags))
