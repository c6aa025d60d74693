"""The questions notebooks ask of the warehouse; each returns a tidy frame in the market's own time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis
import pandas as pd

from fanops_utils.data.sources.base import account_key
from fanops_utils.data.warehouse.store import Store
from fanops_utils.workspace import Brand
from fanops_utils.workspace.register import Period

DAY_OF = {
    "account_daily": "date_day", "posts": "created_timestamp", "orders": "created_timestamp",
    "mentions": "mentioned_at", "fan_day": "date_day",
}  # fmt: skip


def _accounts(brand: Brand, market: str | None) -> dict[tuple[str, str], str | None]:
    """Market of each account by (platform, account_id); only those of *market* where one is given."""
    owned = {(account.platform, account_key(account)): account.market for account in brand.accounts}
    return {key: code for key, code in owned.items() if market is None or code in (market, None)}


def _of_accounts(table: ibis.Table, accounts: dict[tuple[str, str], str | None]) -> ibis.Table:
    wanted = ibis.memtable(
        pd.DataFrame([(*key, code) for key, code in accounts.items()], columns=["platform", "account_id", "market"]),
        schema={"platform": "string", "account_id": "string", "market": "string"},
    )
    return table.inner_join(wanted, ["platform", "account_id"])


def _between(days: Any, start: date | None, end: date | None) -> list[Any]:
    return [*([days >= start] if start else []), *([days <= end] if end else [])]


def post_table(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None, mature_days: int = 7
) -> pd.DataFrame:
    """Return one row per own post with its newest lifetime or period metrics.

    Adds market, created_local and hour_local (fan-local wall clock, null where only the day is known). Collaborations
    published by others, replies, and posts read within *mature_days* of publication are left out; posts without a
    date only count where no period is asked for.
    """
    posts = _of_accounts(store.table("posts"), _accounts(store.workspace.brand, market))
    posts = posts.filter(~posts.is_collab.fill_null(False), ~posts.is_reply.fill_null(False))
    metrics = store.table("post_metrics").filter(ibis._.metric_window != "day")
    newest = ibis.window(group_by=["platform", "post_id"], order_by=ibis.desc("snapshot_at"))
    metrics = metrics.mutate(rank=ibis.row_number().over(newest)).filter(ibis._.rank == 0).drop("rank")
    provenance = ["source_file", "source_row", "exported_at", "imported_at"]
    joined = posts.drop(*provenance).left_join(metrics.drop(*provenance), ["platform", "post_id"])
    frame = joined.drop("platform_right", "post_id_right").order_by("platform", "post_id").to_pandas()
    zones = {one.code: one.time_zone for one in store.workspace.brand.markets}
    frame = _localised(frame, "created_timestamp", zones, precise=frame["created_precision"] == "minute")
    age = pd.to_datetime(frame["snapshot_at"], utc=True) - pd.to_datetime(frame["created_timestamp"], utc=True)
    keep = ~(age < pd.Timedelta(days=mature_days))
    if start:
        keep &= frame["created_local"] >= pd.Timestamp(start)
    if end:
        keep &= frame["created_local"] < pd.Timestamp(end) + pd.Timedelta(days=1)
    return frame[keep].reset_index(drop=True)


def _localised(frame: pd.DataFrame, column: str, zones: dict[str, str], *, precise: pd.Series) -> pd.DataFrame:
    local = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    stamps = pd.to_datetime(frame[column], utc=True)
    for code in frame["market"].dropna().unique():
        here = frame["market"] == code
        local[here & precise] = (
            stamps[here & precise].dt.tz_convert(zones[code]).dt.tz_localize(None).astype(local.dtype)
        )
    days = stamps.dt.tz_localize(None).astype(local.dtype)
    hours = (local.dt.hour + local.dt.minute / 60).astype("Float64")
    return frame.assign(created_local=local.fillna(days), hour_local=hours)


def account_daily(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return table account_daily with the market of each account; unfinished days are left out."""
    daily = _of_accounts(store.table("account_daily"), _accounts(store.workspace.brand, market))
    daily = daily.filter(~daily.is_partial.fill_null(False), *_between(daily.date_day, start, end))
    return _dated(daily.order_by("platform", "account_id", "date_day").to_pandas())


