"""Plans: notebooks x a matrix of parameters, expanded into jobs that are all checked before any of them runs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from fanops_utils.errors import ParameterError, PlanError
from fanops_utils.reports.planning.feeds import Feed
from fanops_utils.reports.planning.matrix import PlanJob, combinations, overridden
from fanops_utils.reports.planning.parameters import Parameter, check_parameters, read_parameters
from fanops_utils.reports.planning.relative import one_day, period, today_everywhere, today_in
from fanops_utils.workspace import Workspace, read_register
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.registers.brand import Language

Cadence = Literal["hourly", "daily", "weekly", "monthly", "quarterly", "by hand"]
Occasion = Literal["failure", "alert", "new_alert", "level", "always"]
ON = "on"  # the parameter of a notebook that takes the day it judges from
PLANS = "plans"  # the folder of a workspace, or of notebooks/, that plans lie in
SLUG_LENGTH = 72  # in characters: a file name has 255 bytes, and Chinese takes three of them


class Notify(Register):
    """Who hears of a run (names in the notification file, which holds the addresses), and on what occasion."""

    to: tuple[str, ...] = Field(min_length=1, description="names whose addresses stand in ~/.config/fanops/notify.yml")
    when: tuple[Occasion, ...] = Field(
        default=("failure", "alert", "new_alert"), min_length=1, description="any of them is a reason to write"
    )


class Plan(Register):
    """`plans/<name>.yml` of a workspace, or `notebooks/plans/<name>.yml`: what a scheduled run consists of."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="also the folder of its reports")
    title: str = Field(default="", description="what readers call it")
    workspace: str = Field(default="", description="by default the one the plan lies in, else the current one")
    cadence: Cadence = Field(default="by hand", description="how often fanops schedule has it run")
    owner: str = ""
    as_of: Literal["today", "data"] | date = Field(
        default="today", description="what relative dates count from: today, the day after the newest data, or a day"
    )
    feeds: tuple[Feed, ...] = Field(
        default=(), alias="import", description="what is read into the warehouse first; a path may stand alone"
    )
    languages: tuple[Language, ...] = Field(default=(), description="those of the pages; the brand's by default")
    keep: int | None = Field(default=None, ge=1, description="how many runs stay on disk; all by default")
    notify: Notify | None = Field(default=None, description="who hears of a run, and when")
    jobs: tuple[PlanJob, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Job:
    """One notebook with one set of parameters; `slug` names its files in the run's folder.

    `parameters` are those given, `whole` are all, defaults included. `on` is the day to judge from, for a notebook that
    asks for one: not one of its parameters, so that a report is not another one on another day.
    """

    notebook: str
    path: Path
    parameters: dict[str, Any] = field(hash=False)
    slug: str = ""
    whole: dict[str, Any] = field(default_factory=dict, hash=False)
    on: date | None = field(default=None, compare=False)


def read_plan(path: Path) -> Plan:
    """Read the plan at *path*; raise WorkspaceError naming line, value and nearest choice."""
    return read_register(path, Plan)


def find_plan(root: Path, name: str, workspace: str) -> Path | None:
    """Return the plan called *name*: a file's path, or the name of one of *workspace* (name or path), or of the repository.

    None where there is none of that name.
    """
    if name.endswith((".yml", ".yaml")):
        return Path(name)
    home = Path(workspace) if len(Path(workspace).parts) > 1 else root / "data" / workspace
    places = [*([home / PLANS] if workspace else []), root / "notebooks" / PLANS]
    return next((place / f"{name}.yml" for place in places if (place / f"{name}.yml").is_file()), None)


def workspace_of(plan: Plan, path: Path) -> str:
    """Return the workspace that *plan*, read from *path*, names or lies in; empty where it does neither."""
    folder = path.resolve().parent
    lies_in = folder.name == PLANS and (folder.parent / "brand.yml").is_file()
    return plan.workspace or (str(folder.parent) if lies_in else "")


def find_notebooks(root: Path) -> dict[str, Path]:
    """Return the notebooks in the folders of *root*/notebooks by name ("research/market_analysis")."""
    folder = root / "notebooks"
    paths = (path for path in sorted(folder.glob("*/**/*.ipynb")) if ".ipynb_checkpoints" not in path.parts)
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in paths}


def find_notebook(root: Path, name: str) -> tuple[str, Path]:
    """Return name and path of the notebook called *name* (a path to it, or its name with or without topic)."""
    known = find_notebooks(root)
    wanted = Path(name.removesuffix(".ipynb")).as_posix().removeprefix("notebooks/")
    ends = [key for key in known if key == wanted] or [key for key in known if key.rsplit("/", 1)[-1] == wanted]
    if Path(name).is_file():
        ends = [key for key, path in known.items() if path.samefile(name)]
    if len(ends) != 1:
        raise PlanError("no such notebook", value=wanted, choices=known)
    return ends[0], known[ends[0]]


