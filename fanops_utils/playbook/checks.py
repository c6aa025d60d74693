"""Checks: is this number to be trusted? PASS, REVIEW or FAIL, with a finding and an action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from markupsafe import Markup

from fanops_utils.text import Message, Sayable, Sentences, markup, say, say_n, showing, term

Status = Literal["PASS", "REVIEW", "FAIL"]
RANK: dict[Status, int] = {"FAIL": 0, "REVIEW": 1, "PASS": 2}
ICON: dict[Status, str] = {"FAIL": "✕", "REVIEW": "!", "PASS": "✓"}
KIND: dict[Status, str] = {"FAIL": "alert", "REVIEW": "watch", "PASS": "quiet"}
WORD: dict[Status, Message] = {
    "FAIL": term("FAIL", "status of a check"),
    "REVIEW": term("REVIEW", "status of a check"),
    "PASS": term("PASS", "status of a check"),
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """One test of the data or the method: what was seen and what to do about it; `code` names it for other code."""

    code: str
    name: Sayable
    status: Status
    finding: Sayable
    action: Sayable | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the check as JSON-ready values."""
        said = {"name": self.name, "finding": self.finding, "action": self.action}
        return {"code": self.code, "status": self.status, **showing.coded(said)}


@dataclass(frozen=True)
class TrustPanel:
    """The checks of a report, worst first; those that passed fold into one line."""

    kind: ClassVar[str] = "checks"

    checks: tuple[Check, ...]

    @classmethod
    def of(cls, *groups: Check | Iterable[Check] | None) -> TrustPanel:
        """Return a panel of all checks in *groups*, worst first, order otherwise kept; None (does not apply) is left out."""
        flat = [check for group in groups if group for check in ([group] if isinstance(group, Check) else group)]
        return cls(tuple(sorted(flat, key=lambda check: RANK[check.status])))

    @property
    def status(self) -> Status:
        return self.checks[0].status if self.checks else "PASS"

    def get(self, code: str) -> Check | None:
        """Return the check called *code*, None where the panel has none."""
        return next((check for check in self.checks if check.code == code), None)

    def html(self, language: str) -> Markup:
        """Return the panel as HTML."""
        doubts = Markup("").join(_item(check, language) for check in self.checks if check.status != "PASS")
        passed = [check for check in self.checks if check.status == "PASS"]
        listed = Markup("<ul>{}</ul>").format(doubts) if doubts else Markup("")
        if not passed:
            return listed
        folded = Markup("").join(_item(check, language) for check in passed)
        number = markup(_passed(len(passed)), language)
        return listed + Markup("<details><summary>✓ {}</summary><ul>{}</ul></details>").format(number, folded)

    def to_json(self) -> dict[str, Any]:
        """Return the panel as JSON-ready values."""
        return {"checks": [check.to_json() for check in self.checks]}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        doubts = tuple(check.finding for check in self.checks if check.status != "PASS")
        return showing.bundle(self, plain=Sentences(doubts) if doubts else _passed(len(self.checks)))


def _passed(number: int) -> Message:
    return say_n("{n} check passed", "{n} checks passed", n=number)


def _item(check: Check, language: str) -> Markup:
    sign = showing.mark(KIND[check.status], ICON[check.status], WORD[check.status], language)
    text = markup(say("{check}: {finding}", check=check.name, finding=check.finding), language)
    action = Markup(" → {}").format(markup(check.action, language)) if check.action else ""
    return Markup("<li>{} {}{}</li>").format(sign, text, action)
