"""Plans: notebooks x a matrix of parameters, expanded into jobs that are all checked before any of them runs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from fanops_utils.errors import ParameterError, PlanError
from fanops_utils.reports.parameters import Parameter, check_parameters, read_parameters
from fanops_utils.workspace import Workspace, read_register
from fanops_utils.workspace.register import Register

SLUG_LENGTH = 72  # in characters: a file name has 255 bytes, and Chinese takes three of them
Values = str | None | list[str]


class PlanJob(Register):
    """One notebook of a plan, run once for every combination of its matrix."""

    notebook: str
    matrix: dict[str, Literal["all"] | list[str]] = Field(default_factory=dict)
    parameters: dict[str, Values] = Field(default_factory=dict)


class Plan(Register):
    """`notebooks/plans/<name>.yml`: what a scheduled run consists of."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str = ""
    workspace: str = "sample"
    cadence: Literal["weekly", "monthly", "quarterly", "by hand"] = "by hand"
    owner: str = ""
    jobs: tuple[PlanJob, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Job:
    """One notebook with one set of parameters; `slug` names its files in the run's folder."""

    notebook: str
    path: Path
    parameters: dict[str, Any] = field(hash=False)
    slug: str = ""


def read_plan(path: Path) -> Plan:
    """Read the plan at *path*; raise WorkspaceError naming line, value and nearest choice."""
    return read_register(path, Plan)


def find_notebooks(root: Path) -> dict[str, Path]:
    """Return the notebooks under *root*/notebooks by name ("research/market_analysis")."""
    folder = root / "notebooks"
    paths = (path for path in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts)
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


def expand(plan: Plan, workspace: Workspace, root: Path) -> list[Job]:
    """Return the jobs of *plan*; raise PlanError or ParameterError for the first one that cannot run.

    'all' of what the workspace has none of (campaigns, say) makes no job; a plan without any job is refused.
    """
    jobs: list[Job] = []
    for entry in plan.jobs:
        name, path = find_notebook(root, entry.notebook)
        declared = read_parameters(path)
        axes = [_axis(key, values, declared, workspace, name) for key, values in entry.matrix.items()]
        for combination in itertools.product(*axes):
            given = {**entry.parameters, **dict(zip(entry.matrix, combination, strict=True))}
            jobs.append(_job(name, path, declared, given, workspace, root, varied=combination))
    if not jobs:
        raise PlanError("the plan has nothing to run in this workspace", value=plan.name)
    return _distinct(jobs)


def single(name: str, given: Mapping[str, str], workspace: Workspace, root: Path) -> list[Job]:
    """Return the one job of notebook *name* with the parameters *given*."""
    found, path = find_notebook(root, name)
    declared = read_parameters(path)
    return [_job(found, path, declared, dict(given), workspace, root, varied=tuple(given.values()))]


def _axis(
    key: str, values: str | list[str], declared: Mapping[str, Parameter], ws: Workspace, name: str
) -> Sequence[str]:
    if not values:
        raise PlanError(f"{name}: the matrix of '{key}' has no value")
    if values != "all":
        return list(values)
    known = {"market": ws.markets, "campaign": tuple(ws.campaigns), "experiment": tuple(ws.experiments)}
    if key not in known:
        message = f"{name}: 'all' is known for market, campaign and experiment only"
        raise PlanError(message, value=key, choices=declared.keys() & known.keys() or known)
    return known[key]


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
    slug = "-".join([name.rsplit("/", 1)[-1], *(re.sub(r"[^\w.]+", "_", str(value)) for value in varied)])
    return Job(name, path, typed, slug[:SLUG_LENGTH])


def _distinct(jobs: list[Job]) -> list[Job]:
    seen: dict[str, Job] = {}
    for job in jobs:
        if any(job.notebook == other.notebook and job.parameters == other.parameters for other in seen.values()):
            raise PlanError(f"the job stands twice in the plan: {job.notebook}", value=job.parameters)
        slug, number = job.slug, 2
        while slug.casefold() in seen:
            slug, number = f"{job.slug}-{number}", number + 1
        seen[slug.casefold()] = Job(job.notebook, job.path, job.parameters, slug)
    return list(seen.values())
