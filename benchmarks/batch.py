"""A batch of twelve reports of the simulated brand: the loop people use, fanops, the limit, and an unchanged plan.

`python benchmarks/batch.py [PARTS]`, PARTS being letters in the order in which they are measured, each as often as it
stands there:
a  papermill's command, then nbconvert's command, one notebook after the other
b  `fanops run`, two jobs at a time
c  the limit (`limit.py`): the same cells in processes forked from one that imported everything, two at a time, every
   figure drawn in every language and width that b draws it in
d  `fanops run` again, nothing changed since the b before it

By default abcd and six more pairs of b and c: on a machine whose speed wanders one pair says little. Needs the brand
imported (`fanops sample`, `fanops import`); ends with the job's name where one of them is not a whole report.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from limit import AT_ONCE, unmade
from record import Record

ROOT, HERE = Path(__file__).parents[1], Path(__file__).parent
JOBS = 12
PARTS = "abcd" + 6 * "bc"
MAIN = "import sys; sys.argv[0] = 'fanops'; from fanops_utils.cli import main; main()"
NAMES = {
    "a": "papermill's command, then nbconvert's", "b": "fanops run", "c": "the limit: cells and figures alone",
    "d": "fanops run, nothing changed",
}  # fmt: skip
PLAN = """name: batch
workspace: sample
jobs:
  - notebook: research/market_analysis
    matrix: {market: [US, BR, DE, JP]}
  - notebook: research/audience_personas
    matrix: {market: [US, BR, DE]}
  - notebook: experiments/experiment_readout
    matrix: {experiment: [badge_design, push_copy, welcome_message]}
  - notebook: campaigns/campaign_retrospective
    matrix: {campaign: [autumn_push_de, spring_blend_br]}
"""
Cost = tuple[float, float]


def spent(*commands: list[str], **variables: str) -> Cost:
    """Run *commands* one after the other; return wall and CPU seconds, those of all their processes included."""
    environment = {**os.environ, "FANOPS_ROOT": str(ROOT), **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # bytecode is kept, as it is where people work
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command[:6])} failed:\n{done.stderr[-3000:]}")
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def planned() -> tuple[list[tuple[str, Path, dict[str, Any]]], tuple[str, ...]]:
    """Return slug, notebook and parameters of the jobs, and the languages a run draws their figures in."""
    from fanops_utils.reports.planning.plan import expand, read_plan
    from fanops_utils.workspace import open_workspace

    workspace = open_workspace("sample", root=ROOT)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "batch.yml").write_text(PLAN, encoding="utf-8")
        jobs = expand(read_plan(Path(folder) / "batch.yml"), workspace, ROOT)
    if len(jobs) != JOBS:
        raise SystemExit(f"the plan has {len(jobs)} jobs, not {JOBS}")
    return [(job.slug, job.path, job.parameters) for job in jobs], workspace.brand.languages


def habit(folder: Path) -> Cost:
    """Papermill's command, then nbconvert's, per notebook: one page of one language each."""
    commands, outs = [], []
    for slug, path, parameters in planned()[0]:
        outs.append(folder / f"{slug}.ipynb")
        given = [word for name, value in parameters.items() for word in ("-p", name, str(value))]
        commands.append([sys.executable, "-m", "papermill", str(path), str(outs[-1]), *given, "--no-progress-bar"])
        commands.append([sys.executable, "-m", "nbconvert", "--to", "html", str(outs[-1])])
    cost = spent(*commands)
    for out in outs:
        _refuse(out.stem, _result_of(out))
    return cost


def _result_of(path: Path) -> str:
    """Return why the executed notebook at *path* is no whole report, "" where it is."""
    import nbformat

    from fanops_utils.reports.page.render import find_result

    return unmade(find_result(nbformat.read(path, as_version=4)))


def ours(folder: Path, *, status: str = "succeeded") -> Cost:
    """One `fanops run`; ends the benchmark where a job's status is not *status*, or a section of it failed."""
    (folder / "batch.yml").write_text(PLAN, encoding="utf-8")
    words = ["run", str(folder / "batch.yml"), "--reports", str(folder), "--workers", str(AT_ONCE)]
    cost = spent([sys.executable, "-c", MAIN, *words])
    newest = max(folder.glob("sample/batch/*/manifest.json"), key=lambda path: path.stat().st_mtime_ns)
    jobs = json.loads(newest.read_text(encoding="utf-8"))["jobs"]
    if len(jobs) != JOBS:
        raise SystemExit(f"the manifest has {len(jobs)} jobs, not {JOBS}")
    for job in jobs:
        _refuse(job["slug"], "" if job["status"] == status else f"{job['status']}, not {status}")
        _refuse(job["slug"], ", ".join(job["failed_sections"]))
    return cost


