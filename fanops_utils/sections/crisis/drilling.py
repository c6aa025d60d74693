"""What would these rules have said of the past, and how soon would they see a crisis?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import pandas as pd

from fanops_utils import charts
from fanops_utils.models import Drill, Episode, Replay
from fanops_utils.models.crisis.watch import known_at
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.crisis.duty import NEAR
from fanops_utils.text import Count, Day, Message, Number, Sayable, Sentences, Unit, Written, say, say_n, term
from fanops_utils.workspace.registers.crisis import Incident

WEEK = 7
METHOD = say(
    "Every day judged by what was known the day before. An alarm outside an incident may be one nobody recorded. Crises are "
    "planted into the market's own quiet days, at nine in the morning, for three days; a rise below ten negatives is never "
    "planted, because no rule would see it. What a run sees depends on when the exports arrive, too."
)


def drill(
    told: Replay, tried: Mapping[float, Drill], *, cadence_hours: int, drills: tuple[date, ...], on: date | None,
    seen: Iterable[Message] = (),
) -> Section:  # fmt: skip
    """Return what the rules would have said over all the history, how soon they see a crisis, and whether drills are held.

    *tried*: planted crises (`models.drill`) by their size; *seen*: what `incidents_seen` says of the recorded ones.
    """
    if not told.days:
        return Section.of(Finding.nothing("drill", say("too little history to replay")))
    since = max((day for day in drills if on is None or day <= on), default=None)
    overdue = since is None or (on is not None and (on - since).days > WEEK)
    known = {size: one for size, one in tried.items() if one.tries}
    finding = Finding(
        id="drill",
        label=term("Replay of the past", "label of a finding"),
        code="overdue" if overdue else "held",
        title=_title(told, since, overdue=overdue, on=on),
        text=Sentences.of(
            *_rates(told, cadence_hours), *_soon(known, cadence_hours), *seen,
            say("The last drill was on {day}.", day=Day.of(since)) if since else None,
        ),
        severity="watch" if overdue or told.per_year > 1 else "info",
        estimate=told.per_year,
        unit=Unit("number", term("alarms a year outside incidents", "unit")),
        n=told.days,
        method=METHOD,
    )  # fmt: skip
    return Section.of(finding, _table(known, cadence_hours) if known else None)


def incidents_seen(found: Sequence[Episode], incidents: Iterable[Incident], *, market: str) -> list[Message]:
    """Return for each recorded incident of *market* when the rules had it in the data, beside when the team knew of it."""
    told = []
    for one in incidents:
        episode = next((it for it in found if abs(one.start.date() - it.start) <= NEAR), None)
        if one.market != market:
            continue
        when = {"day": Day.of(one.start.date()), "hour": _clock(one.start)}
        if episode is None:
            told.append(say("These rules do not see the incident that reached the team on {day} at {hour}.", **when))
            continue
        at = known_at(episode)
        rule = {"seen_day": Day.of(at.date()), "seen_hour": _clock(at)}
        told.append(
            say(
                "The incident that reached the team on {day} at {hour} was in the data on {seen_day} at {seen_hour}.",
                **when, **rule,
            )
        )  # fmt: skip
    return told


def _clock(moment: datetime) -> Written:
    return Written(f"{moment:%H:%M}")


def _title(told: Replay, since: date | None, *, overdue: bool, on: date | None) -> Message:
    if since is None:
        return say("No drill is recorded")
    if overdue and on is not None:
        return say_n("The last drill was {n} day ago", "The last drill was {n} days ago", n=(on - since).days)
    if told.unexplained:
        return say("{rate} alarms a year without a recorded incident", rate=Number(told.per_year, 1))
    return say("No alarm in the past without a recorded incident")


def _rates(told: Replay, cadence_hours: int) -> tuple[Sayable | None, ...]:
    rate = say_n(
        "In {days} days, runs every {hours} hours tell of {n} alarm, {unexplained} outside recorded incidents: {rate} a year.",
        "In {days} days, runs every {hours} hours tell of {n} alarms, {unexplained} outside recorded incidents: {rate} a year.",
        n=told.alarms, days=Count(told.days), unexplained=told.unexplained, rate=Number(told.per_year, 1),
        hours=Count(cadence_hours),
    )  # fmt: skip
    missed = (
        say_n(
            "{n} more began and was over between two runs.",
            "{n} more began and were over between two runs.",
            n=told.missed,
        )
        if told.missed
        else None
    )
    plan = say(
        "The plan's rules fired on {days} days, {outside} of them outside the incidents.",
        days=told.plan_days, outside=told.plan_unexplained,
    )  # fmt: skip
    return rate, missed, plan


def _soon(tried: Mapping[float, Drill], cadence_hours: int) -> tuple[Sayable | None, ...]:
    wait = say(
        "A run every {hours} hours sees an alarm up to {hours} hours after it is in the data.",
        hours=Count(cadence_hours),
    )
    largest = max(tried, default=None)
    if largest is None or tried[largest].middle is None:
        return (wait,)
    one = tried[largest]
    found = say(
        "Of {tries} planted crises ({more} more negatives a day) {found} are found, half of them within {hours} hours.",
        tries=one.tries, more=Count(one.planted), found=one.found, hours=Number(one.middle or 0.0, 0),
    )  # fmt: skip
    return found, wait


def _table(tried: Mapping[float, Drill], cadence_hours: int) -> charts.Table:
    rows = [
        {
            "planted": one.planted, "usual": Number(one.usual, 1), "tries": one.tries, "found": one.found,
            "hours": float("nan") if one.middle is None else one.middle, "day": one.within(24),
            "worst": float("nan") if one.middle is None else one.middle + cadence_hours,
        }
        for one in {one.planted: one for _, one in sorted(tried.items())}.values()  # the floor makes small sizes one
    ]  # fmt: skip
    columns = {
        "planted": term("Negatives a day more", "column"),
        "usual": term("Usual", "column"),
        "tries": term("Crises planted", "column"),
        "found": term("Found", "column"),
        "day": term("In the data within 24 hours", "column"),
        "hours": term("Hours until then, middle", "column"),
        "worst": term("Read at the latest after, hours", "column"),
    }
    caption = say("Crises planted into this market's quiet days; runs every {hours} hours", hours=Count(cadence_hours))
    return charts.table(
        pd.DataFrame(rows), columns=columns, formats={"planted": Count, "hours": Count, "worst": Count}, caption=caption
    )
