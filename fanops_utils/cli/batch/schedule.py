"""The verb that puts a plan on a schedule."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from fanops_utils.cli.common import JsonOption, app, current, current_or_none, emit, open_workspace, project_root, say
from fanops_utils.errors import PlanError


@app.command()
def schedule(
    plan: Annotated[str, typer.Argument(metavar="PLAN")],
    workspace: Annotated[
        str | None, typer.Option("--workspace", "-w", help="the brand to run it for; the plan's own by default")
    ] = None,
    scheduler: Annotated[str, typer.Option("--as", help="cron, systemd, github, airflow or slurm")] = "cron",
    every: Annotated[
        str | None, typer.Option(help="hourly, daily, weekly, monthly or quarterly; the plan's cadence")
    ] = None,
    at: Annotated[
        datetime, typer.Option(formats=["%H:%M"], metavar="HH:MM", show_default="06:00", help="time of day")
    ] = datetime(2026, 1, 1, 6),
    zone: Annotated[str | None, typer.Option(help="time zone, as Europe/Berlin; the machine's own")] = None,
    quietly: Annotated[bool, typer.Option("--watch", help="by fanops watch: silent until a level changes")] = False,
    shards: Annotated[
        int, typer.Option(min=1, max=9999, help="machines to deal the jobs to: github, airflow, slurm")
    ] = 1,
    as_json: JsonOption = False,
) -> None:
    """Print the file by which a scheduler runs a plan."""
    from fanops_utils.reports.planning.plan import find_plan, read_plan, workspace_of
    from fanops_utils.reports.planning.schedule import WHEN, schedule_file

    root = project_root()
    path = find_plan(root, plan, workspace or current_or_none())
    if path is None:
        raise PlanError("no such plan", value=plan, hint="Name its file, or one in the workspace's plans/")
    if every is not None and every not in WHEN:
        raise PlanError("unknown cadence", value=every, choices=WHEN)
    file = path.resolve().relative_to(root).as_posix() if path.resolve().is_relative_to(root) else str(path.resolve())
    command = Path(sys.executable).with_name("fanops")
    read = read_plan(path)
    home = workspace or workspace_of(read, path) or current("")
    open_workspace(home)
    written = schedule_file(
        read, file, workspace=_named(home, root), scheduler=scheduler, root=root, command=command, cadence=every,  # type: ignore[arg-type]
        at=at.time(), zone=zone, verb="watch" if quietly else "run", shards=shards,
    )  # fmt: skip
    if as_json:
        emit({"scheduler": scheduler, "file": written})
        return
    typer.echo(written, nl=False)
    where = {
        "cron": "crontab -e", "systemd": "/etc/systemd/system/, one file per comment; then systemctl enable --now the timer",
        "github": ".github/workflows/", "airflow": "Airflow's dags folder", "slurm": "a file, and call it: bash FILE",
    }  # fmt: skip
    say.print(f"Next: put it into {where[scheduler]}")


def _named(workspace: str, root: Path) -> str:
    """Return the name of *workspace* where it lies under data/, else its path: a schedule runs in another folder."""
    path = Path(workspace)
    if len(path.parts) == 1:
        return workspace
    return path.name if path.resolve().parent == root / "data" else str(path.resolve())
