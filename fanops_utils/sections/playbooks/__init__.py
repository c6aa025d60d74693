"""Playbooks: plans and checklists filled from the registers and the warehouse, one module a subject."""

from fanops_utils.sections.playbooks.checklists import checklist
from fanops_utils.sections.playbooks.choosing import due, gates, weighed
from fanops_utils.sections.playbooks.conduct import conflicts, replies
from fanops_utils.sections.playbooks.crew import capacity, cover, duties, meetings
from fanops_utils.sections.playbooks.crisis import clock, statements
from fanops_utils.sections.playbooks.decided import decided
from fanops_utils.sections.playbooks.dues import obligations, risks
from fanops_utils.sections.playbooks.launch import budget, moments, steps
from fanops_utils.sections.playbooks.lifecycle import actions, ladder
from fanops_utils.sections.playbooks.outputs import input_output
from fanops_utils.sections.playbooks.plays import plays
from fanops_utils.sections.playbooks.posting import by_users, kept, slots
from fanops_utils.sections.playbooks.rota import rota
from fanops_utils.sections.playbooks.rubric import rubric
from fanops_utils.sections.playbooks.shared import filled, key_numbers, marked, verdict
from fanops_utils.sections.playbooks.told import stakeholders

__all__ = [
    "actions", "budget", "by_users", "capacity", "checklist", "clock", "conflicts", "cover", "decided", "due", "duties",
    "filled", "gates", "input_output", "kept", "key_numbers", "ladder", "marked", "meetings", "moments", "obligations",
    "plays", "replies", "risks", "rota", "rubric", "slots", "stakeholders", "statements", "steps", "verdict", "weighed",
]  # fmt: skip
