"""The kinds of registers, declared once: what reads, checks and writes registers goes by this table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from fanops_utils.text import Message, say
from fanops_utils.workspace.operations import Calendar, Partners, Pattern, Regulations, Risks, Team
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.registers.brand import Brand
from fanops_utils.workspace.registers.campaign import Campaign
from fanops_utils.workspace.registers.choice import Choice
from fanops_utils.workspace.registers.crisis import Crisis
from fanops_utils.workspace.registers.decision import Decisions
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.privacy import Privacy
from fanops_utils.workspace.registers.segments import Segments
from fanops_utils.workspace.registers.target import Targets
from fanops_utils.workspace.registers.topics import Topics

NO_REGISTER = say("no such register")
EXAMPLE = "example.yml"  # shows how a register is written, and is none
R_co = TypeVar("R_co", bound=Register, covariant=True)


@dataclass(frozen=True)
class Kind(Generic[R_co]):
    """One kind of register: its model, where its files lie, and what it is called in parameters and plans."""

    id: str
    files: str  # one file of the workspace, or a pattern: then there is one register per file
    model: type[R_co] | None  # None where a floor above reads it, because it knows what it means
    key: str | None = None  # parameter and matrix key that name one of them; with an s a list of them
    example: str | None = None  # the commented file that `fanops init` writes
    defaults: tuple[str, ...] = ()  # further files it writes: entries of the plans, marked as defaults
    required: bool = False
    unknown: Message = NO_REGISTER  # what is wrong where a name is none of them

    @property
    def many(self) -> bool:
        return "*" in self.files

    @property
    def folder(self) -> str:
        return self.files.partition("/")[0]

    def paths(self, workspace: Path) -> list[Path]:
        """Return the files of this kind in the folder *workspace*, in the order of their names."""
        return sorted(workspace.glob(self.files))

    def counted(self, workspace: Path) -> list[Path]:
        """Return the files that count in reports: all but the example."""
        return [path for path in self.paths(workspace) if path.name != EXAMPLE or not self.many]


BRAND = Kind("brand", "brand.yml", Brand, key="market", example="brand.yml", required=True)
CAMPAIGN = Kind(
    "campaign", "campaigns/*.yml", Campaign, key="campaign", example="campaigns/example.yml",
    unknown=say("unknown campaign"),
)  # fmt: skip
EXPERIMENT = Kind(
    "experiment", "experiments/*.yml", Experiment, key="experiment", example="experiments/example.yml",
    unknown=say("unknown experiment"),
)  # fmt: skip
PRIVACY = Kind("privacy", "privacy.yml", Privacy, example="privacy.yml")
MAPPING: Kind[Register] = Kind("mapping", "mappings/*.yml", None, example="mappings/example.yml")
DECISIONS = Kind("decisions", "decisions.yml", Decisions, example="decisions.yml")
TARGETS = Kind("targets", "targets.yml", Targets, example="targets.yml")
CRISIS = Kind("crisis", "crisis.yml", Crisis, example="crisis.yml")
TEAM = Kind("team", "team.yml", Team, example="team.yml")
CALENDAR = Kind("calendar", "calendar.yml", Calendar, example="calendar.yml")
RISKS = Kind("risks", "risks.yml", Risks, example="risks.yml")
PARTNERS = Kind("partners", "partners.yml", Partners, example="partners.yml")
REGULATIONS = Kind("regulations", "regulations.yml", Regulations, example="regulations.yml")
SEGMENTS = Kind("segments", "segments.yml", Segments, example="segments.yml")
TOPICS = Kind("topics", "topics.yml", Topics, example="topics.yml")
PATTERN = Kind(
    "pattern", "templates/*.yml", Pattern, example="templates/example.yml",
    defaults=("templates/complaint_reply.yml", "templates/crisis_statement.yml", "templates/crisis_checklist.yml",
              "templates/publishing_checklist.yml", "templates/drill_checklist.yml", "templates/member_onboarding.yml",
              "templates/community_rules.yml", "templates/escalation.yml", "templates/partner_brief.yml",
              "templates/partner_contract.yml", "templates/partner_onboarding.yml", "templates/partner_exit.yml",
              "templates/outside_audit.yml",
              "templates/handover.yml", "templates/training.yml", "templates/cross_cultural.yml",
              "templates/performance_review.yml", "templates/after_action.yml", "templates/crisis_evidence.yml",
              "templates/activity_plan.yml", "templates/online_offline.yml", "templates/koc_programme.yml",
              "templates/department_plan.yml", "templates/spending.yml", "templates/content_idea.yml", "templates/rewards.yml",
              "templates/data_breach.yml"),
)  # fmt: skip
CHOICE = Kind(
    "choice", "choices/*.yml", Choice, example="choices/example.yml", unknown=say("unknown choice"),
)  # fmt: skip
PLAN: Kind[Register] = Kind(
    "plan",
    "plans/*.yml",
    None,
    example="plans/weekly.yml",
    defaults=("plans/monthly.yml", "plans/quarterly.yml", "plans/watch.yml"),
)  # fmt: skip

KINDS: tuple[Kind[Register], ...] = (
    BRAND, CAMPAIGN, EXPERIMENT, PRIVACY, MAPPING, DECISIONS, TARGETS, CRISIS, TEAM, CALENDAR, RISKS, PARTNERS, REGULATIONS,
    SEGMENTS, TOPICS, PATTERN, CHOICE, PLAN,
)  # fmt: skip
KEYS = tuple(kind.key for kind in KINDS if kind.key)
