"""Relative dates: words of a plan such as last_28_days, as days of the markets' own calendars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from fanops_utils.errors import PlanError
from fanops_utils.workspace import Workspace

PERIODS = {
    "last_week": "the last whole week, Monday to Sunday",
    "last_month": "the last whole month",
    "last_quarter": "the last whole quarter of the calendar year",
    "last_year": "the last whole calendar year",
    "last_N_days": "the N days up to yesterday",
    "last_N_weeks": "the last N whole weeks, Monday to Sunday",
}
DAYS = {"today": "the day of the run", "yesterday": "the day before", "N_days_ago": "N days before the run"}
ROLLING = re.compile(r"last_([1-9]\d{0,3})_(days|weeks)")


def today_in(workspace: Workspace, parameters: Mapping[str, object], *, now: datetime | None = None) -> date:
    """Return the calendar day it is where the job's market lives; the brand's first market where it names none."""
    market, campaign, experiment = (parameters.get(name) for name in ("market", "campaign", "experiment"))
    if market is None and campaign in workspace.campaigns:
        market = workspace.campaign(str(campaign)).treated[0]
    if market is None and experiment in workspace.experiments:
        market = workspace.experiment(str(experiment)).market
    code = str(market) if market in workspace.markets else workspace.markets[0]
    return (now or datetime.now(UTC)).astimezone(ZoneInfo(workspace.market(code).time_zone)).date()


def today_everywhere(workspace: Workspace, *, now: datetime | None = None) -> date:
    """Return the day of the market where it is earliest: reports of one run compare the same days, over in every market."""
    clock = now or datetime.now(UTC)
    return min(clock.astimezone(ZoneInfo(workspace.market(code).time_zone)).date() for code in workspace.markets)


def period(words: str, *, today: date) -> tuple[date, date]:
    """Return first and last day of the period that *words* name; the day *today* is never in it: it is not over.

    Weeks begin on Monday. Raises PlanError for words that are none of PERIODS.

    >>> period("last_28_days", today=date(2026, 11, 22))
    (datetime.date(2026, 10, 25), datetime.date(2026, 11, 21))
    >>> period("last_week", today=date(2026, 11, 22))
    (datetime.date(2026, 11, 9), datetime.date(2026, 11, 15))
    """
    monday = today - timedelta(days=today.weekday())
    if rolling := ROLLING.fullmatch(words):
        number, unit = int(rolling[1]), rolling[2]
        end = today if unit == "days" else monday
        return end - timedelta(days=number * (1 if unit == "days" else 7)), end - timedelta(days=1)
    match words:
        case "last_week":
            begin, after = monday - timedelta(days=7), monday
        case "last_month":
            after = today.replace(day=1)
            begin = (after - timedelta(days=1)).replace(day=1)
        case "last_quarter":
            after = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
            begin = date(after.year - (after.month == 1), (after.month - 4) % 12 + 1, 1)
        case "last_year":
            begin, after = date(today.year - 1, 1, 1), date(today.year, 1, 1)
        case _:
            raise PlanError("not a period", value=words, choices=PERIODS)
    return begin, after - timedelta(days=1)


def one_day(words: str, *, today: date) -> date | None:
    """Return the day that *words* name (today, yesterday, 3_days_ago); None where they are no such words."""
    if words in ("today", "yesterday"):
        return today - timedelta(days=int(words == "yesterday"))
    ago = re.fullmatch(r"([1-9]\d{0,3})_days_ago", words)
    return today - timedelta(days=int(ago[1])) if ago else None
