"""The workspace folder: where registers, raw exports and warehouse of one brand lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from fanops_utils.errors import WorkspaceError
from fanops_utils.text import say
from fanops_utils.workspace.kinds import (
    BRAND,
    CAMPAIGN,
    CHOICE,
    CRISIS,
    DECISIONS,
    EXPERIMENT,
    KINDS,
    PRIVACY,
    SEGMENTS,
    TARGETS,
    Kind,
)  # fmt: skip
from fanops_utils.workspace.reads import note_folder
from fanops_utils.workspace.register import Register, read_register
from fanops_utils.workspace.registers.brand import Brand, Market
from fanops_utils.workspace.registers.campaign import Campaign
from fanops_utils.workspace.registers.choice import Choice
from fanops_utils.workspace.registers.crisis import Crisis
from fanops_utils.workspace.registers.decision import Decision
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.privacy import Privacy
from fanops_utils.workspace.registers.segments import Segments
from fanops_utils.workspace.registers.target import Course, Target

R = TypeVar("R", bound=Register)


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

    @property
    def storage(self) -> str | None:
        """The address of its warehouse on object storage; None where it lies in the folder."""
        return self.brand.warehouse if (self.path / BRAND.files).is_file() else None

    @cached_property
    def brand(self) -> Brand:
        return self.register(BRAND)

    @cached_property
    def campaigns(self) -> dict[str, Campaign]:
        return self.registers(CAMPAIGN)

    @cached_property
    def experiments(self) -> dict[str, Experiment]:
        return self.registers(EXPERIMENT)

    @cached_property
    def choices(self) -> dict[str, Choice]:
        return self.registers(CHOICE)

    @cached_property
    def privacy(self) -> Privacy:
        return self.register(PRIVACY)

    @cached_property
    def protection_checked(self) -> Privacy:
        """The register of `privacy.yml`, its markets checked."""
        for one in self.privacy.regulations:
            self.market(one.market, file=self.path / PRIVACY.files)
        return self.privacy

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """All decisions, oldest first: those of the campaigns' registers and of `decisions.yml`."""
        path = self.path / DECISIONS.files
        found = list(self.register(DECISIONS).decisions)
        for one in found:
            if one.campaign is not None and one.campaign not in self.campaigns:
                raise WorkspaceError(say("unknown campaign"), file=path, value=one.campaign, choices=self.campaigns)
            for code in one.markets:
                self.market(code, file=path)
        for campaign in self.campaigns.values():
            found += [one.model_copy(update={"campaign": campaign.id}) for one in campaign.decisions]
        return tuple(sorted(found, key=lambda one: one.date))

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """What the brand set out to reach: the targets of `targets.yml`, in its order."""
        found = self.register(TARGETS).targets
        for code in dict.fromkeys(code for target in found for code in target.markets):
            self.market(code, file=self.path / TARGETS.files)
        return found

    @cached_property
    def course(self) -> Course:
        """The phases and the budget's bands of `targets.yml`."""
        return self.register(TARGETS).course

    @cached_property
    def crisis(self) -> Crisis:
        """Rules, clocks and incidents of `crisis.yml`, its markets checked."""
        found = self.register(CRISIS)
        named = [
            *(one.market for one in found.keywords), *(one.market for one in found.incidents),
        ]  # fmt: skip
        for code in dict.fromkeys(code for code in named if code):
            self.market(code, file=self.path / CRISIS.files)
        return found

    @cached_property
    def segments(self) -> Segments:
        """The rules of tiers and stages of `segments.yml`; the defaults where it says nothing."""
        return self.register(SEGMENTS)

    @property
    def markets(self) -> tuple[str, ...]:
        return tuple(market.code for market in self.brand.markets)

    def market(self, code: str, *, file: Path | None = None) -> Market:
        """Return the market with *code*; raise WorkspaceError naming the nearest one."""
        for market in self.brand.markets:
            if market.code == code:
                return market
        raise WorkspaceError(say("unknown market"), file=file, value=code, choices=self.markets)

    def campaign(self, name: str) -> Campaign:
        """Return the campaign with id *name*; see `named`."""
        return self.named(CAMPAIGN, name)

    def earlier_campaigns(self, campaign: Campaign) -> tuple[Campaign, ...]:
        """Return campaigns in one of *campaign*'s markets that ended before its baseline began."""
        involved = {*campaign.treated, *campaign.controls}
        before = (one for one in self.campaigns.values() if one.live.end < campaign.baseline.start)
        return tuple(one for one in before if involved & set(one.treated))

    def experiment(self, name: str) -> Experiment:
        """Return the experiment with id *name*; see `named`."""
        return self.named(EXPERIMENT, name)

    def validate(self) -> None:
        """Read every register of the workspace; raise WorkspaceError for the first one that is wrong."""
        for kind in KINDS:
            if kind.model:
                _ = self.registers(kind) if kind.many else self.register(kind)
                for path in set(kind.paths(self.path)) - set(kind.counted(self.path)):
                    self._checked(path, kind)
        _ = self.decisions, self.targets, self.crisis, self.protection_checked

    def names_of(self, key: str) -> tuple[str, ...]:
        """Return what the parameter or matrix key *key* (one of KEYS) may name in this workspace."""
        kind = next(kind for kind in KINDS if kind.key == key)
        return tuple(self.registers(kind)) if kind.many else self.markets

    def look_up(self, key: str, name: str) -> object:
        """Return what *name* stands for under *key* (one of KEYS); raise WorkspaceError naming the nearest one."""
        kind = next(kind for kind in KINDS if kind.key == key)
        return self.named(kind, name) if kind.many else self.market(name)

    @cached_property
    def _read(self) -> dict[str, Any]:
        return {}

    def register(self, kind: Kind[R]) -> R:
        """Return the one register of *kind*; an empty one where its file may be missing and is."""
        if kind.id not in self._read:
            assert kind.model
            path = self.path / kind.files
            missing = not kind.required and not path.is_file()
            self._read[kind.id] = kind.model() if missing else self._checked(path, kind)
        return self._read[kind.id]

    def registers(self, kind: Kind[R]) -> dict[str, R]:
        """Return all registers of *kind* by their id; raise WorkspaceError where two files have the same."""
        if kind.id in self._read:
            return self._read[kind.id]
        found: dict[str, R] = {}
        seen: dict[str, Path] = {}
        note_folder(self.path / kind.folder)
        for path in kind.counted(self.path):
            register = self._checked(path, kind)
            name = str(register.id)  # type: ignore[attr-defined]
            if name in seen:
                raise WorkspaceError(say("the id stands in {file} too", file=seen[name].name), file=path, value=name)
            seen[name], found[name] = path, register
        self._read[kind.id] = found
        return found

    def named(self, kind: Kind[R], name: str) -> R:
        """Return the register of *kind* with id *name*; raise WorkspaceError naming the nearest one.

        Where its file is called so, it is read alone: a report depends on it, not on all of them.
        """
        path = self.path / kind.folder / f"{name}.yml"
        if Path(name).name == name and path.is_file():
            register = self._checked(path, kind)
            if register.id == name:  # type: ignore[attr-defined]
                return register
        known = self.registers(kind)
        if name not in known:
            raise WorkspaceError(kind.unknown, value=name, choices=known)
        return known[name]

    def _checked(self, path: Path, kind: Kind[R]) -> R:
        assert kind.model
        register = read_register(path, kind.model)
        for code in () if kind is BRAND else getattr(register, "markets", ()):
            self.market(code, file=path)
        return register
