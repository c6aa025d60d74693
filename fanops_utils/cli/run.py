"""The verb that makes reports: a plan, or one notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanops_utils.cli.common import JsonOption, app, current, current_or_none, emit, open_workspace, project_root, say
from fanops_utils.cli.notifying import notified
from fanops_utils.errors import ParameterError

if TYPE_CHECKING:
    from fanops_utils.metrics.catalogue.together import Lookup
    from fanops_utils.reports.planning.plan import Job, Notify, Plan
    from fanops_utils.reports.running.run import Run
    from fanops_utils.workspace import Workspace

NOT_NOTIFIED = 3  # exit code: the reports are there, and somebody was not told
KERNELS = ("auto", "forked", "ordinary")


@dataclass(frozen=True)
class Target:
    """What is to run: workspace, name, jobs, and what the plan says of old runs and of whom to notify."""

    home: Workspace
    name: str
    jobs: list[Job]
    keep: int | None = None
    notify: Notify | None = None
    expected: list[float | None] = field(default_factory=list)
    languages: tuple[str, ...] = ()
    noted: dict[str, Any] = field(default_factory=dict)  # of its import and of late sources, for the manifest


@app.command()
def run(
    target: Annotated[str, typer.Argument(metavar="PLAN|NOTEBOOK")],
    workspace: Annotated[str | None, typer.Option("--workspace", "-w", help="instead of the plan's own")] = None,
    parameter: Annotated[list[str] | None, typer.Option("-p", help="name=value, for a single notebook")] = None,
    workers: Annotated[int, typer.Option(min=1, help="jobs at the same time")] = 2,
    reports: Annotated[Path | None, typer.Option(help="where reports go; reports/ by default")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day relative dates count from")
    ] = None,
    force: Annotated[bool, typer.Option(help="execute also what would come out the same")] = False,
    resume: Annotated[bool, typer.Option(help="go on with the last run, which was killed or stopped")] = False,
    fail_fast: Annotated[bool, typer.Option(help="begin no job after one that failed; the rest are skipped")] = False,
    kernels: Annotated[str, typer.Option(help="auto, forked or ordinary")] = "auto",
    cell_limit: Annotated[float, typer.Option(min=0.1, help="seconds a cell may take")] = 600,
    job_limit: Annotated[float, typer.Option(min=0.1, help="seconds a job may take")] = 3600,
    retries: Annotated[int, typer.Option(min=0, help="tries more where a kernel died or time was up")] = 1,
    memory: Annotated[int | None, typer.Option(min=1, help="megabytes a job may take up")] = None,
    keep: Annotated[int | None, typer.Option(min=1, help="runs to keep; as the plan says by default")] = None,
    dry_run: Annotated[bool, typer.Option(help="only say what would run")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run a plan (its name, or a .yml file) or one notebook, and write its HTML reports."""
    root, pairs = project_root(), _pairs(parameter or [])
    if kernels not in KERNELS:
        raise ParameterError("unknown kind of kernels", value=kernels, choices=KERNELS)
    out = (reports or root / "reports").resolve()
    asked = planned(target, workspace, pairs, root, out, as_of=as_of, feed=not (dry_run or resume))
    if dry_run:
        _tell_dry(asked, workers=workers, as_json=as_json)
        return
    from fanops_utils.reports.running.context import Limits

    limits = Limits(cell_limit, job_limit, retries, memory)
    options: dict[str, Any] = {
        "fail_fast": fail_fast,
        "workers": workers,
        "languages": asked.languages or asked.home.brand.languages,
        "kernels": kernels,
        "force": force,
        "resume": resume,
    }
    result = _run(asked, root, out, limits=limits, keep=keep or asked.keep, **options)
    if as_json:
        emit(result.to_dict())
    told = notified(asked.notify, result)
    opening = "open the index" if reports else f"fanops open -w {workspace or asked.home.name} --plan {asked.name}"
    refused = asked.noted.get("imported", {}).get("refused")
    code = _told(result, opening, target) or (1 if refused else 0)
    raise typer.Exit(code if code or told else NOT_NOTIFIED)


def _run(asked: Target, root: Path, out: Path, **options: Any) -> Run:
    from fanops_utils.reports.running.progress import Progress
    from fanops_utils.reports.running.run import run_jobs

    workers, jobs = options["workers"], asked.jobs
    known = {job.slug: one for job, one in zip(jobs, asked.expected, strict=True) if one is not None}
    with Progress(say, jobs, workers=workers, expected=known) as progress:
        return run_jobs(
            jobs, asked.home, plan=asked.name, root=root, reports=out, expected=known, progress=progress.done,
            cell_started=progress.cell, lookup=lookup_of(asked.home), noted=asked.noted, **options,
        )  # fmt: skip


