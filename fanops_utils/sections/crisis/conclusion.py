"""The verdict of a crisis watch, its key numbers and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import pandas as pd

from fanops_utils.models import Episode, Replay
from fanops_utils.playbook import Finding, KeyNumber, KeyNumbers, Play, Section, Severity
from fanops_utils.sections.crisis.status import least
from fanops_utils.sections.data_checks import STALE_DAYS
from fanops_utils.text import Count, Day, Message, Number, Percent, Period, Sayable, Sentences, Span, say, term


def verdict(answers: Iterable[Section], *, market: str) -> tuple[Sayable, Severity]:
    """Return the status first, then who is late and what drives it; where an alarm runs, what it is and who does what by when."""
    found = {answer.finding.id: answer.finding for answer in answers}
    status = found["status"]
    if not status.ok:
        return say("There is nothing to watch in {market} yet.", market=market), "info"
    here = found.get("situation")
    if here is not None and here.code == "emergency" and here.verdict is not None:
        title = say("{market}: {sentence}.", market=market, sentence=status.title)
        return Sentences.of(title, here.verdict), status.severity
    others: list[Finding] = []
    if status.code.startswith("crisis"):
        others = [found[name] for name in ("clocks", "driver") if name in found and found[name].ok]
    title = say("{market}: {sentence}.", market=market, sentence=status.title)
    told = [say("{sentence}.", sentence=one.title) for one in others]
    return Sentences.of(title, status.text, *told), status.severity


def key_numbers(
    watched: pd.DataFrame, found: list[Episode], told: Replay, *, on: date | None = None, form: str = "regular"
) -> KeyNumbers:
    """Return the strip: worst level, negatives of the last day, share of the last 7 days, alarms; in an emergency the middle two.

    Where the data end more than 14 days before the day *on*, the labels name the days: they are no longer the last ones.
    """
    if watched.empty or not watched["mentions"].sum():  # nobody is heard of: that is no nought
        return KeyNumbers()
    from fanops_utils.metrics import wilson

    week, last = watched.tail(7), watched.iloc[-1]
    share = wilson(int(week["negatives"].sum()), int(week["labelled"].sum()))
    usual = say("an alarm takes {least}", least=least(last)) if pd.notna(last["upper"]) else None
    level = week["level"].min()
    level_of, negatives_of, share_of = _labels(week, on)
    numbers = (
        KeyNumber(
            id="level",
            label=level_of,
            value=term("none", "level of a warning") if pd.isna(level) else Count(level),
            note=say("1 is worst, 3 least"),
        ),
        KeyNumber(
            id="negatives",
            label=negatives_of,
            metric="negative_mentions",
            value=Count(last["negatives"]),
            note=usual,
            past=tuple(watched["negatives"].tail(28).astype(float)),
        ),
        KeyNumber(
            id="share",
            label=share_of,
            metric="negative_share",
            value=Percent(share.estimate),
            note=Span.of(share.ci_lower, share.ci_upper),
        )
        if share.n
        else None,
        KeyNumber(
            id="alarms",
            label=term("Alarms in the days judged", "key number"),
            value=Count(len(found)),
            note=say("False alarms: {rate} a year", rate=Number(told.per_year, 1)) if told.days else None,
        ),
    )
    return KeyNumbers.of(*(numbers if form == "regular" else numbers[1:3]))


def _labels(week: pd.DataFrame, on: date | None) -> tuple[Message, Message, Message]:
    """Return how level, negatives and share are called: by their days where the data are old."""
    first, last = week["date_day"].min().date(), week["date_day"].max().date()
    if on is not None and (on - last).days > STALE_DAYS:
        period = Period.of(first, last)
        return (
            term("Level, {period}", "key number", period=period),
            term("Negative mentions, {day}", "key number", day=Day.of(last)),
            term("Negative share, {period}", "key number", period=period),
        )
    return (
        term("Level, last 7 days", "key number"),
        term("Negative mentions, last day", "key number"),
        term("Negative share, last 7 days", "key number"),
    )


# What a play answers, what to do, what tells whether it helped, what is expected of it, days to the review.
Asked = tuple[str, Sayable, Sayable, Sayable, int]


def plays(
    answers: Iterable[Section], *, owner: str, on: date | None, last: date | None = None, newest: date | None = None
) -> tuple[Play, ...]:
    """Return what to do: answer the alarm, record the incident, write the lesson, hold the drill, name owners.

    *last* is the day on which the data end: an alarm in data too old to act on asks for newer ones. Where the report was
    asked to stop at *last* and the data go on to *newest*, it asks for a report on that day.
    """
    found = {answer.finding.id: answer.finding for answer in answers}
    codes = {name: finding.code for name, finding in found.items() if finding.ok}
    return tuple(
        Play(
            because=because,
            action=action,
            metric=metric,
            expected=expected,
            owner=owner,
            review=on + timedelta(days=days) if on else None,
            metric_id="negative_mentions" if because == "status" and codes.get("status") != "dated" else None,
        )
        for because, action, metric, expected, days in (
            *_on_status(codes, found, last, newest),
            *_on_duties(codes, found),
        )
    )


def _on_status(
    codes: Mapping[str, str], found: Mapping[str, Finding], last: date | None, newest: date | None
) -> Iterator[Asked]:
    negatives, usual = say("Negative mentions per day"), say("back inside the usual range")
    if codes.get("status", "").startswith("crisis_") and found["status"].severity == "alert":
        yield "status", _answer(found.get("situation")), negatives, usual, 1
    elif codes.get("status") == "dated" and last and newest and newest > last:
        yield (
            "status",
            say(
                "This looks back to {day}: before acting, read the watch of {newest}",
                day=Day.of(last),
                newest=Day.of(newest),
            ),
            say("Level of the newest day"),
            say("known"),
            1,
        )
    elif codes.get("status") == "dated":
        yield (
            "status",
            say("The data end on {day}: import newer ones before acting", day=Day.of(last))
            if last
            else say("Import newer data before acting"),
            say("Days since the last of the data"),
            say("{days} or fewer", days=Count(STALE_DAYS)),
            1,
        )
    elif codes.get("status") == "crisis_3":
        yield (
            "status",
            say("Read the negative mentions of the day and decide whether they hang together"),
            negatives,
            usual,
            1,
        )


def _answer(situation: Finding | None) -> Sayable:
    """Return what to do about a running alarm: what the clocks still ask for; where all of it is done, to stay with it."""
    if situation is None or not situation.ok or not situation.n:
        return say("Call the crisis team: check the facts, draft the statement, answer the loudest voices first")
    if situation.about is None:
        return say("Stay with it: answer the loudest voices first, and tell what is known at every next update")
    return say("Call the crisis team and answer the loudest voices first; still open: {steps}", steps=situation.about)


def _on_duties(codes: Mapping[str, str], found: Mapping[str, Finding]) -> Iterator[Asked]:
    if codes.get("clocks") == "unrecorded":
        yield (
            "clocks",
            say("Record the incident in crisis.yml with the times of what was done"),
            say("Clocks recorded"),
            say("all"),
            1,
        )
    if codes.get("clocks") == "late":
        yield (
            "clocks",
            say("Go through what came late with its owners; change the rota or the clock"),
            say("Clocks late"),
            say("down to none"),
            14,
        )
    if codes.get("drill") == "overdue":
        yield (
            "drill",
            say("Hold a desk drill of 15 minutes and write its day into crisis.yml"),
            say("Drills held"),
            say("one a week"),
            7,
        )
    if codes.get("risks") == "triggered" or ("risks" in found and found["risks"].severity == "watch"):
        yield (
            "risks",
            say("Take into the next weekly meeting: {risks}", risks=found["risks"].about)
            if found["risks"].about
            else say("Take the risks at their trigger, and those without an owner, into the next weekly meeting"),
            say("Risks at their trigger or without an owner"),
            say("each with an owner and a measure"),
            7,
        )
