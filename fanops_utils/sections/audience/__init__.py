"""The audience: tiers, stages by own rhythm, movement, who and when, persona cards, groups, who stays, lists to act on."""

from fanops_utils.sections.audience.acting.leaving import leaving
from fanops_utils.sections.audience.acting.offering import offering
from fanops_utils.sections.audience.acting.places import places
from fanops_utils.sections.audience.acting.tags import tags
from fanops_utils.sections.audience.describing.cards import personas
from fanops_utils.sections.audience.describing.grouping import grouping
from fanops_utils.sections.audience.describing.needs import needs
from fanops_utils.sections.audience.describing.parts import parts
from fanops_utils.sections.audience.describing.when import when
from fanops_utils.sections.audience.describing.who import who
from fanops_utils.sections.audience.key_numbers import key_numbers
from fanops_utils.sections.audience.lifecycle import lifecycle
from fanops_utils.sections.audience.moving import moving, tier_moves
from fanops_utils.sections.audience.plays import plays
from fanops_utils.sections.audience.rewards import linked, rewards
from fanops_utils.sections.audience.staying import staying
from fanops_utils.sections.audience.tiers import tiers
from fanops_utils.sections.audience.verdict import verdict

__all__ = [
    "grouping", "key_numbers", "leaving", "lifecycle", "linked", "moving", "needs", "offering", "parts", "personas", "places",
    "plays", "rewards", "staying", "tags", "tier_moves", "tiers", "verdict", "when", "who",
]  # fmt: skip
