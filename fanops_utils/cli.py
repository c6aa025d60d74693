"""The `fanops` command: every verb one call into the package, plain words, exit 0 done, 1 failed, 2 refused."""

from __future__ import annotations

import json
import subprocess
import sys
import webbrowser
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table as Grid

import fanops_utils
from fanops_utils.errors import FanopsError, ParameterError, PlanError, shorten
from fanops_utils.workspace import Workspace, init_workspace, open_workspace, project_root

if TYPE_CHECKING:
    from fanops_utils.reports.plan import Job

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
say = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

WorkspaceOption = Annotated[str, typer.Option("--workspace", "-w", help="name under data/, or path of the workspace")]
SHOWN_IN_QUARANTINE = 20
JsonOption = Annotated[bool, typer.Option("--json", help="print the outcome as JSON on standard output")]


def main() -> NoReturn:
    """Run the command line; every expected error becomes one plain line and exit code 2."""
    try:
        code = app(standalone_mode=False)
    except FanopsError as error:
        _refuse(str(error))
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        said = error.format_message().rstrip(".")
        _refuse(f"{said}{'' if said.endswith('?') else '.'} See: fanops --help")
    # Outside its standalone mode typer returns the code of typer.Exit instead of raising it.
    sys.exit(code if isinstance(code, int) else 0)


def _refuse(message: str) -> NoReturn:
    if "--json" in sys.argv:
        _emit({"error": message})
    say.print(f"fanops: {message}")
    sys.exit(2)


def _emit(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="print the version")] = False
) -> None:
    """Platform exports in, honest reports out. Start with: fanops sample, fanops import, fanops run."""
    if version:
        typer.echo(f"fanops {fanops_utils.__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def sample(workspace: WorkspaceOption = "sample", seed: int = 20261122, as_json: JsonOption = False) -> None:
    """Make the simulated brand's exports in data/sample/raw, in the platforms' own formats."""
    from fanops_utils.data.sample import write_sample

    target = open_workspace(workspace)
    summary = write_sample(target, seed=seed)
    if as_json:
        _emit({"workspace": target.name, "raw": target.raw, "files": len(summary.files), "rows": summary.rows})
    say.print(f"{len(summary.files)} export files in {target.raw}")
    say.print(f"Next: fanops import {_shown(target.raw)} -w {workspace}")


@app.command()
def init(name: str, as_json: JsonOption = False) -> None:
    """Write a new commented workspace data/NAME."""
    folder = Path(name) if len(Path(name).parts) > 1 else project_root() / "data" / name
    written = init_workspace(folder)
    if as_json:
        _emit({"workspace": folder, "files": written})
    say.print(f"New workspace in {_shown(folder)}")
    say.print(
        f"Next: edit {_shown(folder / 'brand.yml')}, put exports into {_shown(folder / 'raw')}, then fanops import"
    )


@app.command("import")
def import_(
    paths: list[Path],
    workspace: WorkspaceOption = "sample",
    account: Annotated[str | None, typer.Option(help="handle or id of the account the files belong to")] = None,
    exported_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day the files were exported")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="mapping file to read the files by")] = None,
    as_json: JsonOption = False,
) -> None:
    """Import exports (files, archives, folders) into the warehouse of a workspace."""
    from fanops_utils.data.warehouse import FileReport, import_paths

    def line(report: FileReport) -> None:
        if report.status == "refused":
            say.print(f"refused    {report.error}")
        elif report.rows_quarantined:
            say.print(
                f"{report.status:10} {report.file}: {report.rows_quarantined} of {report.rows_in} rows in quarantine"
            )

    day = exported_on.date() if exported_on else None
    reports = import_paths(
        open_workspace(workspace), paths, account=account, exported_on=day, mapping=mapping, progress=line
    )
    if as_json:
        _emit([report.__dict__ for report in reports])
    counts = {state: sum(one.status == state for one in reports) for state in ("loaded", "unchanged", "refused")}
    rows = sum(one.rows_loaded for one in reports)
    say.print(
        f"{counts['loaded']} files loaded ({rows:,} rows), {counts['unchanged']} unchanged, {counts['refused']} refused"
    )
    say.print(f"Next: fanops status -w {workspace}, then fanops run PLAN -w {workspace}")
    raise typer.Exit(1 if counts["refused"] else 0)


@app.command()
def status(workspace: WorkspaceOption = "sample", as_json: JsonOption = False) -> None:
    """Show what the warehouse of a workspace holds, and what lies in quarantine and why."""
    from fanops_utils.data import warehouse

    target = open_workspace(workspace)
    target.validate()
    store = warehouse.Store(target)
    tables, aside = warehouse.status(store), store.read("quarantine")
    if as_json:
        _emit({"tables": tables, "quarantine": aside.astype(object).where(aside.notna(), None).to_dict("records")})
    grid = Grid("table", "rows", "first day", "last day", box=None)
    for row in tables:
        grid.add_row(row["table"], f"{row['rows']:,}", row["first"] or "", row["last"] or "")
    say.print(grid)
    for one in aside.head(SHOWN_IN_QUARANTINE).to_dict("records"):
        cell = shorten(one["value"])  # text of a platform: nothing in it may steer the terminal
        say.print(f"quarantine  {one['file']}, row {one['source_row']}, {one['column']}: {cell} {one['reason']}")
    if len(aside) > SHOWN_IN_QUARANTINE:
        say.print(f"quarantine  and {len(aside) - SHOWN_IN_QUARANTINE} more rows: fanops status -w {workspace} --json")
    say.print(f"Next: fanops run PLAN -w {workspace}" if tables else f"Next: fanops import PATH -w {workspace}")


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List the notebooks, the question of each and its parameters."""
    from fanops_utils.reports.catalogue import catalogue

    entries = catalogue(project_root())
    if as_json:
        _emit([entry.to_dict() for entry in entries])
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
            _emit({"jobs": [{"notebook": job.notebook, "parameters": jsonable(job.parameters)} for job in jobs]})
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
        _emit(result.to_dict())
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
        _emit(problems)
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


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
