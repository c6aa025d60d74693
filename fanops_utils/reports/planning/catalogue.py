"""The catalogue: every notebook with its question and parameters, and whether all of it keeps to the contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fanops_utils.data.privacy.inventory import gaps
from fanops_utils.data.protection.retention import keep_days
from fanops_utils.data.reference import metric_breaks
from fanops_utils.data.sources.mapping.register import read_mapping
from fanops_utils.errors import FanopsError
from fanops_utils.playbook.topics import TOPICS
from fanops_utils.reports.planning.appointed import unknown_roles
from fanops_utils.reports.planning.contract import breaches
from fanops_utils.reports.planning.named import unfit_units, unknown_metrics
from fanops_utils.reports.planning.parameters import Parameter, read_parameters
from fanops_utils.reports.planning.plan import PLANS, expand, find_notebooks, read_plan, workspace_of
from fanops_utils.reports.planning.source import read_cells, told_by
from fanops_utils.workspace import Workspace, open_workspace
from fanops_utils.workspace.kinds import MAPPING, PLAN


@dataclass(frozen=True)
class Entry:
    """One notebook of the catalogue."""

    notebook: str
    question: str
    parameters: tuple[Parameter, ...]
    topic: str = ""
    title: str = ""
    report: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as JSON-ready values."""
        described = [
            {"name": one.name, "type": one.annotation, "default": one.default, "help": one.help}
            for one in self.parameters
        ]
        told = {"topic": self.topic, "title": self.title, "report": self.report}
        return {"notebook": self.notebook, "question": self.question, **told, "parameters": described}


def catalogue(root: Path) -> list[Entry]:
    """Return the notebooks under *root* with question, parameters and what their metadata say, topic by topic."""
    entries = [_entry(name, path) for name, path in find_notebooks(root).items()]
    order = list(TOPICS)
    return sorted(entries, key=lambda entry: order.index(entry.topic) if entry.topic in order else len(order))


def _entry(name: str, path: Path) -> Entry:
    told = told_by(path)
    said = {key: told.get(key, "") for key in ("topic", "title", "report")}
    return Entry(name, _question(path), tuple(read_parameters(path).values()), **said)


def _question(path: Path) -> str:
    first = next((cell.source for cell in read_cells(path)), "").splitlines()
    return first[0].removeprefix("# ").strip() if first else ""


def check_all(root: Path, workspace: Workspace) -> list[dict[str, str]]:
    """Return every breach of contract in registers, mappings, notebooks and plans (keys place, problem)."""
    found = [
        {"place": f"notebooks/{name}.ipynb", "problem": problem}
        for name, path in find_notebooks(root).items()
        for problem in breaches(path)
    ]
    found += [{"place": "fanops_utils/data/privacy/inventory.yml", "problem": problem} for problem in gaps()]
    checks: list[tuple[str, Callable[[], object]]] = [
        (f"data/{workspace.name}", workspace.validate), (f"data/{workspace.name}/privacy.yml", lambda: keep_days(workspace)),
    ]  # fmt: skip
    if (root / "data" / "reference" / "metric_breaks.csv").exists():
        checks.append(("data/reference/metric_breaks.csv", lambda: metric_breaks(root)))
    for mapping in MAPPING.paths(workspace.path):
        checks.append((f"data/{workspace.name}/mappings/{mapping.name}", lambda path=mapping: read_mapping(path)))  # type: ignore[misc]
    for plan in sorted((root / "notebooks" / PLANS).glob("*.yml")):
        checks.append((f"notebooks/plans/{plan.name}", lambda path=plan: _expand(path, root)))  # type: ignore[misc]
    for plan in PLAN.paths(workspace.path):
        checks.append((f"data/{workspace.name}/plans/{plan.name}", lambda path=plan: _expand(path, root)))  # type: ignore[misc]
    for place, check in checks:
        try:
            check()
        except FanopsError as error:
            if str(error) not in {one["problem"] for one in found}:  # each plan stumbles over the same register
                found.append({"place": place, "problem": str(error)})
    return found + unknown_metrics(workspace) + unfit_units(workspace) + unknown_roles(workspace)


def _expand(path: Path, root: Path) -> object:
    plan = read_plan(path)
    return expand(plan, open_workspace(workspace_of(plan, path), root=root), root)
