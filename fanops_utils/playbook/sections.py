"""Sections: one question of a report answered, in reading order: finding, chart, table, and the plays it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from fanops_utils.playbook.findings import Finding
from fanops_utils.playbook.handouts import Handout
from fanops_utils.playbook.plays import Play
from fanops_utils.text import Sayable, showing
from fanops_utils.text.showing import Part


@dataclass(frozen=True)
class Section:
    """What one question of a report shows and says; `parts` are findings, charts and tables in reading order.

    `handouts` are the files it hands over beside the page.
    """

    kind: ClassVar[str] = "section"

    parts: tuple[Part, ...]
    plays: tuple[Play, ...] = ()
    handouts: tuple[Handout, ...] = ()

    @classmethod
    def of(
        cls, *parts: Part | None, plays: tuple[Play, ...] = (), handouts: tuple[Handout | None, ...] = ()
    ) -> Section:
        """Return the section of *parts*; None and what has nothing to show (a chart without data) are left out."""
        shown = tuple(part for part in parts if part is not None and not getattr(part, "empty", False))
        return cls(shown, plays, tuple(one for one in handouts if one is not None))

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(part for part in self.parts if isinstance(part, Finding))

    @property
    def finding(self) -> Finding:
        """The first finding: the section's answer. Raises LookupError in a section that only shows."""
        if not self.findings:
            raise LookupError("this section holds no finding")
        return self.findings[0]

    def html(self, language: str) -> Markup:
        """Return the section as HTML."""
        return Markup("").join(part.html(language) for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """Return the section as JSON-ready values."""
        return {"parts": [{"kind": part.kind, "value": part.to_json()} for part in self.parts]}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        said: Sayable | str = self.findings[0].title if self.findings else ""
        return showing.bundle(self, plain=said)
