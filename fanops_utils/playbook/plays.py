"""Plays: what to do about a finding: action, metric to move, size, owner, review date."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from html import escape
from typing import Any

HEADINGS = ("What to do", "Metric to move", "Expected size", "Owner", "Review on", "Because")


@dataclass(frozen=True)
class Play:
    """One action a person can take up; `because` names the finding's id it answers."""

    action: str
    metric: str
    expected: str
    owner: str
    review: date
    because: str

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "review": self.review.isoformat()}


@dataclass(frozen=True)
class PlayList:
    """The plays of a report, shown as one table."""

    plays: tuple[Play, ...]

    def _repr_html_(self) -> str:
        if not self.plays:
            return '<p class="plays-none">Nothing to do now: no finding asks for an action.</p>'
        head = "".join(f'<th scope="col">{title}</th>' for title in HEADINGS)
        rows = "".join(_row(play) for play in self.plays)
        return (
            f'<div class="table"><table class="plays"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        )


def _row(play: Play) -> str:
    cells = (play.action, play.metric, play.expected, play.owner, play.review.isoformat(), play.because)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
