"""Schedules: a plan's cadence as the file that cron, systemd, GitHub Actions, Airflow or Slurm reads."""

from __future__ import annotations

import shlex
from datetime import time
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import jinja2

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.plan import Cadence, Plan
from fanops_utils.workspace.registers.brand import time_zones

Scheduler = Literal["cron", "systemd", "github", "airflow", "slurm"]
Verb = Literal["run", "watch"]
SCHEDULERS: tuple[str, ...] = get_args(Scheduler)
IN_SHARDS = ("github", "airflow", "slurm")  # these have several machines; the last has nothing else
# Per cadence: day of month, month and weekday of cron, and the same as a systemd calendar event.
WHEN: dict[str, tuple[str, str]] = {
    "hourly": ("* * *", "*-*-*"),
    "daily": ("* * *", "*-*-*"),
    "weekly": ("* * 1", "Mon *-*-*"),
    "monthly": ("1 * *", "*-*-01"),
    "quarterly": ("1 1,4,7,10 *", "*-01,04,07,10-01"),
}


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).parents[1] / "templates" / "schedule")
    # What is written is no HTML: each template quotes for the language it is in.
    return jinja2.Environment(  # noqa: S701
        loader=loader, trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined
    )


def schedule_file(
    plan: Plan,
    file: str,
    *,
    workspace: str,
    scheduler: str,
    root: Path,
    command: Path,
    cadence: Cadence | None = None,
    at: time = time(6),
    zone: str | None = None,
    verb: Verb = "run",
    shards: int = 1,
) -> str:
    """Return the file by which *scheduler* runs *plan*, whose path is *file*, for *workspace*, with *command* in *root*.

    Hourly is at the minute of *at*, weekly on Monday, monthly on the first, quarterly on the first of January, April, July
    and October. *verb*: run, or watch, which is silent until a level changes. Without a *zone* times are the machine's own
    (UTC on GitHub and in Airflow). In several *shards* the jobs are dealt to so many machines at a time, and their parts
    merged. Raises PlanError for an unknown scheduler or zone, a plan without cadence, a zone on GitHub, which knows UTC
    only, and shards where there is one machine, or one shard where there are several, or of a watch.
    """
    often = cadence or plan.cadence
    if scheduler not in SCHEDULERS:
        raise PlanError("unknown scheduler", value=scheduler, choices=SCHEDULERS)
    if often not in WHEN:
        raise PlanError(
            "the plan has no cadence to schedule", value=often, hint="Set cadence in the plan or give --every"
        )
    if zone is not None and zone not in time_zones():
        raise PlanError("not a time zone", value=zone, choices=sorted(time_zones()))
    if scheduler == "github" and zone not in (None, "UTC"):
        raise PlanError("GitHub runs schedules by UTC: give the time in UTC, without a zone", value=zone)
    if (shards > 1 and scheduler not in IN_SHARDS) or (shards == 1 and scheduler == "slurm"):
        raise PlanError(
            "shards are for schedulers with several machines, two of them or more", value=f"{scheduler}, {shards}",
            hint=f"--shards 4 goes with --as {', '.join(IN_SHARDS)}",
        )  # fmt: skip
    if shards > 1 and verb == "watch":
        raise PlanError("a watch is one run on one machine", value=f"{shards} shards")
    days, calendar = WHEN[often]
    hour, of_day = ("*", "*") if often == "hourly" else (str(at.hour), f"{at:%H}")
    return _templates().get_template(f"{scheduler}{'_shards' if shards > 1 else ''}.j2").render(
        plan=plan, title=" ".join((plan.title or plan.name).split()), workspace=workspace, cadence=often, zone=zone,
        file=file, root=str(root), command=str(command), cron=f"{at.minute} {hour} {days}", verb=verb, shards=shards,
        calendar=f"{calendar} {of_day}:{at:%M}:00", quote=shlex.quote, literal=repr, unit=_unit,
    )  # fmt: skip


def _unit(text: str) -> str:
    """Return *text* as systemd reads it literally: its specifiers begin with a percent sign."""
    return text.replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"')
