"""Competitor benchmark: growth, cadence, response, best posts, share of voice, tone, answers, standing, moves, industry."""

from fanops_utils.sections.rivals.closing import key_numbers, plays, verdict
from fanops_utils.sections.rivals.growing import growing
from fanops_utils.sections.rivals.publishing import best_posts, cadence, response
from fanops_utils.sections.rivals.talked import answers, tone, voice
from fanops_utils.sections.rivals.weighed import industry, moved, standing

__all__ = [
    "answers", "best_posts", "cadence", "growing", "industry", "key_numbers", "moved", "plays", "response", "standing", "tone",
    "verdict", "voice",
]  # fmt: skip
