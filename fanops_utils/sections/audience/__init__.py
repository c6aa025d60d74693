"""The audience: tiers, who slips away, who stays by how they came, one module a question."""

from fanops_utils.sections.audience.key_numbers import key_numbers
from fanops_utils.sections.audience.lifecycle import lifecycle
from fanops_utils.sections.audience.plays import plays
from fanops_utils.sections.audience.staying import staying
from fanops_utils.sections.audience.tiers import tiers
from fanops_utils.sections.audience.verdict import verdict

__all__ = ["key_numbers", "lifecycle", "plays", "staying", "tiers", "verdict"]
