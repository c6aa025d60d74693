"""The vocabulary of a report: checks, findings, plays, sections and the result that carries them."""

from fanops_utils.playbook.checks import Check, TrustPanel
from fanops_utils.playbook.decisions import Evidence, Review
from fanops_utils.playbook.facts import facts
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.key_numbers import Comparison, KeyNumber, KeyNumbers
from fanops_utils.playbook.plays import Play, PlayList
from fanops_utils.playbook.result import Result
from fanops_utils.playbook.sections import Section
from fanops_utils.playbook.targets import TargetState

__all__ = [
    "Check", "Comparison", "Evidence", "Finding", "KeyNumber", "KeyNumbers", "Play", "PlayList", "Result", "Review", "Section",
    "Severity", "TargetState", "TrustPanel", "facts",
]  # fmt: skip
