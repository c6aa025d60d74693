"""Verbs around notebooks and their reports: list, run, open, lab, check."""

from __future__ import annotations

import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, say
from fanops_utils.errors import ParameterError, PlanError
from fanops_utils.workspace import Workspace, open_workspace, project_root

if TYPE_CHECKING:
    from fanops_utils.reports.plan import Job


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List the notebooks, the question of each and its parameters."""
    from fanops_utils.reports.catalogue import catalogue

    entries = catalogue(project_root())
    if as_json:
        emit([entry.to_dict() for entry in entries])
    for entry in entries:
        say.print(f"{entry.notebook}: {entry.question}")
        for one in entry.parameters:
            say.print(f"    {one.name}: {one.annotation} = {one.default!r}  {one.help}")
    say.print("Next: fanops run NOTEBOOK -p name=value, or fanops run PLAN")


@app.command()
def run(
    target: Annotated[str, typer.Argument(metavar="PLAN|NOTEBOOK")],
    workspace: Annotated[str | None, typer.Option("--workspace", "-w", help="instead of the plan's own")] = None,
    parameter: Annotated[list[str] | None, typer.Option("-p", help="name=value, for a single notebook")] = None,
    workers: Annotated[int, typer.Option(min=1, help="jobs at the same time")] = 2,
    language: Annotated[str, typer.Option(help="words of the page: en or zh-Hans")] = "en",
    reports: Annotated[Path | None, typer.Option(help="where reports go; reports/ by default")] = None,
    dry_run: Annotated[bool, typer.Option(help="only say what would run")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run a plan (a .yml file) or one notebook, and write its HTML reports."""
    from fanops_utils.reports.execute import Outcome
    from fanops_utils.reports.run import jsonable, run_jobs

    root = project_root()
    home, name, jobs = _planned(target, workspace, _pairs(parameter or []), root)
    if language not in ("en", "zh-Hans"):
        raise ParameterError("unknown language", value=language, choices=("en", "zh-Hans"))
    if dry_run:
        if as_json:
            emit({"jobs": [{"notebook": job.notebook, "parameters": jsonable(job.parameters)} for job in jobs]})
        for job in jobs:
            say.print(f"{job.slug}")
        say.print(f"{len(jobs)} jobs would run")
        return
    done = iter(range(1, len(jobs) + 1))
    say.print(f"{len(jobs)} jobs, {min(workers, len(jobs))} at a time")

    def line(one: Outcome) -> None:
        say.print(f"[{next(done)}/{len(jobs)}] {one.status:10} {one.seconds:5.1f} s  {one.job.slug}  {one.error}")

    out = (reports or root / "reports").resolve()
    result = run_jobs(jobs, home, plan=name, root=root, reports=out, workers=workers, language=language, progress=line)
    if as_json:
        emit(result.to_dict())
    say.print(f"Reports: {result.index}")
    opening = "open the index" if reports else f"fanops open -w {workspace or home.name} --plan {name}"
    say.print(f"Next: {opening if result.good else 'read the failed reports, marked on the index'}")
    raise typer.Exit(0 if result.good else 1)


@app.command("open")
def open_(workspace: WorkspaceOption = "sample", plan: str = "demo") -> None:
    """Open the newest run of a plan in the browser."""
    folder = project_root() / "reports" / open_workspace(workspace).name / plan
    runs = sorted(folder.glob("*/index.html"), key=lambda path: path.stat().st_mtime)
    if not runs:
        raise PlanError("no run yet", value=folder, hint=f"fanops run notebooks/plans/{plan}.yml")
    webbrowser.open(runs[-1].as_uri())
    say.print(str(runs[-1]))


@app.command()
def lab() -> None:
    """Open the notebooks in JupyterLab."""
    raise typer.Exit(subprocess.call([sys.executable, "-m", "jupyterlab", str(project_root() / "notebooks")]))  # noqa: S603


@app.command()
def check(workspace: WorkspaceOption = "sample", as_json: JsonOption = False) -> None:
    """Check the registers and mappings of a workspace and every notebook and plan of the repository."""
    from fanops_utils.reports.catalogue import check_all

    root, target = project_root(), open_workspace(workspace)
    problems = check_all(root, target)
    if as_json:
        emit(problems)
    for problem in problems:
        say.print(f"{problem['place']}: {problem['problem']}")
    say.print(f"{len(problems)} problems" if problems else "Everything keeps to its contract.")
    raise typer.Exit(1 if problems else 0)


def _planned(target: str, workspace: str | None, given: dict[str, str], root: Path) -> tuple[Workspace, str, list[Job]]:
    """Return workspace, name and jobs of the plan or notebook *target*, all checked."""
    from fanops_utils.reports.plan import expand, read_plan, single

    if target.endswith((".yml", ".yaml")):
        plan = read_plan(Path(target))
        if given:
            raise ParameterError("-p goes with a single notebook; a plan holds its own parameters", value=target)
        home = open_workspace(workspace or plan.workspace)
        return home, plan.name, expand(plan, _valid(home), root)
    home = open_workspace(workspace or given.pop("workspace", "sample"))
    jobs = single(target, given, _valid(home), root)
    return home, jobs[0].notebook.rsplit("/", 1)[-1], jobs


def _valid(workspace: Workspace) -> Workspace:
    workspace.validate()
    return workspace


def _pairs(parameters: list[str]) -> dict[str, str]:
    pairs = {}
    for text in parameters:
        name, sign, value = text.partition("=")
        if not sign:
            raise ParameterError("a parameter is given as -p name=value", value=text)
        if name in pairs:
            raise ParameterError("the parameter is given twice", value=name)
        pairs[name] = value
    return pairs
