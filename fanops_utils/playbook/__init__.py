"""What a report says: checks, findings, plays and the result that carries them."""

from fanops_utils.playbook.checks import Check, TrustPanel
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play, PlayList
from fanops_utils.playbook.result import Result

__all__ = ["Check", "Finding", "Play", "PlayList", "Result", "Severity", "TrustPanel"]
