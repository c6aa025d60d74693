"""The workspace folder: where registers, raw exports and warehouse of one brand lie."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace.brand import Brand, Market
from fanops_utils.workspace.campaign import Campaign
from fanops_utils.workspace.decision import Decision, Decisions
from fanops_utils.workspace.experiment import Experiment
from fanops_utils.workspace.privacy import Privacy
from fanops_utils.workspace.reads import note_folder
from fanops_utils.workspace.register import read_register

TEMPLATE = Path(__file__).parent / "template"
R = TypeVar("R", Campaign, Experiment)


def project_root(start: Path | None = None) -> Path:
    """Return the repository that holds `notebooks/` and `data/`: around *start*, the working folder, or this file."""
    if named := os.environ.get("FANOPS_ROOT"):
        return Path(named).resolve()
    for origin in (start or Path.cwd(), Path(__file__)):
        for folder in (origin.resolve(), *origin.resolve().parents):
            if (folder / "notebooks" / "plans").is_dir() and (folder / "data").is_dir():
                return folder
    raise WorkspaceError("no fanops repository here", value=start or Path.cwd(), hint="Run this inside the repository")


@dataclass(frozen=True)
class Workspace:
    """One brand's folder under `data/`; registers are read, and checked, when first asked for."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def raw(self) -> Path:
        return self.path / "raw"

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse"

    @cached_property
    def brand(self) -> Brand:
        return read_register(self.path / "brand.yml", Brand)

    @cached_property
    def campaigns(self) -> dict[str, Campaign]:
        return self._registers("campaigns", Campaign)

    @cached_property
    def experiments(self) -> dict[str, Experiment]:
        return self._registers("experiments", Experiment)

    @cached_property
    def privacy(self) -> Privacy:
        path = self.path / "privacy.yml"
        return read_register(path, Privacy) if path.exists() else Privacy()

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """All decisions, oldest first: those of the campaigns' registers and of `decisions.yml`."""
        path = self.path / "decisions.yml"
        found = list(read_register(path, Decisions).decisions) if path.is_file() else []
        for one in found:
            if one.campaign is not None and one.campaign not in self.campaigns:
                raise WorkspaceError("unknown campaign", file=path, value=one.campaign, choices=self.campaigns)
        for campaign in self.campaigns.values():
            found += [one.model_copy(update={"campaign": campaign.id}) for one in campaign.decisions]
        return tuple(sorted(found, key=lambda one: one.date))

    @property
    def markets(self) -> tuple[str, ...]:
        return tuple(market.code for market in self.brand.markets)

    def market(self, code: str, *, file: Path | None = None) -> Market:
        """Return the market with *code*; raise WorkspaceError naming the nearest one."""
        for market in self.brand.markets:
            if market.code == code:
                return market
        raise WorkspaceError("unknown market", file=file, value=code, choices=self.markets)

    def campaign(self, name: str) -> Campaign:
        """Return the campaign with id *name*, reading its register alone; raise WorkspaceError naming the nearest one."""
        if (found := self._register("campaigns", name, Campaign)) is not None:
            return found
        if name not in self.campaigns:
            raise WorkspaceError("unknown campaign", value=name, choices=self.campaigns)
        return self.campaigns[name]

    def earlier_campaigns(self, campaign: Campaign) -> tuple[Campaign, ...]:
        """Return campaigns in one of *campaign*'s markets that ended before its baseline began."""
        involved = {*campaign.treated, *campaign.controls}
        before = (one for one in self.campaigns.values() if one.live.end < campaign.baseline.start)
        return tuple(one for one in before if involved & set(one.treated))

    def experiment(self, name: str) -> Experiment:
        """Return the experiment with id *name*, reading its register alone; raise WorkspaceError naming the nearest one."""
        if (found := self._register("experiments", name, Experiment)) is not None:
            return found
        if name not in self.experiments:
            raise WorkspaceError("unknown experiment", value=name, choices=self.experiments)
        return self.experiments[name]

    def validate(self) -> None:
        """Read every register of the workspace; raise WorkspaceError for the first one that is wrong."""
        _ = self.brand, self.campaigns, self.experiments, self.decisions, self.privacy

    def _registers(self, folder: str, model: type[R]) -> dict[str, R]:
        found: dict[str, R] = {}
        seen: dict[str, Path] = {}
        for path in sorted(note_folder(self.path / folder).glob("*.yml")):
            register = self._checked(path, model)
            if register.id in seen:
                raise WorkspaceError(f"the id stands in {seen[register.id].name} too", file=path, value=register.id)
            seen[register.id], found[register.id] = path, register
        return found

    def _register(self, folder: str, name: str, model: type[R]) -> R | None:
        """Return the register of *name* where its file is called so: a report depends on it, not on all of them."""
        path = self.path / folder / f"{name}.yml"
        if Path(name).name != name or not path.is_file():
            return None
        register = self._checked(path, model)
        return register if register.id == name else None

    def _checked(self, path: Path, model: type[R]) -> R:
        register = read_register(path, model)
        for code in register.markets:
            self.market(code, file=path)
        return register


def open_workspace(name: str | Path, *, root: Path | None = None) -> Workspace:
    """Return the workspace called *name* under `data/`, or the one at the path *name*."""
    given = Path(name)
    folder = given if given.is_absolute() or len(given.parts) > 1 else (root or project_root()) / "data" / given
    if not (folder / "brand.yml").is_file():
        known = sorted(path.parent.name for path in folder.parent.glob("*/brand.yml"))
        hint = f"fanops init {folder.name} writes a new one"
        raise (
            WorkspaceError("no workspace (a folder with brand.yml)", value=folder, hint=hint)
            if not known
            else (WorkspaceError("no such workspace", value=folder.name, choices=known))
        )
    return Workspace(folder.resolve())


def init_workspace(folder: Path) -> list[Path]:
    """Write a commented new workspace at *folder*; return the files written; refuse to overwrite one."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", folder.name):
        hint = "Use lower-case letters, digits, - and _"
        raise WorkspaceError("not a workspace name", value=folder.name, hint=hint)
    if (folder / "brand.yml").exists():
        raise WorkspaceError("this workspace exists already", file=folder)
    written = []
    for source in sorted(TEMPLATE.rglob("*.yml")):
        target = folder / source.relative_to(TEMPLATE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        written.append(target)
    (folder / "raw").mkdir(exist_ok=True)
    return written
