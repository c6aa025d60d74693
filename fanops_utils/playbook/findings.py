"""Findings: what the report says, each a sentence with its numbers, an interval and a severity."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from html import escape
from numbers import Integral, Real
from typing import Any, Literal

Severity = Literal["alert", "watch", "good", "info"]
RANK: dict[Severity, int] = {"alert": 0, "watch": 1, "good": 2, "info": 3}
ICON: dict[Severity, str] = {"alert": "▲", "watch": "◆", "good": "●", "info": "○"}
FINDING_MIME = "application/vnd.fanops.finding+json"


def known(value: Any) -> Any:
    """Return *value* with numbers that are not known (NaN, infinite) as None, so that it can be written as JSON."""
    if isinstance(value, dict):
        return {key: known(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [known(item) for item in value]
    if isinstance(value, Real) and not isinstance(value, Integral | bool):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else value


@dataclass(frozen=True)
class Finding:
    """One answer: `title` is the answer in a line, `text` the reading, `method` how it was counted.

    `estimate`, `ci_lower` and `ci_upper` are in `unit`; None where the finding has no single number.
    """

    id: str
    title: str
    text: str
    severity: Severity = "info"
    estimate: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    unit: str = ""
    n: int | None = None
    method: str = ""
    status: Literal["ok", "no_data"] = "ok"

    @classmethod
    def nothing(cls, name: str, why: str) -> Finding:
        """Return the finding that there is nothing to say, and *why*."""
        return cls(name, f"No data: {why}", "Nothing is concluded here. Missing is not zero.", status="no_data")

    def _repr_html_(self) -> str:
        mark = f'<span class="mark">{ICON[self.severity]} {self.severity}</span>'
        method = f'<p class="method">{escape(self.method)}</p>' if self.method else ""
        return (
            f'<section class="finding {self.severity}"><p class="answer">{mark} {escape(self.title)}</p>'
            f"<p>{escape(self.text)}</p>{method}</section>"
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {
            "text/html": self._repr_html_(),
            "text/plain": f"{self.title}\n{self.text}",
            FINDING_MIME: known(asdict(self)),
        }
