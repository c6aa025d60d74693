"""Retention in its three definitions: on day N exactly, on day N or later, within a stretch of days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.estimates import SHARE
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.moments import shares
from fanops_utils.text import term

if TYPE_CHECKING:
    import ibis

BY = ["date_day", "market", "platform"]
SOURCES = ("fans.joined_at", "fan_day.date_day")
JOINED = term("members who joined that long ago", "counted")


def last_day(asked: Asked, name: str) -> date | None:
    """Return the last finished day that table *name* knows of, up to the day asked for; None for an empty table."""
    return asked.store.once(("last day", name, asked.as_of), lambda: _last_day(asked, name))


def _last_day(asked: Asked, name: str) -> date | None:
    rows = asked.everywhere().rows(name)
    rows = rows.filter(~rows.is_partial.fill_null(False)) if "is_partial" in rows.columns else rows
    last = rows.date_day.max().to_pandas()
    return None if pd.isna(last) else pd.Timestamp(last).date()


def _came_back(first: int, last: int | None) -> Callable[[Asked], pd.DataFrame]:
    """Return what counts who, joined on a day, was seen from *first* to *last* days after it (None: without an end).

    Who has not had those days by the last day known is immature and left out, top and bottom.
    """

    def pieces(asked: Asked) -> pd.DataFrame:
        import ibis

        until = last_day(asked, "fan_day")
        fans = asked.within(asked.rows("fans"))
        if until is None:
            return shares(fans.filter(False), fans.member_key.notnull(), by=BY)
        due = ibis.interval(days=first if last is None else last)
        fans = fans.filter(fans.date_day + due <= ibis.literal(until))
        back = _seen(asked, fans, first, last)
        joined = fans.left_join(back, ["platform", "member_key"])
        return shares(joined, joined.back.fill_null(False), by=BY)

    return pieces


def _seen(asked: Asked, fans: ibis.Table, first: int, last: int | None) -> ibis.Table:
    import ibis

    active = asked.everywhere().rows("fan_day").select("platform", "member_key", seen="date_day")
    both = fans.select("platform", "member_key", joined="date_day").inner_join(active, ["platform", "member_key"])
    in_time = [both.seen >= both.joined + ibis.interval(days=first)]
    if last is not None:
        in_time.append(both.seen <= both.joined + ibis.interval(days=last))
    return both.filter(*in_time).select("platform", "member_key").distinct().mutate(back=True)


def _exact(day: int) -> Metric:
    return Metric(f"retention_d{day}", "retention", term("Day {day} retention, on the day", "metric", day=day),
                  term("What part of those who joined was seen again exactly that many days later; each cohort on its day of "
                       "joining", "metric"),
                  term("members seen on day {day} after joining", "counted", day=day), SHARE, words.SHARE, SOURCES,
                  _came_back(day, day), per=JOINED, window=day + 1, aliases=(f"d{day} retention",
                      f"d{day}_retained"))  # fmt: skip


def _rolling(day: int) -> Metric:
    return Metric(f"retention_rolling_d{day}", "retention", term("Day {day} retention, rolling", "metric", day=day),
                  term("What part of those who joined was seen on that day or any later one; older cohorts had longer to come "
                       "back, so cohorts are not compared with each other", "metric"),
                  term("members seen on day {day} after joining or later", "counted", day=day), SHARE, words.SHARE, SOURCES,
                  _came_back(day, None), per=JOINED, window=0)  # fmt: skip


def _bracket(first: int, last: int) -> Metric:
    return Metric(f"retention_d{first}_{last}", "retention",
                  term("Retention within days {first} to {last}", "metric", first=first, last=last),
                  term("What part of those who joined was seen at least once in these days after joining", "metric"),
                  term("members seen within days {first} to {last} after joining", "counted", first=first, last=last),
                  SHARE,
                  words.SHARE, SOURCES, _came_back(first, last), per=JOINED, window=last + 1)  # fmt: skip


METRICS = (
    *(_exact(day) for day in (1, 7, 30)),
    *(_rolling(day) for day in (1, 7, 30)),
    *(_bracket(*days) for days in ((1, 7), (8, 14), (15, 30))),
)
