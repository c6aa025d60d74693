"""The questions notebooks ask of the warehouse; each returns a tidy frame in the market's own time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from fanops_utils.data.warehouse.asking.common import (
    PROVENANCE,
    accounts,
    between,
    dated,
    of_accounts,
)
from fanops_utils.data.warehouse.store import Store
from fanops_utils.workspace.register import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNITS = "experiment_units"
VOID = ("voided", "cancelled")
DAY, DAY_OF = "date_day", {"community_daily": "interval_start"}  # the day as the market has it, not as UTC has it


def account_daily(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return table account_daily with the market of each account; unfinished days are left out."""
    daily = of_accounts(store.table("account_daily"), accounts(store.workspace.brand, market))
    daily = daily.filter(~daily.is_partial.fill_null(False), *between(daily.date_day, start, end))
    return dated(daily.order_by("platform", "account_id", "date_day").to_pandas())


def daily_by_market(store: Store, *, platform: str, metric: str, without: Sequence[Period] = ()) -> pd.DataFrame:
    """Return date_day, market, value: *metric* of all accounts of a market on *platform*, finished days only.

    Days inside the periods *without* are left out in every market: campaigns that would pass for ordinary days.
    """
    daily = of_accounts(store.table("account_daily"), accounts(store.workspace.brand, None))
    daily = daily.filter(daily.platform == platform, ~daily.is_partial.fill_null(False), daily[metric].notnull())
    frame = dated(daily.select("date_day", "market", "account_id", value=daily[metric]).to_pandas())
    frame = _totals(frame.dropna(subset=["market"]), ["market"])
    for period in without:
        frame = frame[~frame["date_day"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
    return frame.reset_index(drop=True)


def ads_daily(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return the days of table ads_daily with the market of each advertising account that brand.yml names.

    Totals of a period (metric_window period) are left out: they are no days. Rows of an audience split
    (`breakdown`) stand beside those without one: sum one kind, never both. Accounts that brand.yml does not name have
    no market, and are left out where *market* is given.
    """
    ads = store.table("ads_daily")
    ads = ads.filter(ads.metric_window == "day", *between(ads.date_day, start, end))
    owned = accounts(store.workspace.brand, None)
    if market:
        theirs: dict[tuple[str, str], str | None] = {key: code for key, code in owned.items() if code == market}
        ads = of_accounts(ads, theirs).drop("market")
    first = ["platform", "account_id", "date_day", "campaign_name"]
    frame = ads.order_by([*first, *(name for name in ads.columns if name not in first)]).to_pandas()
    keys = zip(frame["platform"], frame["account_id"], strict=True)
    return dated(frame.assign(market=pd.Series([owned.get(key) for key in keys], index=frame.index, dtype="string")))


def community_daily(
    store: Store, *, interval: str = "day", start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return table community_daily for one *interval* (day, week or month), with its first day as date_day.

    Intervals that had not ended are left out. Distinct visitors and communicators do not add up over intervals.
    """
    table = store.table("community_daily")
    table = table.filter(table.interval == interval, ~table.is_partial.fill_null(False))
    table = table.filter(*between(table.interval_start, start, end)) if start or end else table
    frame = table.order_by("platform", "community_id", "interval_start").to_pandas()
    return dated(frame.rename(columns={"interval_start": "date_day"}))


def follower_days(store: Store, *, start: date | None = None, end: date | None = None) -> pd.DataFrame:
    """Return date_day, market, platform, followers_total of the platform that counts followers on most days."""
    daily = account_daily(store, start=start, end=end).dropna(subset=["followers_total", "market"])
    if daily.empty:
        return daily[["date_day", "market", "platform", "followers_total"]]
    most = daily["platform"].value_counts().idxmax()
    counted = daily[daily["platform"] == most].rename(columns={"followers_total": "value"})
    return _totals(counted, ["market", "platform"]).rename(columns={"value": "followers_total"})


def _totals(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return *keys*, date_day and value summed over accounts; a day that one of them lacks is left out, not small."""
    span = frame.groupby([*keys, "account_id"])["date_day"].agg(["min", "max"]).reset_index()
    days = frame[[*keys, "date_day"]].drop_duplicates().merge(span, on=keys)
    running = days[days["date_day"].between(days["min"], days["max"])].groupby([*keys, "date_day"]).size()
    found = frame.groupby([*keys, "date_day"])["value"].agg(["sum", "size"])
    whole = found[found["size"] >= running.reindex(found.index)]
    return (
        whole.reset_index().rename(columns={"sum": "value"})[["date_day", *keys, "value"]].astype({"value": "float64"})
    )


def fan_members(store: Store, *, market: str | None = None) -> pd.DataFrame:
    """Return one row per member: platform, member_key, market, joined_on (day in the market's time), acquisition."""
    fans = store.table("fans")
    fans = fans.filter(fans.market == market) if market else fans
    columns = ("platform", "member_key", "market", "acquisition")
    frame = fans.select(*columns, joined_on=fans.date_day).order_by("member_key").to_pandas()
    return frame.assign(joined_on=pd.to_datetime(frame["joined_on"]).astype("datetime64[us]"))


def fan_days(store: Store, *, market: str | None = None, end: date | None = None) -> ibis.Table:
    """Return table fan_day in the engine: one row per member and active day in the market's time, up to *end*."""
    days = store.table("fan_day")
    filters = [*between(days.date_day, None, end), *([days.market == market] if market else [])]
    return days.filter(filters) if filters else days


def orders_of(
    store: Store,
    *,
    market: str | Sequence[str] | None = None,
    start: date | None = None,
    end: date | None = None,
    cancelled: bool = False,
) -> ibis.Table:
    """Return the orders in the engine, by default those not cancelled, with the market their country belongs to (or null).

    *market*: one market, several, or all. Whence each came (file, row, times of export and import) is left out. Days are
    cut in the time zone of that market, in UTC where the country belongs to none. Raises nothing: no orders, no rows.
    """
    countries = {code: one.code for one in store.workspace.brand.markets for code in one.country_codes}
    table = store.table("orders")
    places = ibis.cases(*((table.country == code, one) for code, one in countries.items()), else_=ibis.null("string"))
    orders = table.drop(*PROVENANCE).mutate(market=places if countries else ibis.null("string"))
    wanted = [orders.market.isin([market] if isinstance(market, str) else list(market))] if market else []
    kept = [] if cancelled else [orders.cancelled_at.isnull()]
    wanted += [*kept, *between(orders.date_day, start, end)]
    return orders.filter(wanted) if wanted else orders


def order_table(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return `orders_of` as a frame, a row per order: for a laboratory; reports ask the engine."""
    return dated(orders_of(store, market=market, start=start, end=end).order_by("order_id").to_pandas())


def order_days(store: Store, *, end: date | None = None, voided: bool = True) -> pd.DataFrame:
    """Return date_day, market, orders: how many orders that were not cancelled each market had on the days that had any.

    Without *voided*, those whose payment was voided are left out too.
    """
    orders = orders_of(store, end=end)
    orders = orders if voided else orders.filter(~is_void(orders))
    known = orders.filter(orders.date_day.notnull(), orders.market.notnull())
    daily = known.group_by("date_day", "market").agg(orders=known.count()).order_by("date_day", "market")
    return dated(daily.to_pandas()).astype({"orders": "int64"})


def is_void(orders: ibis.Table) -> ir.BooleanValue:
    """Return whether each of *orders* was cancelled or voided: nothing was kept."""
    return orders.cancelled_at.notnull() | orders.financial_status.lower().isin(VOID).fill_null(False)


def arm_units(store: Store, *, experiment: str) -> pd.DataFrame:
    """Return the units of *experiment* in table experiment_units: unit_key, variant, market, assigned_at, its outcomes."""
    units = store.table(UNITS)
    frame = units.filter(units.experiment == experiment).order_by("unit_key").to_pandas()
    register = store.workspace.experiments.get(experiment)
    ours = {"unit_key", "variant", "market", "assigned_at", *(register.unit_columns if register else ())}
    kept = [name for name in frame.columns if name in ours or frame[name].notna().any()]
    dropped = ["experiment", "source_file", "source_row", "exported_at", "imported_at"]
    return frame[kept].drop(columns=dropped, errors="ignore")


def data_as_of(store: Store, *tables: str) -> date | None:
    """Return the last day that any of *tables* holds; None where all are empty."""
    days = []
    for name in tables:
        found = store.table(name)
        found = found.filter(~found.is_partial.fill_null(False)) if "is_partial" in found.columns else found
        last = found[DAY_OF.get(name, DAY)].max().cast("date").to_pandas()
        days += [pd.Timestamp(last).date()] if pd.notna(last) else []
    return max(days, default=None)
