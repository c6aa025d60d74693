"""Where a platform changed what a metric means, its series ends and another begins: stretches, never joined."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from fanops_utils.data.reference import metric_breaks
from fanops_utils.metrics.catalogue.metric import Metric

# Breaks are those of what platforms report of posts and accounts; an advertising manager counts for itself.
BROKEN_TABLES = ("account_daily", "post_metrics")


def breaks_of(metric: Metric, breaks: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rows of *breaks* (`data.reference.metric_breaks`) that end a series of *metric*."""
    known = metric_breaks() if breaks is None else breaks
    columns = {source.partition(".")[2] for source in metric.sources if source.partition(".")[0] in BROKEN_TABLES}
    return known[known["metric"].isin(columns)].sort_values(["platform", "date"], ignore_index=True)


def stretch_of(frame: pd.DataFrame, breaks: pd.DataFrame, *, day: str = "date_day") -> pd.Series:
    """Return the number of the stretch each row of *frame* (platform, *day*) lies in, from 0.

    A change that is dated to a month may have come on any day of it: that month is a stretch of its own.
    """
    found = pd.Series(0, index=frame.index, dtype="int64")
    if "platform" not in frame or breaks.empty:
        return found
    for platform, first, precision in zip(breaks["platform"], breaks["date"], breaks["precision"], strict=True):
        here = (frame["platform"] == platform).fillna(value=False).astype(bool)
        for boundary in _boundaries(pd.Timestamp(first), str(precision)):
            found += (here & (frame[day] >= boundary)).astype("int64")
    return found


def _boundaries(first: pd.Timestamp, precision: str) -> Iterable[pd.Timestamp]:
    yield first
    if precision == "month":
        yield first + pd.offsets.MonthBegin(1)


def within(breaks: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the *breaks* on platforms and days that *table* (platform, date_day) spans."""
    if "platform" not in table or table.empty:
        return breaks.iloc[:0]
    span = table.groupby("platform")["date_day"].agg(["min", "max"])
    known = breaks[breaks["platform"].isin(span.index)]
    first, last = (known["platform"].map(span[side]) for side in ("min", "max"))
    return known[(known["date"] >= first) & (known["date"] <= last)].reset_index(drop=True)
