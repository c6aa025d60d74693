"""Registers of how the work is done: who, when, what could go wrong, with whom, under which rules, in which words."""

from fanops_utils.workspace.operations.calendar import Calendar
from fanops_utils.workspace.operations.partners import Partners
from fanops_utils.workspace.operations.pattern import Pattern
from fanops_utils.workspace.operations.regulations import Regulations
from fanops_utils.workspace.operations.risks import Risks
from fanops_utils.workspace.operations.team import Team

__all__ = ["Calendar", "Partners", "Pattern", "Regulations", "Risks", "Team"]
