"""Playbooks: plans and checklists filled from the registers and the warehouse, one module a subject."""

from fanops_utils.sections.playbooks.crew import capacity, cover, duties, meetings
from fanops_utils.sections.playbooks.crisis import clock, statements
from fanops_utils.sections.playbooks.dues import obligations, risks
from fanops_utils.sections.playbooks.launch import budget, moments, steps
from fanops_utils.sections.playbooks.plays import plays
from fanops_utils.sections.playbooks.posting import by_users, kept, slots
from fanops_utils.sections.playbooks.shared import filled, key_numbers, marked, verdict

__all__ = [
    "budget", "by_users", "capacity", "clock", "cover", "duties", "filled", "kept", "key_numbers", "marked", "meetings", "moments",
    "obligations", "plays", "risks", "slots", "statements", "steps", "verdict",
]  # fmt: skip
