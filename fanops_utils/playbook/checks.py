"""Checks: is this number to be trusted? PASS, REVIEW or FAIL, with a finding and an action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Literal

Status = Literal["PASS", "REVIEW", "FAIL"]
RANK: dict[Status, int] = {"FAIL": 0, "REVIEW": 1, "PASS": 2}
ICON: dict[Status, str] = {"FAIL": "✕", "REVIEW": "!", "PASS": "✓"}
CHECKS_MIME = "application/vnd.fanops.checks+json"


@dataclass(frozen=True)
class Check:
    """One test of the data or the method: what was seen and what to do about it."""

    name: str
    status: Status
    finding: str
    action: str = ""


@dataclass(frozen=True)
class TrustPanel:
    """The checks of a report, worst first; those that passed fold into one line."""

    checks: tuple[Check, ...]

    @classmethod
    def of(cls, *groups: Check | Iterable[Check] | None) -> TrustPanel:
        """Return a panel of all checks in *groups*, worst first, order otherwise kept; None (does not apply) is left out."""
        flat = [check for group in groups if group for check in ([group] if isinstance(group, Check) else group)]
        return cls(tuple(sorted(flat, key=lambda check: RANK[check.status])))

    @property
    def status(self) -> Status:
        return self.checks[0].status if self.checks else "PASS"

    def _repr_html_(self) -> str:
        open_items = "".join(_item(check) for check in self.checks if check.status != "PASS")
        passed = [check for check in self.checks if check.status == "PASS"]
        folded = "".join(_item(check) for check in passed)
        summary = f"<details><summary>✓ {_passed(len(passed))}</summary><ul>{folded}</ul></details>" if passed else ""
        listed = f"<ul>{open_items}</ul>" if open_items else ""
        return f'<section class="trust trust-{self.status.lower()}">{listed}{summary}</section>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {
            "text/html": self._repr_html_(),
            "text/plain": "\n".join(f"{c.status}: {c.name}: {c.finding}" for c in self.checks),
            CHECKS_MIME: [asdict(check) for check in self.checks],
        }


def _passed(count: int) -> str:
    return "1 check passed" if count == 1 else f"{count} checks passed"


def _item(check: Check) -> str:
    action = f' <span class="action">→ {escape(check.action)}</span>' if check.action else ""
    mark = f'<span class="mark">{ICON[check.status]} {check.status}</span>'
    return f'<li class="check {check.status.lower()}">{mark} <b>{escape(check.name)}</b>: {escape(check.finding)}{action}</li>'
