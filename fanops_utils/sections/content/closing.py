"""What to repeat, what to post less of, what to test: the plays, the verdict and the figures of a content report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from fanops_utils.metrics import Change
from fanops_utils.models import Ranking
from fanops_utils.models.content.library import NO_SERIES
from fanops_utils.playbook import Check, KeyNumbers, Play, Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.sections import words
from fanops_utils.sections.content import names
from fanops_utils.sections.data_checks import check
from fanops_utils.sections.expecting import hour_test
from fanops_utils.sections.key_numbers import measured, moved
from fanops_utils.text import Count, Listed, Sayable, Sentences, Signed, Unit, say, say_n, term
from fanops_utils.workspace.registers.decision import Band

REVIEW_AFTER = timedelta(days=28)
ORDER = ("content_type", "hours", "post_type", "series", "topic", "earned", "fades", "live")


def boosted(posts: pd.DataFrame) -> Check:
    """Return whether boosted posts can be told from organic ones: they are left out of every comparison."""
    name = term("Boosted posts", "check")
    known = posts["is_paid"].notna()
    if not known.any():
        finding = say("no export says which posts were boosted")
        return check(
            "boosted", "REVIEW", finding, say("Map is_paid, or keep boosted posts out of the folder"), name=name
        )
    paid = int((posts["is_paid"] == True).sum())  # noqa: E712 - a nullable flag
    return check(
        "boosted", "PASS", say_n("{n} boosted post is left out", "{n} boosted posts are left out", n=paid), name=name
    )


def plays(answers: Iterable[Section], rankings: Iterable[Ranking], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to repeat, post less of and test, to be reviewed 28 days after *on*."""
    codes = {answer.finding.id: answer.finding for answer in answers}
    taken: dict[str, Any] = {"owner": owner, "review": on + REVIEW_AFTER if on else None}
    ranked = {ranking.cell: ranking for ranking in rankings}
    asked = [*_repeat(ranked, taken), *_less(ranked, taken)]
    hours = codes.get("hours")
    if hours is not None and hours.code == "claimed":
        asked.append(hour_test(hours, **taken))
    kind = codes.get("content_type")
    if kind is not None and kind.code == "open":
        asked.append(
            Play(
                because="content_type",
                kind="test",
                metric_id="engagement_rate_reach",
                code="test",
                action=say("Test two content types by lot: same format, hour and topic, drawn for each slot"),
                metric=say("Interactions per post"),
                expected=say("a difference of 20% or more would show"),
                **taken,
            )
        )
    if codes.get("calendar") is not None and codes["calendar"].severity == "watch":
        asked.append(
            Play(
                because="calendar",
                action=say("Let nothing go out without a sign-off: name a stand-in for the reviewer"),
                metric=say("Posts signed off"),
                expected=say("all of them"),
                **taken,
            )
        )
    if codes.get("makers") is not None and codes["makers"].code == "below":
        asked.append(
            Play(
                because="makers",
                note=say("Now: {standing}.", standing=codes["makers"].about) if codes["makers"].about else None,
                action=say("Run one challenge a month and publish the best posts of users, with their consent"),
                metric=say("Share of posts made by users"),
                expected=say("into the band of the stage"),
                **taken,
            )
        )
    return tuple(asked)


def _repeat(ranked: Mapping[str, Ranking], taken: dict[str, Any]) -> list[Play]:
    told = []
    for sort in ("content_type", "series"):
        ranking = ranked.get(sort)
        if ranking is None or ranking.code != "best":
            continue
        best = ranking.table.iloc[0]
        if str(best[sort]) == NO_SERIES:
            continue
        told.append(
            Play(
                because=sort,
                code="repeat",
                metric_id="engagement_rate_reach",
                action=say(
                    "Repeat: one more post a week of {best}, in place of {weakest}",
                    best=names.value(sort, str(best[sort])),
                    weakest=_instead(ranking, sort),
                ),
                metric=say("Interactions per post"),
                expected=say("{gain} for each such post at equal reach", gain=Signed(best["estimate"], 0)),
                band=Band(low=max(float(best["ci_lower"]), 0.0), high=float(best["ci_upper"])),
                **taken,
            )
        )
    return told


def _instead(ranking: Ranking, sort: str) -> Sayable:
    """Return what to post less of: the weakest of those clearly below average, else any other."""
    weak = ranking.table[ranking.table["mark"] == "below"]
    if weak.empty:
        return term("another post", "what to post less of")
    name = str(weak.iloc[-1][sort])
    if name == NO_SERIES:
        return term("one outside any series", "what to post less of")
    return term("one of {kind}", "what to post less of", kind=names.value(sort, name))


def _less(ranked: Mapping[str, Ranking], taken: dict[str, Any]) -> list[Play]:
    ranking = ranked.get("content_type")
    if ranking is None:
        return []
    weak = ranking.table[ranking.table["mark"] == "below"]
    if weak.empty:
        return []
    listed = Listed.of(names.value("content_type", str(name)) for name in weak["content_type"])
    action = say(
        "Post less of {names}, or find out whether it sells what it does not earn in interactions", names=listed
    )
    return [
        Play(
            because="content_type",
            code="less",
            metric_id="engagement_rate_reach",
            action=action,
            metric=say("Interactions per post"),
            expected=say("the freed slots earn the average"),
            **taken,
        )
    ]


def verdict(answers: Iterable[Section], *, market: str) -> tuple[Sayable, Severity]:
    """Return the title and a few sentences: the content types first, then what is shown most clearly."""
    told = {answer.finding.id: answer.finding for answer in answers if answer.finding.ok}
    if not told:
        return say("There is no post for {market} in this period.", market=market), "info"
    known = sorted((told[name] for name in ORDER if name in told), key=lambda one: one.severity != "good")
    chosen = (known or list(told.values()))[:3]
    severity = min((one.severity for one in told.values()), key=lambda level: RANK[level])
    title = say("{sentence}.", sentence=chosen[0].title)
    return Sentences.of(title, chosen[0].text, *(one.verdict for one in chosen[1:])), severity


def key_numbers(
    changes: Mapping[str, Change], *, earned: Section, kinds: Section, hours: Section, fades: Section, calendar: Section
) -> KeyNumbers:
    """Return the strip: interactions, what posts earn, leads of type and hour, half-life, calendar."""
    return KeyNumbers.of(
        measured(earned, term("Interactions per person reached, whole period", "key number"), metric=_rate_of(earned)),
        moved("engagements", term("Interactions in 28 days", "key number"), changes, Count, metric="engagements"),
        measured(kinds, term("Lead of the best content type", "key number")),
        measured(hours, term("Gain at the best hours", "key number")),
        measured(fades, term("Half-life of a post, hours", "key number")),
        measured(calendar, term("Published on the day planned", "key number")),
    )


def _rate_of(earned: Section) -> str | None:
    """Return the metric that what posts earn is: by reach, where the platform tells it."""
    by_reach = Unit("share", words.rate("reach"))
    return "engagement_rate_reach" if earned.finding.unit == by_reach else None
