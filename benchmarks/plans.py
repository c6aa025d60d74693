"""Plans of many jobs, and histories of many runs: what reading them costs, and how that grows.

    python benchmarks/plans.py [--jobs 500 2000 8000] [--runs 104]

Each in a process forked from one that has its imports.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from functools import partial
from pathlib import Path

import nbformat
from common import Cost, forked
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from record import COSTS, Record

from fanops_utils.reports.planning.matrix import PlanJob
from fanops_utils.reports.planning.plan import Job, Plan, expand
from fanops_utils.reports.reuse import history
from fanops_utils.workspace import Workspace

BRAND = """name: Benchmark
markets:
  - {code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}
  - {code: DE, name: Germany, language: de, time_zone: Europe/Berlin, currency: EUR}
"""
PARAMETERS = (
    'workspace: str = "brand"  # folder under data/\nmarket: str = "US"  # market code\nowner: str = "lead"  # who'
)
NOTEBOOKS, FINDINGS, COMPARED = 20, 9, 500


def repository(root: Path) -> Workspace:
    """Write a repository of twenty notebooks and one brand at *root*."""
    (root / "data" / "brand").mkdir(parents=True)
    (root / "data" / "brand" / "brand.yml").write_text(BRAND, encoding="utf-8")
    (root / "notebooks" / "research").mkdir(parents=True)
    for place in range(NOTEBOOKS):
        cell = new_code_cell(PARAMETERS)
        cell.metadata["tags"] = ["parameters"]
        notebook = new_notebook(cells=[new_markdown_cell("# Is it so?"), cell])
        nbformat.write(notebook, root / "notebooks" / "research" / f"notebook{place}.ipynb")
    return Workspace(root / "data" / "brand")


def jobs_of(workspace: Workspace, root: Path, count: int) -> list[Job]:
    """Return *count* jobs, each with its own owner."""
    asked = tuple(
        PlanJob(
            notebook=f"research/notebook{k % NOTEBOOKS}", parameters={"owner": f"o{k}", "market": ("US", "DE")[k % 2]}
        )
        for k in range(count)
    )
    jobs = expand(Plan(name="weekly", workspace="brand", jobs=asked), workspace, root)
    if len(jobs) != count:
        raise SystemExit(f"the plan has {len(jobs)} jobs, not {count}")
    return jobs


def write_history(folder: Path, jobs: list[Job], runs: int) -> float:
    """Write a history of so many *runs* of all *jobs*; return its size in MB."""
    folder.mkdir(parents=True)
    finding = {"title": "A sentence as titles are, of some length", "severity": "info", "status": "ok", "estimate": 1.0}
    findings = [{"id": f"finding{k}", **finding} for k in range(FINDINGS)]
    with (folder / history.FILE).open("w", encoding="utf-8") as file:
        for run in range(runs):
            for job in jobs:
                line = {"run_id": f"{run:04}", "notebook": job.notebook, "slug": job.slug, "parameters": job.parameters}
                file.write(json.dumps(line | {"status": "succeeded", "findings": findings}) + "\n")
    return (folder / history.FILE).stat().st_size / 1e6


def newest_of(folder: Path) -> None:
    """Find the newest line of each job in the history in *folder*; raise where one is missing."""
    if (lines := len(history.newest(folder))) != COMPARED:
        raise SystemExit(f"{lines} jobs in the history, not {COMPARED}")


def main() -> None:
    """Measure, and record a table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--jobs", type=int, nargs="+", default=[500, 2_000, 8_000])
    asked.add_argument("--runs", type=int, default=104)
    given = asked.parse_args(sys.argv[1:])
    with tempfile.TemporaryDirectory() as home:
        root = Path(home)
        workspace = repository(root)
        costs: dict[str, Cost] = {}
        for count in given.jobs:
            costs[f"a plan of {count:,} jobs"] = forked(partial(jobs_of, workspace, root, count))
        size = write_history(root / "history", jobs_of(workspace, root, COMPARED), given.runs)
        told = f"the newest of {COMPARED} jobs in {given.runs} runs, {size:.0f} MB"
        costs[told] = forked(partial(newest_of, root / "history"))
    record = Record()
    record.table(COSTS, [(name, *cost.told()) for name, cost in costs.items()])
    for count in given.jobs:
        record.figure(f"{count} jobs planned", costs[f"a plan of {count:,} jobs"].wall)
    record.keep()


if __name__ == "__main__":
    main()
