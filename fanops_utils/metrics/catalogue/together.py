"""A metric told by platform as one number, where it may be: shares by their counts, totals by their sums."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Protocol

import pandas as pd

from fanops_utils.data.privacy.small_cells import tells_few
from fanops_utils.data.warehouse.store import Store
from fanops_utils.errors import FanopsError
from fanops_utils.metrics.catalogue.asked import DAYS_OF, Asked
from fanops_utils.metrics.catalogue.entries.retained import last_day
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.registry import known_as, metric
from fanops_utils.metrics.catalogue.series import MetricSeries, series
from fanops_utils.metrics.intervals import Interval, wilson_frame

KEPT = ["date_day", "estimate", "ci_lower", "ci_upper", "n", "days", "of_days"]


def together(told: MetricSeries) -> pd.DataFrame | None:
    """Return one row per period of *told*: date_day, estimate, ci_lower, ci_upper, n, days, of_days; newest stretch only.

    Shares and totals of several platforms are pooled where the metric may be; None where it has no single number then. A
    total of a period that one of them lacks, and had before and after, is NaN: the others alone are fewer.
    """
    entry, rows = told.metric, _newest(told)
    if rows.empty:
        return rows.reindex(columns=KEPT)
    keys = [name for name in told.keys if rows[name].nunique(dropna=False) > 1]
    if not keys:
        return rows[KEPT].reset_index(drop=True)
    if set(keys) & {*entry.apart, "currency", "acquisition"} or entry.estimator.code not in ("share", "total"):
        return None
    if told.grain == "period":  # each platform's rows begin on a day of their own
        rows = rows.assign(date_day=rows["date_day"].min())
    spans = rows.groupby("date_day")[["days", "of_days"]].max()
    if entry.estimator.code == "total":
        sums = rows.groupby("date_day").agg(estimate=("estimate", lambda one: one.sum(skipna=False)), n=("n", "sum"))
        sums["estimate"] = sums["estimate"].mask(_lacking(rows, keys))
        return sums.assign(ci_lower=sums["estimate"], ci_upper=sums["estimate"]).join(spans).reset_index()[KEPT]
    parts = rows.assign(top=rows["estimate"].fillna(0.0) * rows["n"]).groupby("date_day")[["top", "n"]].sum()
    shares = wilson_frame(parts["top"].round(), parts["n"])
    return shares.join(spans).reset_index()[KEPT]


def _newest(told: MetricSeries) -> pd.DataFrame:
    """Return the rows of *told* of the newest stretch: of each platform, as each changes what it counts on its own day."""
    rows = told.table
    if "platform" not in rows:
        return rows[rows["stretch"] == rows["stretch"].max()]
    return rows[rows["stretch"] == rows.groupby("platform", dropna=False)["stretch"].transform("max")]


def _lacking(rows: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Return by period whether one of those that run then, from their first to their last of *rows*, has no row."""
    there = rows.groupby("date_day").size()
    spans = rows.groupby(keys, dropna=False)["date_day"].agg(["min", "max"])
    runs = [int(((spans["min"] <= day) & (day <= spans["max"])).sum()) for day in there.index]
    return there < pd.Series(runs, index=there.index)


class Lookup(Protocol):
    """What measures: metric id, market and platform (None: all together), first and last day, the day it may not reach
    back over, the currency it is to be in; returns the number, None where it is not known."""

    def __call__(
        self,
        metric_id: str,
        market: str | None,
        platform: str | None,
        first: date,
        last: date,
        since: date | None = None,
        currency: str | None = None,
        /,
    ) -> Interval | None: ...


def measured(
    store: Store,
    metric_id: str,
    *,
    last: date,
    market: str | None = None,
    platform: str | None = None,
    days: int = 28,
    since: date | None = None,
    currency: str | None = None,
    at_once: bool = False,
) -> Interval | None:
    """Return a metric over the *days* up to *last* as one number; None where it has none, or its files are missing.

    Totals are known exactly: their interval is the number itself. What needs days after the day (retention, repurchase) is
    told of the last *days* that have had them. No day before *since* is in it, nor in a window that looks back: fewer days
    are told then, and of a total nothing, as fewer days make a smaller one; nor is there a total where one of its markets
    or platforms has no day of these, but days before and after. Money is told where all of it was paid in *currency*, if
    that is given: no sum of another is held against it. Of people in all markets together it is None
    where those of one market are fewer than ten: the other markets' reports would tell how many.
    """
    own: dict[str, Any] = {"market": market, "platform": platform}
    try:
        if looks_ahead(metric(metric_id)):
            seen = _series(store, metric_id, own, at_once, end=last, as_of=last, grain="day").table["date_day"]
            last = seen.max().date() if len(seen) else last
        first = last - timedelta(days=days - 1)
        if since is not None and first < (bound := _from(metric(metric_id), since)):
            if bound > last or metric(metric_id).estimator.code == "total":
                return None
            first = bound
        told = _series(store, metric_id, own, at_once, start=first, end=last, grain="period")
    except FanopsError:  # a metric of another house, a platform without the market
        return None
    if not _paid_in(told.table, currency) or _interrupted(store, told, own, first, last, at_once):
        return None
    rows = None if market is None and _tells_few(told) else together(told)
    if rows is None or len(rows) != 1 or rows["estimate"].isna().any():
        return None
    row = rows.iloc[0]
    if told.metric.estimator.code in ("total", "last", "mean_of_days"):
        return Interval(row["estimate"], row["estimate"], row["estimate"], int(row["n"]))
    return Interval(row["estimate"], row["ci_lower"], row["ci_upper"], int(row["n"]))


