"""The market analysis: growth, formats, hours of publication, share of voice and tone, one module a question."""

from fanops_utils.sections.market.formats import formats
from fanops_utils.sections.market.growth import growth
from fanops_utils.sections.market.hours import hours
from fanops_utils.sections.market.key_numbers import key_numbers
from fanops_utils.sections.market.plays import plays
from fanops_utils.sections.market.tone import tone
from fanops_utils.sections.market.verdict import verdict
from fanops_utils.sections.market.voice import voice

__all__ = ["formats", "growth", "hours", "key_numbers", "plays", "tone", "verdict", "voice"]
