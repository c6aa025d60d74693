"""Findings: what the report says, each a sentence with its numbers, an interval and a severity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from markupsafe import Markup

from fanops_utils.text import Message, People, Sayable, Unit, is_few, markup, say, showing, term
from fanops_utils.text.sentences.sayable import pack
from fanops_utils.workspace.registers.decision import Baseline

Severity = Literal["alert", "watch", "good", "info"]
Weight = Literal["chapter", "row"]
RANK: dict[Severity, int] = {"alert": 0, "watch": 1, "good": 2, "info": 3}
ICON: dict[Severity, str] = {"alert": "▲", "watch": "◆", "good": "●", "info": "○"}
WORD: dict[Severity, Message] = {
    "alert": term("alert", "severity"),
    "watch": term("watch", "severity"),
    "good": term("good", "severity"),
    "info": term("info", "severity"),
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One answer: `title` is the answer in a line, `text` the reading, `method` how it was counted.

    `verdict` is the answer as whole sentences, with its interval, for the verdict of a report; None: it gives none.
    `label` names what is measured, for tables over several reports.
    `estimate`, `ci_lower` and `ci_upper` are in `unit`; None where the finding has no single number. `code` says for
    other code which of its answers the finding gives (verdicts and plays read it, never the sentence). `weight` says
    how much room a page gives it: a chapter of its own or a row of a table; by default what is mere information is a row.
    `about` is what the answer speaks of (a coupon, an hour), so that a play can name it. `n` is given as People where it
    counts some: of fewer than ten neither their number nor the finding's is kept.
    """

    kind: ClassVar[str] = "finding"

    id: str
    title: Sayable
    text: Sayable
    severity: Severity = "info"
    estimate: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    unit: Unit | None = None
    n: int | People | None = None
    method: Sayable | None = None
    verdict: Sayable | None = None
    label: Sayable | None = None
    code: str = ""
    status: Literal["ok", "no_data", "failed"] = "ok"
    weight: Weight | None = None
    about: Sayable | None = None

    def __post_init__(self) -> None:
        """Keep no number of few people, whoever asks for it later."""
        if isinstance(self.n, People):
            few = is_few(self.n.value)
            object.__setattr__(self, "n", None if few else int(self.n.value))
            for name in ("estimate", "ci_lower", "ci_upper") if few else ():
                object.__setattr__(self, name, None)

    @classmethod
    def nothing(cls, name: str, why: Sayable) -> Finding:
        """Return the finding that there is nothing to say, and *why*: a phrase that goes on after "No data:"."""
        text = say("Nothing is concluded here. Missing is not zero.")
        return cls(id=name, title=say("No data: {why}", why=why), text=text, status="no_data", code="no_data")

    @classmethod
    def failed(cls, name: str, why: Sayable) -> Finding:
        """Return the finding that an answer could not be computed, and *why*: an error, or its kind and place."""
        text = say("The other answers of this report stand.")
        title = say("Could not be computed: {why}", why=why)
        return cls(id=name, title=title, text=text, status="failed", code="failed")

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    @property
    def baseline(self) -> Baseline | None:
        """Where the finding's number stands now, for the play that is to move it; None where it has no single number."""
        if self.estimate is None:
            return None
        return Baseline(value=self.estimate, low=self.ci_lower, high=self.ci_upper)

    def html(self, language: str) -> Markup:
        """Return the finding as HTML."""
        sign = showing.mark(self.severity, ICON[self.severity], WORD[self.severity], language)
        answer = Markup('<p class="answer">{} {}</p>').format(sign, markup(self.title, language))
        return answer + showing.paragraph(self.text, language) + showing.paragraph(self.method, language, kind="small")

    def to_json(self) -> dict[str, Any]:
        """Return the finding as JSON-ready values, the same for every language; a number not known is None."""
        numbers = {"estimate": self.estimate, "ci_lower": self.ci_lower, "ci_upper": self.ci_upper, "n": self.n}
        said = {"title": self.title, "text": self.text, "method": self.method, "unit": self.unit, "label": self.label}
        codes = {"id": self.id, "severity": self.severity, "status": self.status, "code": self.code}
        codes["weight"] = self.weight or ("row" if self.severity == "info" else "chapter")
        return {**codes, **pack(numbers), **showing.coded(said)}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return showing.bundle(self, plain=self.title)


def gravest_first(findings: Iterable[Finding], *, order: Sequence[str]) -> list[Finding]:
    """Return *findings* by severity, those of one severity in *order* (of their ids); what it does not name comes last."""
    place = {name: number for number, name in enumerate(order)}
    return sorted(findings, key=lambda finding: (RANK[finding.severity], place.get(finding.id, len(order))))
