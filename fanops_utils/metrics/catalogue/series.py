"""Any metric of the catalogue as a series: by day, week, month or in one period, by market, with its interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from fanops_utils.data.warehouse.store import Store
from fanops_utils.metrics.catalogue.asked import Asked, Grain
from fanops_utils.metrics.catalogue.estimates import RESULT
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.registry import metric as metric_of
from fanops_utils.metrics.catalogue.stretches import breaks_of, stretch_of, within

DIMENSIONS = ("market", "platform", "acquisition", "currency")


@dataclass(frozen=True)
class MetricSeries:
    """A metric over time. `table`: date_day (first day of the period), market, platform, acquisition and currency where
    the metric has them, stretch, estimate, ci_lower, ci_upper, n, days (that are known) and of_days (of the period).

    A stretch ends where the platform changed what the metric means; `breaks` says when and how. Stretches are never
    joined. Bounds are NaN where the count is complete, and where there is too little to give any.
    """

    metric: Metric
    grain: Grain
    table: pd.DataFrame
    breaks: pd.DataFrame
    level: float = 0.95

    @property
    def keys(self) -> list[str]:
        """The dimensions that tell its rows apart, beside the day."""
        return [name for name in DIMENSIONS if name in self.table]

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False)


def series(
    store: Store,
    metric_id: str,
    *,
    market: str | None = None,
    platform: str | None = None,
    start: date | None = None,
    end: date | None = None,
    as_of: date | None = None,
    grain: Grain | None = None,
    level: float = 0.95,
    breaks: pd.DataFrame | None = None,
) -> MetricSeries:
    """Return metric *metric_id* of the workspace's warehouse by *grain* (day, week from Monday, month, or one period).

    Days lie from *start* to *end*, both included, as the market cuts them; nothing later than *as_of* is known. Without
    *market* and *platform* there is a row for each (`metrics.together` makes one of them, where that may be). A total of a
    period that lacks days is NaN: missing is not zero.
    Raises ParameterError for an unknown metric, market or platform, with the nearest one.
    """
    metric = metric_of(metric_id)
    asked = Asked(store, market, platform, start, end, as_of, grain or metric.grain).checked()
    if breaks is not None:
        return _series(metric, asked, level, breaks)
    question = ("series", metric.id, market, platform, start, end, as_of, asked.grain, level)
    told = store.once(question, lambda: _series(metric, asked, level, None))
    return replace(told, table=told.table.copy(), breaks=told.breaks.copy())


def _series(metric: Metric, asked: Asked, level: float, breaks: pd.DataFrame | None) -> MetricSeries:
    known = breaks_of(metric, breaks)
    pieces = metric.pieces(asked)
    keys = [name for name in DIMENSIONS if name in pieces]
    if metric.gaps == "zero" and metric.estimator.code == "total":
        pieces = _zeros(metric, asked, pieces, keys)
    pieces = pieces.assign(stretch=stretch_of(pieces, known))
    pieces = _unmixed(metric, pieces, known)
    table = _told(metric, asked, pieces, keys, level)
    return MetricSeries(metric, asked.grain, table, within(known, pieces), level)


def _zeros(metric: Metric, asked: Asked, pieces: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return *pieces* with a zero for every day without a row, between the table's first and last day.

    A market, platform or source that was counted on other days has its zeros too where no row falls on those asked for; a
    currency only where nothing was paid in another.
    """
    combos = _counted_ever(metric, asked, pieces, keys)
    if combos.empty:
        return pieces
    combos = combos.merge(asked.covered(metric.tables[0], keys), on=keys)
    first, last = combos.pop("first"), combos.pop("last")
    first = first.where(first >= pd.Timestamp(asked.start), pd.Timestamp(asked.start)) if asked.start else first
    last = last.where(last <= pd.Timestamp(asked.end), pd.Timestamp(asked.end)) if asked.end else last
    combos["date_day"] = [list(pd.date_range(*pair, freq="D")) for pair in zip(first, last, strict=True)]
    grid = combos.explode("date_day").dropna(subset=["date_day"])
    grid["date_day"] = pd.to_datetime(grid["date_day"]).astype("datetime64[us]")
    filled = grid.merge(pieces, on=["date_day", *keys], how="left", indicator="there")
    empty = filled.pop("there") == "left_only"  # a day with rows whose value is missing stays missing
    return filled.assign(**{name: filled[name].mask(empty, 0) for name in ("value", "n")})


