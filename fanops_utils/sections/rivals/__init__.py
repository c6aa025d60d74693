"""Competitor benchmark: growth, cadence, response, best posts, share of voice, tone, answers, standing, moves, industry."""

from fanops_utils.sections.rivals.answering import answers
from fanops_utils.sections.rivals.closing import key_numbers, plays, verdict
from fanops_utils.sections.rivals.growing import growing
from fanops_utils.sections.rivals.industry import industry
from fanops_utils.sections.rivals.publishing import cadence, response
from fanops_utils.sections.rivals.talked import tone, voice
from fanops_utils.sections.rivals.weighed import moved, standing
from fanops_utils.sections.rivals.working import best_posts

__all__ = [
    "answers", "best_posts", "cadence", "growing", "industry", "key_numbers", "moved", "plays", "response", "standing", "tone",
    "verdict", "voice",
]  # fmt: skip
