"""Schedules: a plan's cadence as the file that cron, systemd, GitHub Actions, Airflow or Slurm reads."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import jinja2

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.plan import Cadence, Plan
from fanops_utils.workspace.registers.brand import time_zones

Scheduler = Literal["cron", "systemd", "github", "airflow", "slurm"]
Verb = Literal["run", "watch"]
SCHEDULERS: tuple[str, ...] = get_args(Scheduler)
IN_SHARDS = ("github", "airflow", "slurm")  # these have several machines; the last has nothing else
READS = "Each part first reads what the plan's import: names; the merge reads nothing."
READS_NOTHING = (
    "NOTHING IS IMPORTED: the plan has no import:, so the reports are made of what the warehouse holds already."
)
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
    market_zones: Sequence[str] = ("UTC",),
    user: str = "",
    keys: str = "",
) -> str:
    """Return the file by which *scheduler* runs *plan*, whose path is *file*, for *workspace*, with *command* in *root*.

    Hourly is at the minute of *at*, weekly on Monday, monthly on the first, quarterly on the first of January, April, July
    and October. *verb*: run, or watch, which is silent until a level changes. Without a *zone* times are the machine's own
    (UTC on GitHub and in Airflow). In several *shards* the jobs are dealt to so many machines at a time, and their parts
    merged; all count from the day that is the earliest in *market_zones*, as a whole run does, or from what the plan says.
    Systemd runs it as *user*, with the folder *keys* as FANOPS_KEYS. Raises PlanError for an unknown scheduler or zone, a
    plan without cadence, a zone on GitHub, which knows UTC only, and shards where there is one machine, or one shard where
    there are several, or of a watch.
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
    if shards == 1 and scheduler == "slurm":
        raise PlanError("Slurm makes a plan in parts: slurm needs --shards 2 or more", value=f"--shards {shards}")
    if shards > 1 and scheduler not in IN_SHARDS:
        raise PlanError(
            "shards are for schedulers with several machines", value=f"{scheduler}, {shards}",
            hint=f"--shards {shards} goes with --as {', '.join(IN_SHARDS)}",
        )  # fmt: skip
    if shards > 1 and verb == "watch":
        raise PlanError("a watch is one run on one machine", value=f"{shards} shards")
    _check_paths(scheduler, plan=file, workspace=workspace, folder=str(root), command=str(command))
    days, calendar = WHEN[often]
    home, mark = Path(workspace).name, "_" if scheduler == "airflow" else "-"
    hour, of_day = ("*", "*") if often == "hourly" else (str(at.hour), f"{at:%H}")
    return _templates().get_template(f"{scheduler}{'_shards' if shards > 1 else ''}.j2").render(
        plan=plan, title=" ".join((plan.title or plan.name).split()), workspace=workspace, cadence=often, zone=zone,
        file=file, root=str(root), command=str(command), cron=f"{at.minute} {hour} {days}", verb=verb, shards=shards,
        calendar=f"{calendar} {of_day}:{at:%M}:00", quote=shlex.quote, literal=repr, unit=_unit,
        scalar=_scalar, raw=_raw(workspace), home=home, user=user,
        keys=keys, called=schedule_name(plan, workspace, mark=mark), counted=plan.as_of == "today",
        earliest=_earliest(market_zones), reading=READS if plan.feeds else READS_NOTHING,
    )  # fmt: skip


def _check_paths(scheduler: str, **paths: str) -> None:
    """Raise PlanError where one of *paths*, by what they are, holds what *scheduler* would not read as letters."""
    unsafe = ["\n", "\r", *{"airflow": ("{{", "{%", "{#"), "github": ("${{",)}.get(scheduler, ())]
    for what, text in paths.items():
        if found := next((one for one in unsafe if one in text), None):
            raise PlanError(
                f"the {what} has {found!r} in its path, which {scheduler} would not take as it is", value=text
            )


def schedule_name(plan: Plan, workspace: str, *, mark: str = "-") -> str:
    """Return what the schedule of *plan* is called (unit, dag, workflow, job, log): two brands' files lie in one folder."""
    home = re.sub(r"[^A-Za-z0-9_.-]+", "-", Path(workspace).name).strip("-.") or "brand"
    return f"fanops{mark}{home}{mark}{plan.name}"


def clock_changes(at: time, zone: str, cadence: str, *, on: date) -> list[tuple[date, bool]]:
    """Return the days in the year from *on* on which *zone*'s clock has *at* twice (True) or not at all (False).

    Only days on which a schedule of that *cadence* runs; none for hourly.
    """
    clock, changes = ZoneInfo(zone), []
    for day in (on + timedelta(days=number) for number in range(366)):
        first, second = (datetime.combine(day, at.replace(fold=fold), clock).utcoffset() for fold in (0, 1))
        if first != second and _runs_on(day, cadence):
            changes.append((day, first > second))  # type: ignore[operator]
    return changes


def _runs_on(day: date, cadence: str) -> bool:
    if cadence == "weekly":
        return day.weekday() == 0
    if cadence in ("monthly", "quarterly"):
        return day.day == 1 and (cadence == "monthly" or day.month % 3 == 1)
    return cadence == "daily"


def _earliest(zones: Sequence[str]) -> str:
    """Return the shell command that prints the day of the zone where it is earliest."""
    if set(zones) == {"UTC"}:
        return "date -u +%F"
    return f"for zone in {' '.join(sorted(set(zones)))}; do TZ=$zone date +%F; done | sort | head -n 1"


def _unit(text: str, *, asked: bool = False) -> str:
    """Return *text* as systemd reads it literally: its specifiers begin with %, variables, in a command that is *asked*, with $."""
    text = text.replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("$", "$$") if asked else text


def _scalar(text: str) -> str:
    """Return *text* as YAML reads it literally, whatever is in it: JSON's strings are YAML's."""
    return json.dumps(text, ensure_ascii=False)


def _raw(workspace: str) -> str:
    """Return the folder of exports of *workspace*: a name below data/, or a folder elsewhere."""
    return f"{workspace}/raw" if "/" in workspace else f"data/{workspace}/raw"
