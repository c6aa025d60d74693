"""What a verb is to run: a plan with its imports, or one notebook, all of it checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fanops_utils.cli.common import current, current_or_none, open_workspace, say
from fanops_utils.errors import ParameterError, WorkspaceError, counted

if TYPE_CHECKING:
    from fanops_utils.metrics.catalogue.together import Lookup
    from fanops_utils.reports.planning.plan import Job, Notify, Plan
    from fanops_utils.reports.running.part import Part
    from fanops_utils.workspace import Workspace


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
    is_plan: bool = True

    @property
    def spoken(self) -> tuple[str, ...]:
        """The languages its pages are made in."""
        return self.languages or self.home.brand.languages

    @property
    def known(self) -> dict[str, float]:
        """How many seconds jobs took before, by slug, where that is known."""
        return {job.slug: one for job, one in zip(self.jobs, self.expected, strict=True) if one is not None}


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
    dry: bool = False,
    part: Part | None = None,
) -> Target:
    """Return what the plan or notebook *target* asks for, all of it checked; with *feed* its imports are read first.

    With *quiet* nothing is said of an import that went well; nothing is imported for a *part* that was begun before. Somebody
    who cannot be told is said, and raised where the run is *dry*: a week's reports are made all the same.
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
        name = jobs[0].notebook.rsplit("/", 1)[-1]
        return Target(home, name, jobs, expected=seconds_of(jobs, out / home.name), is_plan=False)
    plan = read_plan(file)
    if given:
        raise ParameterError("-p goes with a single notebook; a plan holds its own parameters", value=target)
    home = _valid(open_workspace(current(workspace) if workspace else workspace_of(plan, file) or current("")))
    if plan.notify:
        _check_addresses(plan.notify, dry=dry)
    begun = part is not None and part.folder(out / home.name / plan.name).exists()
    if dry and plan.feeds:
        say.print(f"First read: {', '.join(one.path or str(one.database) for one in plan.feeds)}")
    noted = _fed(plan, home, quiet=quiet) if feed and not begun else {}
    jobs = expand(plan, home, root, as_of=as_of.date() if as_of else None)
    expected = seconds_of(jobs, out / home.name)
    on = as_of.date() if as_of else day_of(plan, home) or datetime.now(UTC).date()
    noted |= {"late": [one.to_json() for one in late_sources(home, on=on, cadence=plan.cadence)]}
    return Target(home, plan.name, jobs, plan.keep, plan.notify, expected, plan.languages, noted)


def _check_addresses(asked: Notify, *, dry: bool) -> None:
    from fanops_utils.reports.site.notify import addresses_file, read_addresses

    try:
        read_addresses(asked.to, addresses_file())
    except WorkspaceError as error:
        if dry:
            raise
        say.print(f"fanops: not everybody will be told: {error}")


def _fed(plan: Plan, home: Workspace, *, quiet: bool) -> dict[str, Any]:
    """Read what *plan* imports into the warehouse; return what the manifest says of it."""
    if not plan.feeds:
        return {}
    from fanops_utils.cli.import_lines import watched
    from fanops_utils.reports.planning.feeds import take_in, told_of

    with watched() as watch:
        told = told_of(take_in(plan.feeds, home, on=datetime.now(UTC).date(), watch=watch))
    if quiet and not told["refused"]:
        return {"imported": told}
    say.print(
        f"Imported: {counted(told['files'], 'file')}, {counted(told['rows'], 'new row')}, {len(told['refused'])} refused"
    )
    return {"imported": told}


def lookup_of(home: Workspace) -> Lookup:
    """Return what measures the metrics that targets and decisions of a workspace name; it is loaded when first asked.

    Where another engine is asked, each question costs it a second or more: markets of one target are then one question.
    """

    @cache
    def measure() -> Lookup:
        from fanops_utils.data.warehouse import Store
        from fanops_utils.metrics import lookup

        store = Store(home)
        several = [one.metric for one in home.targets if len(one.markets) > 1]
        return lookup(store, at_once=several if store.place.foreign is not None else ())

    return lambda *asked: measure()(*asked)


def _valid(workspace: Workspace) -> Workspace:
    workspace.validate()
    return workspace


def pairs_of(parameters: list[str]) -> dict[str, str]:
    """Return the parameters given as name=value, by name; raise ParameterError for one without a sign, or given twice."""
    pairs = {}
    for text in parameters:
        name, sign, value = text.partition("=")
        if not sign:
            raise ParameterError("a parameter is given as -p name=value", value=text)
        if name in pairs:
            raise ParameterError("the parameter is given twice", value=name)
        pairs[name] = value
    return pairs
