"""Estimates about a community: unusual days, leaks, activities, waiting, who carries it, whether members recommend it."""

from fanops_utils.models.audience.community.carrying import Concentration, concentration, key_voices
from fanops_utils.models.audience.community.judging import drawn_groups, taken_back_more
from fanops_utils.models.audience.community.leak import leaks
from fanops_utils.models.audience.community.matched import against_matched_days
from fanops_utils.models.audience.community.onboarding import retention_moved
from fanops_utils.models.audience.community.peaks import unusual_days
from fanops_utils.models.audience.community.questions import expected_questions
from fanops_utils.models.audience.community.recommending import nps, waves
from fanops_utils.models.audience.community.survival import break_day, left_after, streaks, time_until
from fanops_utils.models.audience.community.waiting import answer_times

__all__ = [
    "Concentration",
    "against_matched_days",
    "answer_times",
    "break_day",
    "concentration",
    "drawn_groups",
    "expected_questions",
    "key_voices",
    "leaks",
    "left_after",
    "nps",
    "retention_moved",
    "streaks",
    "taken_back_more",
    "time_until",
    "unusual_days",
    "waves",
]