def expand(
    plan: Plan, workspace: Workspace, root: Path, *, as_of: date | None = None, now: datetime | None = None
) -> list[Job]:
    """Return the jobs of *plan*; raise PlanError or ParameterError for the first one that cannot run.

    'all' of what the workspace has none of (campaigns, say) makes no job; a plan without any job is refused. Relative
    dates count from *as_of*, else from the day the plan says, in all jobs the same; *now* is the clock's time.
    """
    today = as_of or day_of(plan, workspace, now=now)
    jobs: list[Job] = []
    there = {one: find_notebook(root, one) for one in dict.fromkeys(entry.notebook for entry in plan.jobs)}
    parameters = {path: read_parameters(path) for _, path in there.values()}
    for entry in plan.jobs:
        name, path = there[entry.notebook]
        declared = parameters[path]
        chosen = combinations(entry, declared, workspace, notebook=name)
        for combination, given in zip(chosen, overridden(entry, chosen, notebook=name), strict=True):
            dated = _dated(given, entry.period, declared, today=today, notebook=name)
            job = _job(name, path, declared, dated, workspace, root, varied=tuple(combination.values()))
            jobs.append(_judged(job, declared, on=today))
    if not jobs:
        raise PlanError("the plan has nothing to run in this workspace", value=plan.name)
    return _distinct(jobs)


def day_of(plan: Plan, workspace: Workspace, *, now: datetime | None = None) -> date:
    """Return the day from which the relative dates of *plan* count: one for all its jobs; today where there are no data."""
    if isinstance(plan.as_of, date):
        return plan.as_of
    newest = _after_data(workspace) if plan.as_of == "data" else None
    return newest or today_everywhere(workspace, now=now)


def _after_data(workspace: Workspace) -> date | None:
    from fanops_utils.data import warehouse  # pandas and DuckDB behind it: only where a plan asks for the data's day

    newest = warehouse.data_as_of(warehouse.Store(workspace), "account_daily", "posts")
    return newest + timedelta(days=1) if newest else None


def _dated(
    given: Mapping[str, Any], words: str | None, declared: Mapping[str, Parameter], *, today: date, notebook: str
) -> dict[str, Any]:
    """Return *given* with the words of dates (yesterday, last_28_days) as days; text parameters stay as written."""
    said = dict(given)
    if words is not None:
        if lacking := [name for name in ("start", "end") if name not in declared]:
            raise PlanError(f"{notebook}: a period needs the parameter '{lacking[0]}'", value=words)
        start, end = period(words, today=today)
        said = {"start": start, "end": end, **said}
    for name, value in said.items():
        if (
            isinstance(value, str)
            and name in declared
            and date in declared[name].kinds
            and str not in declared[name].kinds
        ):
            said[name] = one_day(value, today=today) or value
    return said


def single(name: str, given: Mapping[str, str], workspace: Workspace, root: Path) -> list[Job]:
    """Return the one job of notebook *name* with the parameters *given*; dates may be words (yesterday)."""
    found, path = find_notebook(root, name)
    declared = read_parameters(path)
    today = today_in(workspace, given)
    dated = _dated(given, None, declared, today=today, notebook=found)
    job = _job(found, path, declared, dated, workspace, root, varied=tuple(given.values()))
    return [_judged(job, declared, on=today)]


def _judged(job: Job, declared: Mapping[str, Parameter], *, on: date) -> Job:
    """Return *job* with the day it judges from, where its notebook asks for one and none was given."""
    return replace(job, on=on) if ON in declared and ON not in job.parameters else job


def _job(
    name: str,
    path: Path,
    declared: Mapping[str, Parameter],
    given: dict[str, Any],
    ws: Workspace,
    root: Path,
    *,
    varied: Sequence[Any],
) -> Job:
    if "workspace" in given:
        message = f"{name}: the workspace is that of the run (-w, or the plan's workspace), not a parameter of a job"
        raise ParameterError(message, value=given["workspace"])
    if "workspace" in declared:
        # By its name where that is enough: reports then look the same on every machine.
        at_home = ws.path.parent == (root / "data").resolve()
        given = {"workspace": ws.name if at_home else str(ws.path), **given}
    typed = check_parameters(declared, given, workspace=ws, notebook=name)
    whole = {key: typed.get(key, one.default) for key, one in declared.items()}
    slug = "-".join([name.rsplit("/", 1)[-1], *(re.sub(r"[^\w.]+", "_", str(value)) for value in varied)])
    return Job(name, path, typed, slug[:SLUG_LENGTH], whole)


def _distinct(jobs: list[Job]) -> list[Job]:
    """Return *jobs*, those that would be called the same with a number; raise PlanError for one that stands there twice."""
    told: set[str] = set()
    names: dict[str, Job] = {}
    numbers: dict[str, int] = {}
    for job in jobs:
        whole = f"{job.notebook} {json.dumps(job.whole, sort_keys=True, default=str)}"
        if whole in told:
            raise PlanError(f"the job stands twice in the plan: {job.notebook}", value=job.parameters)
        told.add(whole)
        slug, number = job.slug, numbers.get(job.slug.casefold(), 1)
        while slug.casefold() in names:
            number += 1
            slug = f"{job.slug}-{number}"
        numbers[job.slug.casefold()] = number
        names[slug.casefold()] = replace(job, slug=slug)
    return list(names.values())