def lookup_of(home: Workspace) -> Lookup:
    """Return what measures the metrics that targets and decisions of a workspace name; it is loaded when first asked."""

    @cache
    def measure() -> Lookup:
        from fanops_utils.data.warehouse import Store
        from fanops_utils.metrics import lookup

        return lookup(Store(home))

    return lambda *asked: measure()(*asked)


def _told(result: Run, opening: str, target: str) -> int:
    """Say where the reports are and what to do next; return the exit code."""
    if result.problem:
        say.print(f"fanops: {result.problem}")
        return 1
    say.print(f"Reports: {result.index}")
    if result.stopped_by is not None:
        say.print(f"Stopped. Next: fanops run {target} --resume")
        return 128 + result.stopped_by
    say.print(f"Next: {opening if result.good else 'read the failed reports, marked on the index'}")
    return 0 if result.good else 1


def _tell_dry(asked: Target, *, workers: int, as_json: bool) -> None:
    from fanops_utils.reports.planning.estimate import spoken
    from fanops_utils.reports.reuse.history import plain

    if as_json:
        told = zip(asked.jobs, asked.expected, strict=True)
        emit(
            {"jobs": [{"notebook": job.notebook, "parameters": plain(job.parameters), "seconds": s} for job, s in told]}
        )
    for job in asked.jobs:
        say.print(f"{job.slug}")
    say.print(f"{len(asked.jobs)} jobs would run, {spoken(asked.expected, workers=workers)}")


def planned(
    target: str,
    workspace: str | None,
    given: dict[str, str],
    root: Path,
    out: Path,
    *,
    as_of: datetime | None,
    feed: bool,
    quiet: bool = False,
) -> Target:
    """Return what the plan or notebook *target* asks for, all of it checked; with *feed* its imports are read first.

    With *quiet* nothing is said of an import that went well.
    """
    from fanops_utils.reports.planning.estimate import seconds_of
    from fanops_utils.reports.planning.feeds import late_sources
    from fanops_utils.reports.planning.plan import day_of, expand, find_plan, read_plan, single, workspace_of

    file = find_plan(root, target, workspace or current_or_none())
    if file is None:
        if as_of:
            raise ParameterError("--as-of goes with a plan; a notebook takes its days by -p", value=target)
        home = _valid(open_workspace(current(workspace or given.pop("workspace", ""))))
        jobs = single(target, given, home, root)
        return Target(home, jobs[0].notebook.rsplit("/", 1)[-1], jobs, expected=seconds_of(jobs, out / home.name))
    plan = read_plan(file)
    if given:
        raise ParameterError("-p goes with a single notebook; a plan holds its own parameters", value=target)
    home = _valid(open_workspace(current(workspace) if workspace else workspace_of(plan, file) or current("")))
    noted = _fed(plan, home, quiet=quiet) if feed else {}
    jobs = expand(plan, home, root, as_of=as_of.date() if as_of else None)
    if plan.notify:
        from fanops_utils.reports.site.notify import addresses_file, read_addresses

        read_addresses(plan.notify.to, addresses_file())
    expected = seconds_of(jobs, out / home.name)
    on = as_of.date() if as_of else day_of(plan, home) or datetime.now(UTC).date()
    noted |= {"late": [one.to_json() for one in late_sources(home, on=on, cadence=plan.cadence)]}
    return Target(home, plan.name, jobs, plan.keep, plan.notify, expected, plan.languages, noted)


def _fed(plan: Plan, home: Workspace, *, quiet: bool) -> dict[str, Any]:
    """Read what *plan* imports into the warehouse; return what the manifest says of it."""
    if not plan.feeds:
        return {}
    from fanops_utils.cli.importing import watched
    from fanops_utils.reports.planning.feeds import take_in, told_of

    with watched() as watch:
        told = told_of(take_in(plan.feeds, home, on=datetime.now(UTC).date(), watch=watch))
    if quiet and not told["refused"]:
        return {"imported": told}
    say.print(f"Imported: {told['files']} files, {told['rows']:,} new rows, {len(told['refused'])} refused")
    return {"imported": told}


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
