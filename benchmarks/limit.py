"""The limit of a batch: the same cells in processes forked from one that imported everything, figures saved, nothing else.

    python benchmarks/limit.py FOLDER      (FOLDER/jobs.json: slug, path and parameters of each job)

Charts are drawn in the languages of FANOPS_LANGUAGES, both widths, as a run draws them; what each cell shows is written
as JSON. There is no kernel, no message, no page, no check, no watching of files. FOLDER/cells.json says what the forked
processes took: the cells' own CPU.
"""

from __future__ import annotations

import ast
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

AT_ONCE = 2
RESULT = "application/vnd.fanops.result+json"


def run_cells(folder: Path) -> None:
    """Import everything, then fork a process per job that runs its cells and saves its figures."""
    from fanops_utils.reports.kernels.preload import USUAL, preload

    assert not preload(USUAL), "this process cannot be forked"
    running: dict[int, str] = {}
    for slug, path, parameters in json.loads((folder / "jobs.json").read_text(encoding="utf-8")):
        if len(running) == AT_ONCE:
            _ended(running)
        child = os.fork()
        if child == 0:
            try:
                one_job(folder / slug, Path(path), parameters)
                os._exit(0)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
        running[child] = slug
    while running:
        _ended(running)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    (folder / "cells.json").write_text(json.dumps(used.ru_utime + used.ru_stime), encoding="utf-8")


def _ended(running: dict[int, str]) -> None:
    """Wait for one of *running* to end; end the benchmark, naming the job, where it failed."""
    child, status = os.wait()
    slug = running.pop(child)
    if status:
        sys.stderr.write(f"{slug} failed\n")
        sys.stderr.flush()
        os._exit(1)  # not by way of the libraries' endings: what they print of themselves would bury the name


def one_job(target: Path, path: Path, parameters: dict[str, Any]) -> None:
    """Run the code cells of the notebook at *path* and save what the last line of each shows; raise where that is no report."""
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    results: list[dict[str, Any]] = []
    for number, cell in enumerate(cells):
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102
        if "parameters" in cell["metadata"].get("tags", []):
            names |= parameters
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)  # noqa: S307
            if hasattr(shown, "_repr_mimebundle_"):
                bundle = shown._repr_mimebundle_()
                data = bundle[0] if isinstance(bundle, tuple) else bundle
                results += [data[RESULT]] if RESULT in data else []
                Path(f"{target}-{number}.out").write_text(json.dumps(data, default=str), encoding="utf-8")
    if problem := unmade(results[-1] if results else None):
        raise SystemExit(f"{target.name}: {problem}")


def unmade(result: dict[str, Any] | None) -> str:
    """Return why a *result* is not that of a whole report, "" where it is: a batch of nothing measures nothing."""
    if result is None:
        return "ended without a result"
    if result.get("status") == "no_data":
        return "no_data"
    failed = [str(one.get("id")) for one in result.get("findings", []) if one.get("status") == "failed"]
    return f"failed sections: {', '.join(failed)}" if failed else ""


if __name__ == "__main__":
    run_cells(Path(sys.argv[1]))
