"""Whether the metrics that registers name stand in the catalogue: an id with a slip in it is measured nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fanops_utils.errors import FanopsError, WorkspaceError
from fanops_utils.metrics.catalogue import METRICS, known_as
from fanops_utils.text import Sayable, say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import CAMPAIGN, CRISIS, DECISIONS, EXPERIMENT, RISKS, TARGETS, TEAM
from fanops_utils.workspace.registers.target import Target
from fanops_utils.workspace.text_yaml import Document, read_yaml

# where a metric is named: kind of register, its list, the key in each row
NAMED = (
    (TARGETS, "targets", "metric"), (DECISIONS, "decisions", "metric"), (CAMPAIGN, "decisions", "metric"),
    (EXPERIMENT, "metrics", "metric_id"), (CRISIS, "risks", "metric"), (RISKS, "risks", "metric"),
    (TEAM, "duties", "output"),
)  # fmt: skip
IN_WORDS = (DECISIONS, CAMPAIGN)  # their metric may be an id, a name, or words of one's own
PLAIN, PARTS = ("count", "number", "days"), ("share",)
UNFIT = {
    *((unit, kind) for unit in PARTS for kind in (*PLAIN, "money", "times")),
    *(
        (unit, kind)
        for unit in ("money", "count", "days")
        for kind in (*PLAIN, *PARTS, "money", "times")
        if unit != kind
    ),
} - {("count", "number"), ("days", "number")}
ID = re.compile(r"[a-z0-9_]+")


def unknown_metrics(workspace: Workspace) -> list[dict[str, str]]:
    """Return the metrics that registers of *workspace* name and the catalogue does not have (keys place, problem).

    Each is told with its line and the nearest metric. Registers that cannot be read are left out: that is told already.
    A decision may name a metric of an experiment, or say it in words.
    """
    own = _of_experiments(workspace)
    found = []
    for kind, listed, key in NAMED:
        for path in kind.counted(workspace.path):
            place = f"data/{workspace.name}/{path.relative_to(workspace.path).as_posix()}"
            for name, line in _named(path, listed, key):
                known = name in METRICS or (kind in IN_WORDS and _told(name, own))
                if not known:
                    near = [alias] if (alias := known_as(name)) else METRICS
                    problem = WorkspaceError(say("no such metric"), line=line, value=name, choices=near)
                    found.append({"place": place, "problem": str(problem)})
    return found


def unfit_units(workspace: Workspace) -> list[dict[str, str]]:
    """Return the targets of *workspace* in a unit that their metric or their number cannot be in (keys place, problem).

    A change or a difference is one of any metric; a share above 1 is a percentage written without its sign. Registers
    that cannot be read are left out: that is told already.
    """
    try:
        targets = workspace.targets
    except FanopsError:
        return []
    found, path = [], workspace.path / TARGETS.files
    document = read_yaml(path) if targets else Document(None)
    for at, one in enumerate(targets):
        for key, problem in _unfit(one):
            line = document.line(("targets", at, key))
            told = str(WorkspaceError(problem, line=line))
            found.append({"place": f"data/{workspace.name}/{TARGETS.files}", "problem": told})
    return found


def _unfit(target: Target) -> Iterator[tuple[str, Sayable]]:
    """Yield the keys of *target* that do not fit each other, and why."""
    kind = METRICS[target.metric].unit.kind if target.metric in METRICS else target.unit
    if (target.unit, kind) in UNFIT:
        told = {"metric": target.metric, "kind": kind, "unit": target.unit}
        yield "unit", say("{metric} is told as {kind}, not as {unit}: write unit: {kind}", **told)
        return
    for key, value in (("low", target.low), ("high", target.high)):
        if target.unit == "share" and value is not None and abs(value) > 1:
            yield key, say("{value} is no share: write 0.15 for 15 %", value=f"{value:g}")


def _named(path: Path, listed: str, key: str) -> Iterator[tuple[str, int | None]]:
    try:
        document = read_yaml(path)
    except FanopsError:
        return
    rows: Any = document.data.get(listed) if isinstance(document.data, dict) else None
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        name = row.get(key) if isinstance(row, dict) else None
        if isinstance(name, str) and name:
            yield name, document.line((listed, number, key))


def _told(name: str, own: set[str]) -> bool:
    return known_as(name) is not None or name in own or not ID.fullmatch(name)


def _of_experiments(workspace: Workspace) -> set[str]:
    try:
        return {metric.name for one in workspace.experiments.values() for metric in one.metrics}
    except FanopsError:
        return set()
