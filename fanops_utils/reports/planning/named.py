"""Whether the metrics that registers name stand in the catalogue: an id with a slip in it is measured nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fanops_utils.errors import FanopsError, WorkspaceError
from fanops_utils.metrics.catalogue import METRICS, known_as
from fanops_utils.text import say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import CAMPAIGN, CRISIS, DECISIONS, EXPERIMENT, RISKS, TARGETS, TEAM
from fanops_utils.workspace.text_yaml import read_yaml

# where a metric is named: kind of register, its list, the key in each row
NAMED = (
    (TARGETS, "targets", "metric"), (DECISIONS, "decisions", "metric"), (CAMPAIGN, "decisions", "metric"),
    (EXPERIMENT, "metrics", "metric_id"), (CRISIS, "risks", "metric"), (RISKS, "risks", "metric"),
    (TEAM, "duties", "output"),
)  # fmt: skip
IN_WORDS = (DECISIONS, CAMPAIGN)  # their metric may be an id, a name, or words of one's own
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
