"""What to do about the answers of a market analysis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from fanops_utils.playbook import Check, Finding, Play, Section
from fanops_utils.sections.expecting import hour_test
from fanops_utils.text import Sayable, Sentences, say, term

REVIEW_AFTER = timedelta(days=28)
LAUNCH = "detectable"  # the answer of a campaign's plan; its play names a metric where it is to start
# Answers whose plays publish anew: those of a market and its content, what rivals do well, slots of a calendar, a campaign.
NEW = frozenset({"hours", "formats", "demand", "content_type", "series", "makers", "best_posts", "slots", LAUNCH})
LESS = "less"  # the code of a play that only takes away


def plays(answers: Iterable[Section], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to do about *answers*, to be reviewed 28 days after *on*.

    Criticism of weeks long past asks for nothing any more: nobody waits for an answer to it.
    """
    found = {answer.finding.id: answer.finding for answer in answers}
    codes = {name: finding.code for name, finding in found.items()}
    taken: dict[str, Any] = {"owner": owner, "review": on + REVIEW_AFTER if on else None}
    asked = [_register_the_duties(taken)] if codes.get("law") == "missing" else []
    if codes.get("tone") in ("jumped", "appeared") and found["tone"].severity == "alert":
        asked.append(_read_the_criticism(found["tone"], taken))
    if codes.get("growth") in ("shrinks", "unclear"):
        asked.append(_find_what_draws(taken))
    if codes.get("hours") == "claimed":
        asked.append(hour_test(found["hours"], **taken))
    if codes.get("formats") == "clear":
        asked.append(_move_one_post(found["formats"], taken))
    if codes.get("demand") == "gap":
        asked.append(_try_the_topic(found["demand"], taken))
    if codes.get("platforms") == "silent":
        asked.append(_post_or_close(taken))
    return _waiting(asked, found["law"].title) if codes.get("law") == "missing" else tuple(asked)


def cleared(plays: Iterable[Play], law: Check) -> tuple[Play, ...]:
    """Return *plays* of any report on a market; where its *law* fails (`registered`), what publishes anew says that it waits."""
    if law.status != "FAIL":
        return tuple(plays)
    return _waiting(plays, say("Not cleared for new activity: {why}", why=law.finding))


def _waiting(plays: Iterable[Play], why: Sayable) -> tuple[Play, ...]:
    """Return *plays*, those that publish something new marked: nobody begins them before the market is cleared."""
    return tuple(_waits(play, why) if _publishes(play) else play for play in plays)


def _publishes(play: Play) -> bool:
    starts = play.because != LAUNCH or play.metric_id is not None
    return play.because in NEW and play.code != LESS and starts


def strictest(laws: Iterable[Check]) -> Check:
    """Return of the *laws* of several markets (`registered`) the first that fails, else the first: one of them holds back all."""
    checks = list(laws)
    return next((one for one in checks if one.status == "FAIL"), checks[0])


def _waits(play: Play, why: Sayable) -> Play:
    action = say("Only once the market is cleared: {action}", action=play.action)
    return replace(play, action=action, note=Sentences.of(say("{sentence}.", sentence=why), play.note))


def _try_the_topic(demand: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="demand",
        kind="test",
        metric_id="engagement_rate_reach",
        action=say(
            "Post twice as much on “{topic}” for eight weeks, drawn by lot among the planned posts",
            topic=demand.about or term("the topic asked for", "what to post"),
        ),
        metric=say("Interactions per reach"),
        expected=say("stays above the average topic at the doubled number"),
        **taken,
    )


def _post_or_close(taken: dict[str, Any]) -> Play:
    return Play(
        because="platforms",
        action=say(
            "Decide for each silent account: an owner and two posts a week, or close it; import what is missing"
        ),
        metric=say("Accounts that are active"),
        expected=say("all that stay open"),
        **taken,
    )


def _register_the_duties(taken: dict[str, Any]) -> Play:
    return Play(
        because="law",
        action=say("Have counsel of the market name the missing duties and enter them with source and date"),
        metric=say("Duties registered"),
        expected=say("a row for each duty needed"),
        **taken,
    )


def _read_the_criticism(tone: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="tone",
        action=say(
            "Read the negative mentions of the week of {week}; write down cause, answer and time to the first answer",
            week=tone.about or term("the alarm", "which week"),
        ),
        metric=say("Negative mentions per week"),
        metric_id="negative_mentions",
        expected=say("back inside the usual range"),
        **taken,
    )


def _find_what_draws(taken: dict[str, Any]) -> Play:
    return Play(
        because="growth",
        action=say("Find what new followers came for: list the ten posts with most follows"),
        metric=say("Net followers per 28 days"),
        metric_id="followers_net",
        expected=say("clearly above zero"),
        **taken,
    )


def _move_one_post(formats: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="formats",
        metric_id="engagement_rate_reach",
        action=say(
            "Move one weekly post to {format} and keep the rest as comparison",
            format=formats.about or term("the leading format", "what to post"),
        ),
        metric=say("Interactions per reach"),
        expected=say("not known before it is compared at equal topic"),
        **taken,
    )
