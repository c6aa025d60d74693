"""Wall-clock times brought to UTC: what no clock shows is told, what no export can hold is not read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd

EARLIEST, LATEST = pd.Timestamp("1900-01-01"), pd.Timestamp("2200-01-01")


def sensible(times: pd.Series) -> pd.Series:
    """Return *times* without those that no export can hold (before 1900, after 2199)."""
    first, last = (
        (EARLIEST, LATEST) if times.dt.tz is None else (EARLIEST.tz_localize("UTC"), LATEST.tz_localize("UTC"))
    )
    return times.where((times > first) & (times < last))


def localized(naive: pd.Series, zone: str) -> tuple[pd.Series, int]:
    """Return wall-clock times of *zone* in UTC, and how many of them fall into the hour that daylight saving skips.

    Those are read as the end of that hour; of the hour that comes twice, the first is meant.

    >>> times, skipped = localized(pd.Series(pd.to_datetime(["2026-03-29 02:30"])), "Europe/Berlin")
    >>> str(times.iloc[0]), skipped
    ('2026-03-29 01:00:00+00:00', 1)
    """
    place = ZoneInfo(zone)
    skipped = naive.dt.tz_localize(place, ambiguous=True, nonexistent="NaT").isna() & naive.notna()
    local = naive.dt.tz_localize(place, ambiguous=True, nonexistent="shift_forward")
    return local.dt.tz_convert("UTC").astype("datetime64[us, UTC]"), int(skipped.sum())
