"""The verb that makes reports: a plan, or one notebook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanops_utils.cli.batch.notifying import notified
from fanops_utils.cli.batch.planned import Target, lookup_of, pairs_of, planned
from fanops_utils.cli.common import JsonOption, app, emit, project_root, say
from fanops_utils.errors import ParameterError, counted

if TYPE_CHECKING:
    from fanops_utils.reports.running.closing import Run
    from fanops_utils.reports.running.part import Part

NOT_NOTIFIED = 3  # exit code: the reports are there, and somebody was not told
KERNELS = ("auto", "forked", "ordinary")


@app.command()
def run(
    target: Annotated[str, typer.Argument(metavar="PLAN|NOTEBOOK")],
    workspace: Annotated[str | None, typer.Option("--workspace", "-w", help="instead of the plan's own")] = None,
    parameter: Annotated[list[str] | None, typer.Option("-p", help="name=value, for a single notebook")] = None,
    workers: Annotated[
        str, typer.Option(metavar="N|dask://HOST:PORT", help="jobs at the same time, or a Dask cluster that makes them")
    ] = "2",
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
    shard: Annotated[str | None, typer.Option(help="make one part of a run, as 2/4; then fanops merge")] = None,
    run_id: Annotated[str | None, typer.Option(help="what the run of the shards is called on every machine")] = None,
    dry_run: Annotated[bool, typer.Option(help="only say what would run")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run a plan (its name, or a .yml file) or one notebook, and write its HTML reports."""
    root, pairs = project_root(), pairs_of(parameter or [])
    if kernels not in KERNELS:
        raise ParameterError("unknown kind of kernels", value=kernels, choices=KERNELS)
    part, (number, cluster) = _part(shard, run_id, resume=resume), _workers(workers)
    out = (reports or root / "reports").resolve()
    feed = not (dry_run or resume)
    asked = planned(target, workspace, pairs, root, out, as_of=as_of, feed=feed, dry=dry_run, part=part)
    named = workspace or asked.home.name
    if part and not asked.is_plan:
        raise ParameterError("--shard goes with a plan; a notebook is one job", value=target)
    if dry_run:
        _tell_dry(asked, part, workers=number, as_json=as_json)
        return
    from fanops_utils.reports.running.context import Limits

    how: dict[str, Any] = {
        "fail_fast": fail_fast, "workers": number, "kernels": kernels, "force": force,
        "limits": Limits(cell_limit, job_limit, retries, memory),
    }  # fmt: skip
    with _team(cluster, asked, root, how) as how:
        made = _run_part(asked, part, root, out, how) if part else None
        result = made or _run(asked, root, out, how, resume=resume, keep=keep or asked.keep)
    if part:
        counted = f" --as-of {as_of.date()}" if as_of else ""
        raise typer.Exit(_part_told(result, f"{target} -w {named}", part, counted, as_json=as_json))
    if as_json:
        emit(result.to_dict())
    told = notified(asked.notify, result)
    opening = "open the index" if reports else f"fanops open -w {named} --plan {asked.name}"
    refused = asked.noted.get("imported", {}).get("refused")
    code = _told(result, opening, f"{target} -w {named}") or (1 if refused else 0)
    raise typer.Exit(code if code or told else NOT_NOTIFIED)


def _workers(given: str) -> tuple[int, str]:
    """Return how many jobs run at the same time on this machine, and the address of the cluster that runs them instead."""
    if "://" in given:
        return 1, given
    if not given.isascii() or not given.isdigit() or int(given) < 1:
        hint = "Give a number from 1, or the scheduler of a Dask cluster as dask://HOST:PORT"
        raise ParameterError("--workers is how many jobs run at the same time", value=given, hint=hint)
    return int(given), ""


@contextmanager
def _team(cluster: str, asked: Target, root: Path, how: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield *how* jobs are executed, with the workers of the *cluster* where one is named."""
    if not cluster:
        yield how
        return
    from fanops_utils.reports.reuse.fingerprint import State
    from fanops_utils.reports.running.cluster.team import joined

    def told(line: str) -> None:
        say.print(f"fanops: {line}")

    state = State(root, asked.home.path, asked.spoken)
    with joined(cluster, asked.jobs, state, workspace=asked.home.name, told=told) as team:
        yield how | {"team": team, "workers": sum(team.threads.values())}


def _part(shard: str | None, run_id: str | None, *, resume: bool) -> Part | None:
    """Return the part that is asked for; None where the whole run is."""
    if shard is None and run_id is None:
        return None
    if shard is None:
        raise ParameterError("--run-id goes with --shard; a whole run is named by its hour", value=run_id)
    if resume:
        raise ParameterError("a shard goes on by itself where it was left", value="--resume", hint="Leave --resume out")
    from fanops_utils.reports.running.part import part_of

    return part_of(shard, run_id)


def _run(asked: Target, root: Path, out: Path, how: dict[str, Any], *, resume: bool, keep: int | None) -> Run:
    from fanops_utils.reports.running.progress import Progress
    from fanops_utils.reports.running.run import run_jobs

    with Progress(say, asked.jobs, workers=how["workers"], expected=asked.known) as progress:
        return run_jobs(
            asked.jobs, asked.home, plan=asked.name, root=root, reports=out, languages=asked.spoken, resume=resume,
            keep=keep, expected=asked.known, progress=progress.done, cell_started=progress.cell,
            closes=progress.closes, lookup=lookup_of(asked.home), noted=asked.noted, **how,
        )  # fmt: skip


def _run_part(asked: Target, part: Part, root: Path, out: Path, how: dict[str, Any]) -> Run:
    from fanops_utils.reports.running.making import How
    from fanops_utils.reports.running.part import run_part
    from fanops_utils.reports.running.progress import Progress

    with Progress(say, part.jobs(asked.jobs), workers=how["workers"], expected=asked.known) as progress:
        own = How(**how, expected=asked.known, progress=progress.done, cell_started=progress.cell)
        return run_part(
            asked.jobs, asked.home, part=part, plan=asked.name, root=root, reports=out, languages=asked.spoken, how=own
        )


def _part_told(result: Run, target: str, part: Part, counted: str, *, as_json: bool) -> int:
    """Say where the part is and what to do next; return the exit code."""
    if as_json:
        emit(result.to_dict())
    if result.problem:
        say.print(f"fanops: {result.problem}")
        return 1
    say.print(f"Part {part.place} of {part.of}: {result.run_dir}")
    if result.stopped_by is not None:
        say.print("Stopped. Next: the same command goes on with it")
        return 128 + result.stopped_by
    say.print(f"Next: fanops merge {target} --run-id {part.run_id}{counted}, when all parts are there")
    return 0 if result.good else 1


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


def _tell_dry(asked: Target, part: Part | None, *, workers: int, as_json: bool) -> None:
    from fanops_utils.reports.planning.estimate import spoken
    from fanops_utils.reports.reuse.history import plain

    jobs = part.jobs(asked.jobs) if part else asked.jobs
    expected = [asked.known.get(job.slug) for job in jobs]
    if as_json:
        told = zip(jobs, expected, strict=True)
        emit(
            {"jobs": [{"notebook": job.notebook, "parameters": plain(job.parameters), "seconds": s} for job, s in told]}
        )
    for job in jobs:
        say.print(f"{job.slug}")
    say.print(f"{counted(len(jobs), 'job')} would run, {spoken(expected, workers=workers)}")