def _series(store: Store, metric_id: str, own: Mapping[str, Any], at_once: bool, **days: Any) -> MetricSeries:
    """Return a metric of its *own* market and platform; *at_once* cut from the answer to one question of all markets."""
    if not at_once or own["market"] is None:
        return series(store, metric_id, **own, **days)
    told = series(store, metric_id, platform=own["platform"], **days)
    return replace(told, table=told.table[told.table["market"] == own["market"]].reset_index(drop=True))


def _from(entry: Metric, since: date) -> date:
    """Return the first day whose value of *entry* holds nothing of the days before *since*."""
    return since if looks_ahead(entry) else since + timedelta(days=max(entry.window, 1) - 1)


def _paid_in(rows: pd.DataFrame, currency: str | None) -> bool:
    return currency is None or "currency" not in rows or bool((rows["currency"] == currency).fillna(value=False).all())


def _interrupted(
    store: Store, told: MetricSeries, own: Mapping[str, Any], first: date, last: date, at_once: bool
) -> bool:
    """Return whether one that is part of the total *told* has no day of *first* to *last*, but days before and after."""
    entry = told.metric
    if entry.estimator.code != "total" or entry.gaps == "zero" or None not in own.values() or not told.keys:
        return False
    ever = _series(store, entry.id, own, at_once, grain="period").table
    ever = ever.assign(until=ever["date_day"] + pd.to_timedelta(ever["of_days"] - 1, unit="D"))
    spans = ever.groupby(told.keys, dropna=False).agg(since=("date_day", "min"), until=("until", "max"))
    running = spans[(spans["since"] <= pd.Timestamp(first)) & (spans["until"] >= pd.Timestamp(last))]
    return len(running.index.difference(told.table.groupby(told.keys, dropna=False).size().index)) > 0


def _tells_few(told: MetricSeries) -> bool:
    """Return whether a total over the markets of *told*, and all other parts, would tell how few people one market has."""
    rows, by = told.table, told.metric.estimator.code
    if told.metric.subject not in ("members", "retention") or "market" not in told.keys or rows["market"].nunique() < 2:
        return False
    counted = rows["n"] if by in ("share", "ratio") else rows["estimate"]
    return tells_few(counted.groupby(rows["market"]).sum())


def looks_ahead(entry: Metric) -> bool:
    """Return whether a value of *entry* is known only days after its day: what a cohort did; other windows look back."""
    return entry.estimator.code in ("share", "ratio") and entry.window != 1


def lookup(store: Store, *, at_once: Collection[str] = ()) -> Lookup:
    """Return what judges targets and decisions: metric, market, platform, first and last day to the number `measured`.

    Where the files of a metric end before the last day asked for, it is as many days, the last there are; never one before
    the day *since*, where that is given. None: there is no number, or none in the *currency* named. *at_once* are metrics, as
    registers call them, that several markets are going to be asked for: the warehouse is asked once for all of them.
    """
    asked, several = Asked(store), {known_as(name) for name in at_once}
    known = cache(lambda table: last_day(asked, table))

    def look(
        metric_id: str, market: str | None, platform: str | None, first: date, last: date, since: date | None = None,
        currency: str | None = None, /,
    ) -> Interval | None:  # fmt: skip
        if (name := known_as(metric_id)) is None:
            return None
        tables = [day for one in metric(name).tables if asked.dated(day := DAYS_OF.get(one, one))]
        ends = [last, *(seen for one in tables if (seen := known(one)) is not None)]
        days = (last - first).days + 1
        return measured(
            store, name, last=min(ends), market=market, platform=platform, days=days, since=since, currency=currency,
            at_once=name in several,
        )  # fmt: skip

    return look


def whole_weeks(
    store: Store, metric_id: str, *, last: date, market: str | None = None, platform: str | None = None,
    currency: str | None = None,
) -> pd.Series:  # fmt: skip
    """Return a metric by whole week up to *last*, indexed by its Monday: the unbroken run of weeks that ends last.

    A week lacking days, or an estimate, ends the run; never across a change of definition. Empty where there is none, or
    none in the *currency* named.
    """
    try:
        told = series(store, metric_id, market=market, platform=platform, end=last, grain="week")
    except FanopsError:
        return pd.Series(dtype="float64")
    rows = together(told) if _paid_in(told.table, currency) else None
    if rows is None or rows.empty:
        return pd.Series(dtype="float64")
    over = rows["date_day"] + pd.Timedelta(days=6) <= pd.Timestamp(last)
    counted = told.metric.estimator.code in ("total", "mean_of_days")
    whole = rows[over & ((rows["days"] >= rows["of_days"]) | (not counted))].dropna(subset=["estimate"])
    found = whole.set_index("date_day")["estimate"].astype("float64")
    breaks = found.index.to_series().diff() != pd.Timedelta(days=7)
    return found[breaks.cumsum() == breaks.cumsum().max()] if len(found) else found
