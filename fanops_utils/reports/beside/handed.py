"""What an executed notebook hands over, taken out of it before it is kept."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

from fanops_utils.text.showing import mime


def handouts_of(notebook: NotebookNode) -> list[dict[str, Any]]:
    """Take the handouts out of the results that *notebook* shows, and return those of the last one.

    What is handed over lies in its file alone: neither the executed notebook nor the result keeps a second copy.
    """
    taken: list[dict[str, Any]] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            told = output.get("data", {}).get(mime("result"))
            if isinstance(told, dict):
                found = told.pop("handouts", None)
                taken = [dict(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return taken
