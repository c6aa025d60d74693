"""Approvals: what is missing before something goes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fanops_utils.workspace.operations.calendar import Approval
from fanops_utils.workspace.operations.team import SignOff


@dataclass(frozen=True)
class Signed:
    """How many valid approvals by different persons there are, and how many are asked for; *invalid* ones do not count."""

    given: int
    asked: int
    invalid: int

    @property
    def blocked(self) -> bool:
        return self.given < self.asked


def signed(rule: SignOff, approvals: Iterable[Approval]) -> Signed:
    """Return what *approvals* are worth under *rule*: each person counts once, and only in one of its roles."""
    told = list(approvals)
    valid = [one for one in told if one.role in rule.roles]
    persons = {str(one.by).strip().casefold() for one in valid}
    return Signed(given=len(persons), asked=rule.approvals, invalid=len(told) - len(persons))
