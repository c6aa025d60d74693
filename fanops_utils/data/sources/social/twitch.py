"""Twitch channel analytics: one row per day, as the dashboard's download names its columns (Date as "Sun Aug 23 2026").

Headers as several readers of the download in public repositories list them. What a channel earns stands in the same file and
is not read; the average and the greatest number of viewers, and lines of chat, have no column.
"""

from __future__ import annotations

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.data.sources.shared.spelled import Report


def _watched(cells: Cells, _context: Context) -> object:
    return cells.count("minutes_watched").astype("Float64") * 60


DAYS = Report(
    "twitch", "channel_days",
    {"date_day": ("Date",), "average_viewers": ("Average Viewers",), "followers_gained": ("Follows",),
     "minutes_watched": ("Minutes Watched",), "views": ("Live Views",), "viewers": ("Unique Viewers",)},
    frozenset({"date_day", "average_viewers", "followers_gained", "minutes_watched", "views"}),
    {"account_daily": ("platform", "account_id", "date_day", "followers_gained", "views", "viewers",
                       "watch_time_seconds")},
    platform="twitch", formats=("%a %b %d %Y",), derived={"watch_time_seconds": _watched}, total_in="date_day",
)  # fmt: skip

SOURCES = (DAYS.as_source(),)