def daily_by_market(store: Store, *, platform: str, metric: str, without: Sequence[Period] = ()) -> pd.DataFrame:
    """Return date_day, market, value: *metric* of all accounts of a market on *platform*, finished days only.

    Days inside the periods *without* are left out in every market: campaigns that would pass for ordinary days.
    """
    daily = _of_accounts(store.table("account_daily"), _accounts(store.workspace.brand, None))
    daily = daily.filter(daily.platform == platform, ~daily.is_partial.fill_null(False), daily[metric].notnull())
    frame = _dated(daily.select("date_day", "market", "account_id", value=daily[metric]).to_pandas())
    frame = _totals(frame.dropna(subset=["market"]), ["market"])
    for period in without:
        frame = frame[~frame["date_day"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
    return frame.reset_index(drop=True)


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


def mentions_of(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return date_day (UTC), mentioned_at, platform, market, brand, sentiment and topic of each mention."""
    mentions = store.table("mentions")
    mentions = mentions.mutate(date_day=mentions.mentioned_at.date())
    filters = [*_between(mentions.date_day, start, end), *([mentions.market == market] if market else [])]
    mentions = mentions.filter(*filters) if filters else mentions
    return _dated(
        mentions.select("date_day", "mentioned_at", "platform", "market", "brand", "sentiment", "topic").to_pandas()
    )


def fan_members(store: Store, *, market: str | None = None) -> pd.DataFrame:
    """Return one row per member: platform, member_key, market, joined_on (day in the market's time), acquisition."""
    fans = store.table("fans")
    fans = fans.filter(fans.market == market) if market else fans
    frame = (
        fans.select("platform", "member_key", "market", "joined_at", "acquisition").order_by("member_key").to_pandas()
    )
    zones = {one.code: one.time_zone for one in store.workspace.brand.markets}
    local = _localised(frame, "joined_at", zones, precise=frame["market"].notna())
    joined = local["created_local"].dt.normalize()
    return frame.assign(joined_on=joined).drop(columns="joined_at")


def fan_activity(store: Store, *, market: str | None = None, end: date | None = None) -> pd.DataFrame:
    """Return table fan_day: one row per member and active day in the market's time, up to *end*."""
    days = store.table("fan_day")
    filters = [*_between(days.date_day, None, end), *([days.market == market] if market else [])]
    days = days.filter(*filters) if filters else days
    return _dated(days.order_by("member_key", "date_day").to_pandas())


def order_table(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return orders that were not cancelled, with the market their country belongs to."""
    countries = {code: one.code for one in store.workspace.brand.markets for code in one.country_codes}
    orders = store.table("orders").filter(ibis._.cancelled_at.isnull())
    orders = orders.mutate(date_day=orders.created_timestamp.date())
    filters = _between(orders.date_day, start, end)
    frame = _dated((orders.filter(*filters) if filters else orders).order_by("order_id").to_pandas())
    frame["market"] = frame["country"].map(countries)
    return frame[frame["market"] == market].reset_index(drop=True) if market else frame


def arm_units(store: Store, *, experiment: str) -> pd.DataFrame:
    """Return the units of *experiment*: unit_key, variant, market, assigned_at and its outcome columns."""
    units = store.table("experiment_units")
    frame = units.filter(units.experiment == experiment).order_by("unit_key").to_pandas()
    register = store.workspace.experiments.get(experiment)
    ours = {
        "unit_key",
        "variant",
        "market",
        "assigned_at",
        *(one.name for one in (register.metrics if register else ())),
    }
    kept = [name for name in frame.columns if name in ours or frame[name].notna().any()]
    dropped = ["experiment", "source_file", "source_row", "exported_at", "imported_at"]
    return frame[kept].drop(columns=dropped, errors="ignore")


def data_as_of(store: Store, *tables: str) -> date | None:
    """Return the last day that any of *tables* holds; None where all are empty."""
    days = []
    for name in tables:
        found = store.table(name)
        found = found.filter(~found.is_partial.fill_null(False)) if "is_partial" in found.columns else found
        last = found[DAY_OF[name]].max().cast("date").to_pandas()
        days += [pd.Timestamp(last).date()] if pd.notna(last) else []
    return max(days, default=None)


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(date_day=pd.to_datetime(frame["date_day"]).astype("datetime64[us]"))
