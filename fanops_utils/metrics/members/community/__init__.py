"""Counts of a community: its pulse, talk, cases, groups, joining; engine tables or frames in, small frames out."""

from fanops_utils.metrics.members.community.cases import by_bot, decided, questions_by_week, violations, voices, waits
from fanops_utils.metrics.members.community.joining import goals, months_of, new_against_old, screening
from fanops_utils.metrics.members.community.pulse import pulse, rhythm, talk_by_week
from fanops_utils.metrics.members.community.talk import group_table, quality, silent_places, writers

__all__ = [
    "by_bot",
    "decided",
    "goals",
    "group_table",
    "months_of",
    "new_against_old",
    "pulse",
    "quality",
    "questions_by_week",
    "rhythm",
    "screening",
    "silent_places",
    "talk_by_week",
    "violations",
    "voices",
    "waits",
    "writers",
]
