"""The vocabulary of a report: checks, findings, plays, sections and the result that carries them."""

from fanops_utils.playbook.checks import Check, TrustPanel
from fanops_utils.playbook.facts import facts
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.key_numbers import Comparison, KeyNumber, KeyNumbers
from fanops_utils.playbook.plays import Play, PlayList
from fanops_utils.playbook.result import Result
from fanops_utils.playbook.sections import Section

__all__ = [
    "Check", "Comparison", "Finding", "KeyNumber", "KeyNumbers", "Play", "PlayList", "Result", "Section", "Severity",
    "TrustPanel", "facts",
]  # fmt: skip