def unchanged(folder: Path) -> Cost:
    """One `fanops run` on what a run before it left in *folder*: every report is taken over."""
    return ours(folder, status="cached")


def _refuse(slug: str, problem: str) -> None:
    if problem:
        raise SystemExit(f"{slug}: {problem}. The batch is not whole: nothing is told of it.")


def limit(folder: Path) -> Cost:
    """The cells alone: a process imports everything, forks one process per job, two at a time."""
    from fanops_utils.reports.kernels.preload import ENVIRONMENT

    jobs, languages = planned()
    told = [(slug, str(path), parameters) for slug, path, parameters in jobs]
    (folder / "jobs.json").write_text(json.dumps(told, default=str), encoding="utf-8")
    threads = max(1, (os.cpu_count() or 1) // AT_ONCE)  # as a run shares the cores
    same = {**ENVIRONMENT, "FANOPS_LANGUAGES": ",".join(languages), "FANOPS_THREADS": str(threads)}
    return spent([sys.executable, str(HERE / "limit.py"), str(folder)], **same)


def main(parts: str) -> None:
    """Measure the *parts*, then record them and the ratios of their neighbours."""
    measures = {"a": habit, "b": ours, "c": limit, "d": unchanged}
    costs: dict[str, list[Cost]] = {part: [] for part in measures}
    own: list[float] = []
    last: Path | None = None
    with tempfile.TemporaryDirectory(prefix="fanops-batch-") as name:
        for number, part in enumerate(parts):
            folder = last if part == "d" and last else Path(name) / str(number)
            folder.mkdir(exist_ok=True)
            costs[part].append(measures[part](folder))
            last = folder if part == "b" else last
            own += [json.loads((folder / "cells.json").read_text(encoding="utf-8")) / JOBS] if part == "c" else []
    tell(costs, own).keep()


def tell(costs: dict[str, list[Cost]], own: list[float]) -> Record:
    """Return the record of the *costs* of all parts; *own* is the CPU of the cells per job, of each c."""
    record = Record()
    lines = [
        (f"({part}) {NAMES[part]}", str(len(these)), *(_spread([cost[place] for cost in these], 1) for place in (0, 1)))
        for part, these in costs.items()
        if these
    ]
    record.table(("", "times", "wall s", "CPU s"), lines, f"{JOBS} jobs; the middle, and from least to most")
    ratios = []
    for title, over, under in (("habit / batch", "a", "b"), ("batch / limit", "b", "c")):
        pairs = list(zip(costs[over], costs[under], strict=False))
        if pairs:
            both = [[one[place] / other[place] for one, other in pairs] for place in (0, 1)]
            ratios.append((title, *(_spread(these, 2) for these in both)))
            record.figure(title, median(both[0]))
    beyond = [(batch[1] - least[1]) / JOBS for batch, least in zip(costs["b"], costs["c"], strict=False)]
    if beyond:
        ratios += [
            ("CPU s a job beyond the limit", "", _spread(beyond, 2)),
            ("cells' own CPU s a job", "", _spread(own, 2)),
        ]
        record.figure("cells' own CPU", median(own))
    record.table(("", "wall", "CPU"), ratios, "Ratios of neighbours, and CPU per job")
    if costs["d"]:
        record.figure("unchanged", costs["d"][-1][0])
    record.note(
        "The limit runs the same code cells without kernels, messages, pages or checks, and draws every figure in the "
        "languages and the two widths that the batch draws it in. The habit draws one language and makes one page a job."
    )
    return record


def _spread(values: list[float], digits: int) -> str:
    """Return the middle of *values*, and where there are several, from least to most."""
    if len(values) == 1:
        return f"{values[0]:.{digits}f}"
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else PARTS)
