"""Plays: what to do about a finding: action, metric to move, size, owner, review date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from markupsafe import Markup, escape

from fanops_utils.text import Day, Sayable, markup, say, showing, term, valued
from fanops_utils.text.sentences.forms import NONE
from fanops_utils.text.sentences.sayable import pack
from fanops_utils.workspace.registers.decision import Band, Baseline, DecisionKind

HEADINGS = (
    term("What to do", "heading of plays"), term("Metric to move", "heading of plays"), term("Expected size", "heading of plays"),
    term("Owner", "heading of plays"), term("Review on", "heading of plays"),
)  # fmt: skip
ROLES = {
    "market lead": term("market lead", "role"),
    "community lead": term("community lead", "role"),
    "community manager": term("community manager", "role"),
    "commerce lead": term("commerce lead", "role"),
    "campaign lead": term("campaign lead", "role"),
    "partner lead": term("partner lead", "role"),
    "growth lead": term("growth lead", "role"),
    "content lead": term("content lead", "role"),
    "research lead": term("research lead", "role"),
    "experiment owner": term("experiment owner", "role"),
    "experimentation lead": term("experimentation lead", "role"),
    "methods lead": term("methods lead", "role"),
    "analyst": term("analyst", "role"),
    "owner of the workspace": term("owner of the workspace", "role"),
}
ABOUT = ("experiment", "campaign", "market")  # the parameters that say what a report is about
EVERYWHERE = "all"
REVIEW = "review"  # how the code of a play begins that asks for the review of a decision


def role(name: str) -> Sayable:
    """Return who owns something: a role in the reader's language, anything else as written."""
    return ROLES.get(name) or valued(name)


def play_id(report: str, about: Mapping[str, object], because: str, code: str = "") -> str:
    """Return the id of a play, the same in every run: report, what it is about, the finding it answers.

    *report* is the notebook, *about* its parameters (or its market), *code* tells plays on one finding apart.

    >>> play_id("research/market_analysis", {"market": "BR", "start": None}, "tone")
    'market_analysis.BR.tone'
    """
    subject = next((str(about[name]) for name in ABOUT if about.get(name)), EVERYWHERE)
    parts = (report.rsplit("/", 1)[-1], subject, because, code)
    return ".".join(re.sub(r"[^\w-]+", "-", part) for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class Play:
    """One action a person can take up; `because` names the finding's id it answers.

    `review` is None where the report has no day to count from. `code` tells plays on the same finding apart, also over
    runs: one that is always alone needs none. `metric_id` names the metric in the catalogue, `baseline` is where it
    stands, `band` how far it is expected to move, `cost` what that takes, in the workspace's currency; None: not known.
    `kind` is what taking it up would be recorded as, `note` what was seen before it was said: where the metric stands, what
    the ledger and the calendar know. `reason` is told instead of the finding's title where that title is no reason. `until` is
    the day to which it reads the same where that is not its `review`: one agreed in the ledger may be past.
    """

    action: Sayable
    metric: Sayable
    expected: Sayable
    owner: str
    review: date | None
    because: str
    code: str = ""
    kind: DecisionKind = "change"
    metric_id: str | None = None
    baseline: Baseline | None = None
    band: Band | None = None
    cost: float | None = None
    note: Sayable | None = None
    reason: Sayable | None = None
    until: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the play as JSON-ready values."""
        said = {"action": self.action, "metric": self.metric, "expected": self.expected, "owner": role(self.owner),
                "note": self.note, "reason": self.reason}  # fmt: skip
        numbers = {
            name: kept.model_dump() if kept else None
            for name, kept in (("baseline", self.baseline), ("band", self.band))
        }
        return {
            **showing.coded(said),
            "review": self.review.isoformat() if self.review else None,
            "because": self.because,
            "code": self.code,
            "kind": self.kind,
            "metric_id": self.metric_id,
            **numbers,
            **pack({"cost": self.cost}),
        }


@dataclass(frozen=True)
class PlayList:
    """The plays of a report, shown as one table."""

    kind: ClassVar[str] = "plays"

    plays: tuple[Play, ...]

    def html(self, language: str) -> Markup:
        """Return the plays as HTML."""
        if not self.plays:
            return showing.paragraph(say("Nothing to do now: no finding asks for an action."), language)
        return showing.rows(HEADINGS, [_cells(play, language) for play in self.plays], language)

    def to_json(self) -> dict[str, Any]:
        """Return the plays as JSON-ready values."""
        return {"plays": [play.to_json() for play in self.plays]}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return showing.bundle(self, plain=f"{len(self.plays)} plays")


def _cells(play: Play, language: str) -> list[Markup]:
    said = (play.action, play.metric, play.expected, role(play.owner))
    review = markup(Day.of(play.review, form="iso"), language) if play.review else NONE
    action, *others = (escape(markup(cell, language)) for cell in said)
    action += showing.paragraph(play.note, language, kind="small")
    return [action, *others, escape(review)]
