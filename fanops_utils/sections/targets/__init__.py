"""The review of the key figures: targets, outlook, the plan's course, what moved, its rules, the budget."""

from fanops_utils.sections.targets.budget import budget
from fanops_utils.sections.targets.conclusion import key_numbers, plays, verdict
from fanops_utils.sections.targets.course import course
from fanops_utils.sections.targets.moved import rules, signals, tree
from fanops_utils.sections.targets.scorecard import outlook, scorecard

__all__ = ["budget", "course", "key_numbers", "outlook", "plays", "rules", "scorecard", "signals", "tree", "verdict"]