def _counted_ever(metric: Metric, asked: Asked, pieces: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    here = pieces[keys].drop_duplicates()
    if asked.start is None and asked.end is None:
        return here
    always = replace(asked, start=None, end=None)
    question = ("ever", metric.id, asked.market, asked.platform, asked.as_of, asked.grain, *keys)
    ever = asked.store.once(question, lambda: metric.pieces(always)[keys].drop_duplicates())
    if "currency" in keys:
        places = [name for name in keys if name != "currency"]
        known = ever[places].merge(here[places].drop_duplicates(), on=places, how="left", indicator="there")["there"]
        ever = ever[(known == "left_only").to_numpy()]
    return pd.concat([here, ever]).drop_duplicates()


def _unmixed(metric: Metric, pieces: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """Return *pieces* without the days whose window looks back across a break: part of it meant something else."""
    if metric.window <= 1 or breaks.empty:
        return pieces
    back = pieces.assign(since=pieces["date_day"] - pd.Timedelta(days=metric.window - 1))
    return pieces[stretch_of(back, breaks, day="since") == pieces["stretch"]]


def _told(metric: Metric, asked: Asked, pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:
    columns = ["date_day", *keys, "stretch", *RESULT, "days", "of_days"]
    if pieces.empty:
        empty = pd.DataFrame(columns=columns).astype(dict.fromkeys(["estimate", "ci_lower", "ci_upper"], "float64"))
        return empty.astype({"date_day": "datetime64[us]"})
    by = ["period", *keys, "stretch"]
    pieces = pieces.assign(period=_periods(pieces, asked, [*keys, "stretch"]))
    known = pieces[metric.estimator.known(pieces)]
    spans = pieces.groupby(by, dropna=False, observed=True)["date_day"].agg(["min", "max"])
    counted = known.groupby(by, dropna=False, observed=True)["date_day"].nunique().rename("days")
    found = spans.join(metric.estimator.make(known, by, level)).join(counted).reset_index()
    found = found.assign(**{name: found[name].fillna(0).astype("int64") for name in ("n", "days")})
    found["of_days"] = _length(found, asked)
    if metric.estimator.code == "total":
        short = found["days"] < found["of_days"]
        found.loc[short, ["estimate", "ci_lower", "ci_upper"]] = np.nan
    found = found.rename(columns={"period": "date_day"})
    return found[columns].sort_values([*keys, "date_day"], ignore_index=True)


def _periods(pieces: pd.DataFrame, asked: Asked, keys: list[str]) -> pd.Series:
    day = pieces["date_day"]
    if asked.grain == "week":
        return day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    if asked.grain == "month":
        return day.dt.to_period("M").dt.to_timestamp().astype(day.dtype)
    if asked.grain == "period":
        return pieces.groupby(keys, dropna=False)["date_day"].transform("min")
    return day


def _length(found: pd.DataFrame, asked: Asked) -> pd.Series:
    if asked.grain == "day":
        return pd.Series(1, index=found.index)
    if asked.grain == "week":
        return pd.Series(7, index=found.index)
    if asked.grain == "month":
        return found["period"].dt.days_in_month.astype("int64")
    first = found["min"] if asked.start is None else pd.Series(pd.Timestamp(asked.start), index=found.index)
    last = found["max"] if asked.end is None else pd.Series(pd.Timestamp(asked.end), index=found.index)
    return (last - first).dt.days + 1
