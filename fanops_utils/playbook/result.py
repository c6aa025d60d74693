"""The result of a notebook: one object, shown as HTML and carried as JSON to index, digest and history."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from html import escape
from typing import Any, Literal

from fanops_utils.playbook.checks import TrustPanel
from fanops_utils.playbook.findings import RANK, Finding, Severity, known
from fanops_utils.playbook.plays import Play

RESULT_MIME = "application/vnd.fanops.result+json"
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Result:
    """What a report concludes; `verdict` is one sentence with its number and interval.

    `status` is "no_data" where there was nothing to analyse. `facts` are the small facts of the header
    (market, period, data as of), in the order shown; `metrics` are the named numbers kept in the history.
    """

    verdict: str
    severity: Severity = "info"
    status: Literal["ok", "no_data"] = "ok"
    facts: dict[str, str] | None = None
    trust: TrustPanel | None = None
    findings: tuple[Finding, ...] = ()
    plays: tuple[Play, ...] = ()
    market: str | None = None
    data_as_of: date | None = None
    metrics: dict[str, float | None] | None = None

    @classmethod
    def conclude(
        cls, verdict: tuple[str, Severity], *, findings: tuple[Finding, ...], plays: tuple[Play, ...], trust: TrustPanel,
        facts: dict[str, str], market: str | None = None, as_of: date | None = None, has_data: bool = True,
    ) -> Result:  # fmt: skip
        """Return the result of a notebook; its status is "no_data" where no finding has data, or *has_data* is false."""
        return cls(
            verdict=verdict[0],
            severity=verdict[1],
            status="ok" if has_data and any(one.status == "ok" for one in findings) else "no_data",
            facts={name: value for name, value in facts.items() if value},
            trust=trust,
            findings=findings,
            plays=plays,
            market=market,
            data_as_of=as_of,
            metrics={one.id: one.estimate for one in findings if one.estimate is not None},
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values: the contract that index, digest and history read."""
        said = {
            "schema_version": SCHEMA_VERSION,
            "status": self.status,
            "verdict": self.verdict,
            "severity": self.severity,
            "market": self.market,
            "data_as_of": self.data_as_of.isoformat() if self.data_as_of else None,
            "facts": self.facts or {},
            "trust": self.trust.status if self.trust else "PASS",
            "checks": [asdict(check) for check in self.trust.checks] if self.trust else [],
            "findings": [asdict(f) for f in sorted(self.findings, key=lambda finding: RANK[finding.severity])],
            "plays": [play.to_dict() for play in self.plays],
            "metrics": self.metrics or {},
        }
        return known(said)

    def _repr_html_(self) -> str:
        return f'<section class="verdict {self.severity}"><p>{escape(self.verdict)}</p></section>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self._repr_html_(), "text/plain": self.verdict, RESULT_MIME: self.to_dict()}
