"""The result of a notebook: one object, shown as HTML and carried as JSON to index, digest and history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from markupsafe import Markup

from fanops_utils.playbook.checks import TrustPanel
from fanops_utils.playbook.facts import Facts
from fanops_utils.playbook.findings import ICON, RANK, WORD, Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.sections import Section
from fanops_utils.text import Sayable, markup, showing
from fanops_utils.text.sayable import pack

SCHEMA_VERSION = 2


@dataclass(frozen=True)
class Result:
    """What a report concludes, the same for every language; `verdict` is a sentence or two with its number and interval.

    `status` is "no_data" where there was nothing to analyse. `facts` are the small facts of the header, in the order
    shown; `metrics` are the named numbers kept in the history. `holds_until` is the last day on which the report would
    come out the same on the same data (fresh data go stale, an open window closes, a play is to be reviewed); None: for
    as long as the data stay.
    `looks` are the interim looks at experiments that the run is to record.
    """

    kind: ClassVar[str] = "result"

    verdict: Sayable
    severity: Severity = "info"
    status: Literal["ok", "no_data"] = "ok"
    facts: Facts = ()
    trust: TrustPanel | None = None
    findings: tuple[Finding, ...] = ()
    plays: tuple[Play, ...] = ()
    market: str | None = None
    data_as_of: date | None = None
    metrics: dict[str, float | None] | None = None
    holds_until: date | None = None
    looks: tuple[dict[str, Any], ...] = ()

    @classmethod
    def conclude(
        cls, verdict: tuple[Sayable, Severity], *, answers: Iterable[Section | Finding], plays: tuple[Play, ...],
        trust: TrustPanel, facts: Facts, market: str | None = None, as_of: date | None = None, has_data: bool = True,
        holds_until: date | None = None, looks: tuple[dict[str, Any], ...] = (),
    ) -> Result:  # fmt: skip
        """Return the result of a notebook; its status is "no_data" where no finding has data, or *has_data* is false."""
        findings = tuple(found for answer in answers for found in _findings(answer))
        return cls(
            verdict=verdict[0],
            severity=verdict[1],
            status="ok" if has_data and any(finding.ok for finding in findings) else "no_data",
            facts=facts,
            trust=trust,
            findings=findings,
            plays=plays,
            market=market,
            data_as_of=as_of,
            metrics={finding.id: finding.estimate for finding in findings if finding.estimate is not None},
            holds_until=min((day for day in (holds_until, *(play.review for play in plays)) if day), default=None),
            looks=looks,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON-ready values: the contract that index, digest and history read."""
        return {
            "schema_version": SCHEMA_VERSION,
            "status": self.status,
            "verdict": self.verdict.to_json(),
            "severity": self.severity,
            "market": self.market,
            "data_as_of": self.data_as_of.isoformat() if self.data_as_of else None,
            "holds_until": self.holds_until.isoformat() if self.holds_until else None,
            "facts": [[label.to_json(), value.to_json()] for label, value in self.facts],
            "trust": self.trust.status if self.trust else "PASS",
            "checks": self.trust.to_json()["checks"] if self.trust else [],
            "findings": [f.to_json() for f in sorted(self.findings, key=lambda finding: RANK[finding.severity])],
            "plays": [play.to_json() for play in self.plays],
            "metrics": pack(self.metrics or {}),
            "looks": pack(list(self.looks)),
        }

    def html(self, language: str) -> Markup:
        """Return the verdict as HTML."""
        sign = showing.mark(self.severity, ICON[self.severity], WORD[self.severity], language)
        return Markup('<p class="answer">{} {}</p>').format(sign, markup(self.verdict, language))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return showing.bundle(self, plain=self.verdict)


def _findings(answer: Section | Finding) -> tuple[Finding, ...]:
    return (answer,) if isinstance(answer, Finding) else answer.findings
