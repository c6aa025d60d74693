"""The plan of a campaign: can it be judged at all, by which markets, at what size and price, and what is agreed."""

from fanops_utils.sections.campaigns.plan.agreed import agreed
from fanops_utils.sections.campaigns.plan.agreement import agreement
from fanops_utils.sections.campaigns.plan.better import better
from fanops_utils.sections.campaigns.plan.budget import budget
from fanops_utils.sections.campaigns.plan.controls import controls
from fanops_utils.sections.campaigns.plan.detectable import detectable
from fanops_utils.sections.campaigns.plan.plays import holds_until, plays
from fanops_utils.sections.campaigns.plan.risks import risks
from fanops_utils.sections.campaigns.plan.verdict import verdict

__all__ = [
    "agreed", "agreement", "better", "budget", "controls", "detectable", "holds_until", "plays", "risks", "verdict",
]  # fmt: skip
