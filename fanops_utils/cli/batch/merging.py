"""The verb that makes one run of parts that were made apart."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanops_utils.cli.batch.notifying import notified
from fanops_utils.cli.batch.planned import lookup_of, planned
from fanops_utils.cli.batch.run import NOT_NOTIFIED
from fanops_utils.cli.common import JsonOption, app, emit, project_root, say

if TYPE_CHECKING:
    from fanops_utils.reports.running.closing import Run
    from fanops_utils.reports.running.merge import Parts


@app.command()
def merge(
    plan: Annotated[str, typer.Argument(metavar="PLAN")],
    folders: Annotated[list[Path] | None, typer.Argument(help="where the parts were copied to", exists=True)] = None,
    run_id: Annotated[str, typer.Option(help="what the run was called when its parts were made")] = ...,  # type: ignore[assignment]
    workspace: Annotated[str | None, typer.Option("--workspace", "-w", help="instead of the plan's own")] = None,
    reports: Annotated[Path | None, typer.Option(help="where reports go; reports/ by default")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day the parts counted from")] = None,
    keep: Annotated[int | None, typer.Option(min=1, help="runs to keep; as the plan says by default")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make one run, with its index, of the parts that `fanops run --shard` left."""
    from fanops_utils.reports.reuse.fingerprint import State
    from fanops_utils.reports.running.merge import folders_of, merge_parts, read_parts

    root = project_root()
    out = (reports or root / "reports").resolve()
    asked = planned(plan, workspace, {}, root, out, as_of=as_of, feed=False)
    state = State(root, asked.home.path, asked.spoken)
    there = folders_of(out / asked.home.name / asked.name, run_id, folders or [])
    parts = read_parts(there, asked.jobs, state, plan=asked.name, run_id=run_id)
    result = merge_parts(
        asked.jobs, asked.home, parts=parts, plan=asked.name, run_id=run_id, state=state, reports=out,
        keep=keep or asked.keep, lookup=lookup_of(asked.home), noted=asked.noted,
    )  # fmt: skip
    if as_json:
        emit(result.to_dict())
    told = notified(asked.notify, result)
    code = _told(
        result, parts, f"{plan} -w {workspace or asked.home.name}", f" --as-of {as_of.date()}" if as_of else ""
    )
    raise typer.Exit(code if code or told else NOT_NOTIFIED)


def _told(result: Run, parts: Parts, named: str, counted: str) -> int:
    """Say what was merged, what is missing and what was refused; return the exit code."""
    for name, why in parts.refused.items():
        say.print(f"fanops: part {name} is refused: {why}")
    if missing := parts.missing:
        say.print(f"fanops: missing: {', '.join(missing)}")
    if result.problem:
        say.print(f"fanops: {result.problem}")
        return 1
    say.print(f"Reports: {result.index}")
    if missing or parts.refused:
        rest = f"fanops run {named} --resume{counted}"
        say.print(f"Next: bring the parts and merge again, or {rest} to make their jobs here")
        return 1
    return 0 if result.good else 1
