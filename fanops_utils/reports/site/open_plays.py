"""The plays of the newest runs of a workspace, by their ids: what a decision can be taken on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from fanops_utils.errors import ParameterError
from fanops_utils.reports.page.chrome import sayable, spoken
from fanops_utils.reports.reuse.archive import newest_entries
from fanops_utils.reports.site.entries import entries
from fanops_utils.text import Day, say
from fanops_utils.text.sentences.message import Worded
from fanops_utils.workspace.registers.decision import Decision, DecisionKind

Play = dict[str, Any]


def open_plays(reports: Path) -> dict[str, Play]:
    """Return the plays in the newest run of each plan under *reports* (the folder of one workspace), by their ids.

    Each is as its report holds it, with id, market, title (of its report) and subject added; of two with the same id
    the later read counts.
    """
    found: dict[str, Play] = {}
    for job in entries({"jobs": newest_entries(reports)}):
        for play in job["plays"]:
            found[play["id"]] = {**play, "market": job["market"], "title": job["title"], "subject": job["subject"]}
    return found


def look_up(plays: Mapping[str, Play], name: str) -> Play:
    """Return the play called *name*; raise ParameterError naming the nearest one."""
    if name not in plays:
        raise ParameterError("no such play in the newest runs", value=name, choices=plays)
    return plays[name]


def decision_on(
    play: Play, *, on: date, languages: Iterable[str], owner: str | None = None, review: date | None = None,
    kind: DecisionKind | None = None, note: str | None = None, tested_by: str | None = None,
) -> Decision:  # fmt: skip
    """Return the decision to take up *play* on the day *on*: as the play says, but for what is given.

    Raises ParameterError for a *review* before that day.
    """
    told = list(languages)
    said = date.fromisoformat(play["review"]) if play.get("review") else None
    later = review or (said if said and said >= on else None)  # the play's own day may be over
    if later and later < on:
        days = {"review": Day.of(later, form="iso"), "day": Day.of(on, form="iso")}
        raise ParameterError(say("the review on {review} lies before the decision on {day}", **days))
    return Decision.model_validate({
        "kind": kind or play.get("kind") or "change", "action": worded(play["action"], told), "date": on,
        "owner": owner or worded(play.get("owner") or "", told), "review": later,
        "play": play["id"], "metric": play.get("metric_id") or worded(play.get("metric") or "", told) or None,
        "markets": [play["market"]] if play.get("market") else [], "baseline": play.get("baseline"), "band": play.get("band"),
        "expected": worded(play.get("expected") or "", told) or None, "cost": play.get("cost"), "note": note,
        "tested_by": tested_by,
    })  # fmt: skip


def worded(told: Any, languages: Iterable[str]) -> str:
    """Return what JSON holds as a text of a register: one text, or one per language where they differ."""
    texts = {language: spoken(sayable(told), language) for language in languages}
    several = len(set(texts.values())) > 1
    return Worded(texts) if several else next(iter(texts.values()), "")
