"""The review of the key figures: targets, outlook, the plan's course, what moved, its rules, the budget and where it goes."""

from fanops_utils.sections.targets.budget import budget
from fanops_utils.sections.targets.conclusion import key_numbers, plays, verdict
from fanops_utils.sections.targets.course import course
from fanops_utils.sections.targets.moved import signals, tree
from fanops_utils.sections.targets.moving import functions, reallocation
from fanops_utils.sections.targets.ruling import RULED, rules
from fanops_utils.sections.targets.scorecard import outlook, scorecard
from fanops_utils.sections.targets.trusted import reliability

__all__ = [
    "RULED", "budget", "course", "functions", "key_numbers", "outlook", "plays", "reallocation", "reliability", "rules",
    "scorecard", "signals", "tree", "verdict",
]  # fmt: skip
