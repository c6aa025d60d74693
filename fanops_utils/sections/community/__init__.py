"""The health of a community: pulse, hours, newcomers, leak, activities, answers, rules, talk, groups, satisfaction, goals."""

from fanops_utils.sections.community.activities import activities, participation, streaks
from fanops_utils.sections.community.answering import answering, bot, expected
from fanops_utils.sections.community.goals import goals, screening
from fanops_utils.sections.community.groups import groups
from fanops_utils.sections.community.hours import hours
from fanops_utils.sections.community.key_numbers import key_numbers
from fanops_utils.sections.community.leak import leak
from fanops_utils.sections.community.plays import plays
from fanops_utils.sections.community.pulse import pulse
from fanops_utils.sections.community.recommending import recommending
from fanops_utils.sections.community.rules import moderators, rules, voices
from fanops_utils.sections.community.staying import RETENTION, staying
from fanops_utils.sections.community.talking import key_voices, talking
from fanops_utils.sections.community.verdict import verdict

__all__ = [
    "RETENTION",
    "activities",
    "answering",
    "bot",
    "expected",
    "goals",
    "groups",
    "hours",
    "key_numbers",
    "key_voices",
    "leak",
    "moderators",
    "participation",
    "plays",
    "pulse",
    "recommending",
    "rules",
    "screening",
    "staying",
    "streaks",
    "talking",
    "verdict",
    "voices",
]
