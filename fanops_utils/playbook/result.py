"""The result of a notebook: one object, shown as HTML and carried as JSON to index, digest and history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal, TypeAlias

from markupsafe import Markup

from fanops_utils.playbook.checks import TrustPanel
from fanops_utils.playbook.facts import Facts
from fanops_utils.playbook.findings import ICON, RANK, WORD, Finding, Severity
from fanops_utils.playbook.handouts import Handout
from fanops_utils.playbook.key_numbers import KeyNumbers
from fanops_utils.playbook.lost import Lost
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.sections import Section
from fanops_utils.playbook.tasks import to_do
from fanops_utils.text import Sayable, Sentences, markup, showing
from fanops_utils.text.sentences.sayable import pack

SCHEMA_VERSION = 3
NONE = KeyNumbers()
Answer: TypeAlias = Section | Finding | Lost


@dataclass(frozen=True)
class Result:
    """What a report concludes, the same for every language.

    `verdict` is said as Sentences: the first is the report's title, short and with its number; two or three more say
    against what, how sure, at what cost. `key_numbers` are the figures under it; `chart` and `targets` are the ids of the
    findings whose chart and table stand beside them.

    `status` is "no_data" where there was nothing to analyse. `facts` are the small facts of the header, in the order
    shown; `metrics` are the named numbers kept in the history. `holds_until` is the last day on which the report would
    come out the same on the same data (fresh data go stale, an open window closes, a play is to be reviewed); None: for
    as long as the data stay.
    `looks` are the interim looks at experiments that the run is to record, `handouts` the files it is to write beside the
    page.
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
    key_numbers: KeyNumbers = NONE
    chart: str | None = None
    targets: str | None = None
    handouts: tuple[Handout, ...] = ()

    @classmethod
    def conclude(
        cls, verdict: tuple[Sayable, Severity], *, answers: Iterable[Answer], plays: tuple[Play, ...] | Lost,
        trust: TrustPanel, facts: Facts, market: str | None = None, as_of: date | None = None, has_data: bool = True,
        holds_until: date | None = None, looks: tuple[dict[str, Any], ...] = (),
        key_numbers: KeyNumbers | Section | Lost | None = None, chart: Answer | None = None, targets: Answer | None = None,
    ) -> Result:  # fmt: skip
        """Return the result of a notebook; its status is "no_data" where no finding has data, or *has_data* is false.

        *chart* is the answer whose chart carries the verdict, *targets* the one whose table says what was reached: the
        page shows them beside the *key_numbers*. What could not be computed is among the findings, and says so. The files
        the answers hand over go with the result, and the *plays* as tasks.
        """
        told = tuple(answers)
        lost = [one for one in (plays, key_numbers) if isinstance(one, Lost | Section)]
        findings = tuple(found for answer in (*told, *lost) for found in _findings(answer))
        plays = () if isinstance(plays, Lost) else plays
        key_numbers = NONE if isinstance(key_numbers, Lost | Section) else key_numbers
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
            holds_until=min(
                (day for day in (holds_until, *(play.until or play.review for play in plays)) if day), default=None
            ),
            looks=looks,
            key_numbers=key_numbers or NONE,
            chart=_id_of(chart),
            targets=_id_of(targets),
            handouts=(
                *(one for answer in told if isinstance(answer, Section) for one in answer.handouts),
                *([listed] if (listed := to_do(plays, reasons={one.id: one.title for one in findings})) else []),
            ),
        )

    @property
    def headline(self) -> Sayable:
        """The first sentence of the verdict: the title of the report."""
        return self.verdict.parts[0] if isinstance(self.verdict, Sentences) and self.verdict.parts else self.verdict

    @property
    def reading(self) -> Sayable | None:
        """What the verdict says after its first sentence; None where that is all."""
        rest = self.verdict.parts[1:] if isinstance(self.verdict, Sentences) else ()
        return Sentences(rest) if rest else None

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON-ready values: the contract that index, digest and history read."""
        return {
            "schema_version": SCHEMA_VERSION,
            "status": self.status,
            "verdict": self.verdict.to_json(),
            **showing.coded({"headline": self.headline, "reading": self.reading}),
            **self.key_numbers.to_json(),
            "chart": self.chart,
            "targets": self.targets,
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
            "handouts": [one.to_json() for one in self.handouts],
        }

    def html(self, language: str) -> Markup:
        """Return the verdict as HTML."""
        sign = showing.mark(self.severity, ICON[self.severity], WORD[self.severity], language)
        title = Markup('<p class="verdict">{} {}</p>').format(sign, markup(self.headline, language))
        return title + showing.paragraph(self.reading, language)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return showing.bundle(self, plain=self.verdict)


def _id_of(answer: Answer | None) -> str | None:
    return None if answer is None else next((finding.id for finding in _findings(answer)), None)


def _findings(answer: Answer) -> tuple[Finding, ...]:
    if isinstance(answer, Finding | Lost):
        return (answer,) if isinstance(answer, Finding) else (answer.finding,)
    return answer.findings
