"""The audience: tiers, stages by own rhythm, movement, who and when, persona cards, groups, who stays, one module a question."""

from fanops_utils.sections.audience.grouping import grouping
from fanops_utils.sections.audience.key_numbers import key_numbers
from fanops_utils.sections.audience.leaving import leaving
from fanops_utils.sections.audience.lifecycle import lifecycle
from fanops_utils.sections.audience.moving import moving
from fanops_utils.sections.audience.plays import plays
from fanops_utils.sections.audience.rewards import linked, rewards
from fanops_utils.sections.audience.staying import staying
from fanops_utils.sections.audience.tiers import tiers
from fanops_utils.sections.audience.verdict import verdict
from fanops_utils.sections.audience.who import personas, when, who

__all__ = [
    "grouping", "key_numbers", "leaving", "lifecycle", "linked", "moving", "personas", "plays", "rewards", "staying", "tiers", "verdict",
    "when", "who",
]  # fmt: skip
