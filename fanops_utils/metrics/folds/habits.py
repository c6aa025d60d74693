"""What each member's days say of them on a day: how long they are there, how often, and the pauses between."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import pandas as pd

from fanops_utils.metrics.folds.tables import as_table, day_column, slices

MONTH, QUARTER = 28, 91


def habits_per_member(days: pd.DataFrame | ibis.Table, *, as_of: date) -> pd.DataFrame:
    """Return one row per member seen by *as_of*: what was known of them then.

    Columns of *days*: member_key, date_day, in the engine or as a frame. Returned: member_key, first_active, last_active,
    days_28 and days_91 (active days of the last so many, *as_of* included), days_total, and of the pauses between active
    days pauses (how many), log_mean and log_var (of their natural logarithm; NaN where there are too few).
    """
    table = as_table(days)
    inside = table.filter(table.date_day <= as_of)
    parts = [_habits(part, as_of).to_pandas() for part in slices(inside, "member_key")]
    frame = pd.concat(parts, ignore_index=True).sort_values("member_key", ignore_index=True)
    whole = dict.fromkeys(["days_28", "days_91", "days_total", "pauses"], "int64")
    frame = frame.astype({**whole, "log_mean": "float64", "log_var": "float64"})
    return frame.assign(**{name: day_column(frame[name]) for name in ("first_active", "last_active")})


def _habits(inside: ibis.Table, as_of: date) -> ibis.Table:
    seen = inside.distinct()
    before = seen.date_day.lag().over(ibis.window(group_by="member_key", order_by="date_day"))
    each = seen.mutate(gap=seen.date_day.delta(before, unit="day"))
    log = each.gap.cast("float64").ln()
    return each.group_by("member_key").agg(
        first_active=each.date_day.min(),
        last_active=each.date_day.max(),
        days_28=each.count(where=each.date_day > as_of - timedelta(days=MONTH)),
        days_91=each.count(where=each.date_day > as_of - timedelta(days=QUARTER)),
        days_total=each.count(),
        pauses=each.gap.count(),
        log_mean=log.mean(),
        log_var=log.var(how="sample"),
    )
