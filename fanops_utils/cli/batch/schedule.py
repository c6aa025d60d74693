"""The verb that puts a plan on a schedule."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanops_utils.cli.common import JsonOption, app, current, current_or_none, emit, open_workspace, project_root, say
from fanops_utils.errors import PlanError

if TYPE_CHECKING:
    from fanops_utils.reports.planning.plan import Plan
    from fanops_utils.workspace import Workspace


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
    from fanops_utils.reports.planning.schedule import WHEN, schedule_file, schedule_name

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
    brand = open_workspace(home)
    zones = sorted({brand.market(code).time_zone for code in brand.markets}) if shards > 1 else ["UTC"]
    written = schedule_file(
        read, file, workspace=_named(home, root), scheduler=scheduler, root=root, command=command, cadence=every,  # type: ignore[arg-type]
        at=at.time(), zone=zone, verb="watch" if quietly else "run", shards=shards,
        market_zones=zones, user=_user(), keys=os.environ.get("FANOPS_KEYS", ""),
    )  # fmt: skip
    if as_json:
        emit({"scheduler": scheduler, "file": written})
        return
    typer.echo(written, nl=False)
    _warn(read, brand, scheduler, every or read.cadence, at.time(), zone)
    called = schedule_name(read, home)
    where = {
        "cron": "crontab -e", "github": f".github/workflows/{called}.yml",
        "systemd": f"/etc/systemd/system/, one file per comment; then systemctl enable --now {called}.timer",
        "airflow": "Airflow's dags folder", "slurm": "a file, and call it: bash FILE",
    }  # fmt: skip
    say.print(f"Next: put it into {where[scheduler]}")


def _warn(plan: Plan, brand: Workspace, scheduler: str, cadence: str, at: time, zone: str | None) -> None:
    """Say what the file leaves out, and at which hours it goes wrong."""
    from fanops_utils.reports.planning.schedule import clock_changes

    if scheduler == "cron" and zone:
        where = "Debian's and Ubuntu's cron ignores it (use --as systemd there), cronie takes it for all lines below"
        say.print(f"CRON_TZ: {where}")
    if scheduler != "github" and not plan.feeds and brand.brand.engine is None:
        say.print("The plan has no import: what it reports on is what the warehouse holds by then")
    for day, twice in clock_changes(at, zone, cadence, on=datetime.now(UTC).date()) if zone else ():
        happens = "twice, and may run twice" if twice else "not at all, and may not run"
        say.print(f"On {day} the clock of {zone} has {at:%H:%M} {happens}: another --at avoids it")
    if os.environ.get("FANOPS_KEYS") and scheduler != "systemd":
        say.print("FANOPS_KEYS is set here: set it where the schedule runs as well, or its imports are refused")
    if plan.notify is None or not {"failure", "always"} & set(plan.notify.when):
        say.print("Of a failure fanops itself tells nobody: the plan has no notify: with failure in its when:")


def _user() -> str:
    """Return who calls this command: the key for pseudonyms lies with that user; empty where the system has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _named(workspace: str, root: Path) -> str:
    """Return the name of *workspace* where it lies under data/, else its path: a schedule runs in another folder."""
    path = Path(workspace)
    if len(path.parts) == 1:
        return workspace
    return path.name if path.resolve().parent == root / "data" else str(path.resolve())
