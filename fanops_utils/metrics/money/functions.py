"""What money was spent on, week by week and function by function, beside what came in meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import need
from fanops_utils.metrics.intervals import Interval
from fanops_utils.metrics.money.costs import one_currency

WEEK = pd.Timedelta(days=7)


def spend_by_week(ads: pd.DataFrame) -> pd.DataFrame:
    """Return what advertising cost per whole week (indexed by Monday) and platform, in the currency with most days.

    Columns of *ads*: date_day, platform, spend, currency, breakdown (rows of a split of the same money are left out). A day
    without a row cost nothing, as long as the list reaches over it. Empty where nothing was spent.
    """
    need(ads, "date_day", "platform", "spend", "currency", "breakdown")
    rows = ads[ads["breakdown"].isna() & ads["spend"].notna()]
    if rows.empty:
        return pd.DataFrame(dtype="float64")
    rows = rows[rows["currency"] == rows["currency"].mode().iloc[0]]
    days = rows.pivot_table(index="date_day", columns="platform", values="spend", aggfunc="sum")
    whole = days.reindex(pd.date_range(days.index.min(), days.index.max())).fillna(0.0).astype(float)
    monday = whole.index - pd.to_timedelta(whole.index.day_of_week, unit="D")
    found = whole.groupby(monday).sum()
    counted = pd.Series(1, index=whole.index).groupby(monday).sum()
    return found[counted == WEEK.days]


def cost_by_function(lines: pd.DataFrame, outcomes: Mapping[str, Interval | None], *, on: date) -> pd.DataFrame:
    """Return what each function spent in periods over before *on*, beside each of *outcomes* (totals of the same days).

    Returned: function, spent, share, one column per outcome: money of that function per piece of it (NaN where it is not
    known or none came). Who did what for it is not told: each function's money stands beside all of the outcome.
    """
    need(lines, "function", "category", "period_end", "spent", "currency")
    booked = lines[(pd.to_datetime(lines["period_end"]) < pd.Timestamp(on)) & lines["spent"].notna()]
    columns = ["function", "spent", "share", *outcomes]
    if booked.empty:
        return pd.DataFrame(columns=columns)
    one_currency(booked)
    named = booked["function"].fillna(booked["category"])
    spent = booked["spent"].astype(float).groupby(named).sum().sort_values(ascending=False)
    found = pd.DataFrame(
        {"function": spent.index, "spent": spent.to_numpy(), "share": (spent / spent.sum()).to_numpy()}
    )
    for name, told in outcomes.items():
        size = told.estimate if told is not None and told.estimate > 0 else np.nan
        found[name] = found["spent"] / size
    return found[columns]


def booked_days(lines: pd.DataFrame, *, on: date) -> tuple[date, date] | None:
    """Return the first and last day of the periods of *lines* that are over before *on* and booked; None without any."""
    booked = lines[(pd.to_datetime(lines["period_end"]) < pd.Timestamp(on)) & lines["spent"].notna()]
    if booked.empty:
        return None
    return pd.to_datetime(booked["period_start"]).min().date(), pd.to_datetime(booked["period_end"]).max().date()
