"""What the questions to the warehouse share: whose accounts, which days, in whose time."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import pandas as pd

from fanops_utils.data.sources.shared.base import account_key
from fanops_utils.data.warehouse.store import Store
from fanops_utils.workspace import Brand

PROVENANCE = ["source_file", "source_row", "exported_at", "imported_at"]


def accounts(brand: Brand, market: str | None) -> dict[tuple[str, str], str | None]:
    """Return the market of each account by (platform, account_id); only those of *market* where one is given."""
    owned = {(account.platform, account_key(account)): account.market for account in brand.accounts}
    return {key: code for key, code in owned.items() if market is None or code in (market, None)}


def of_accounts(table: ibis.Table, owned: dict[tuple[str, str], str | None]) -> ibis.Table:
    """Return the rows of *table* that belong to the accounts *owned*, with their market."""
    wanted = ibis.memtable(
        pd.DataFrame([(*key, code) for key, code in owned.items()], columns=["platform", "account_id", "market"]),
        schema={"platform": "string", "account_id": "string", "market": "string"},
    )
    return table.inner_join(wanted, ["platform", "account_id"])


def between(days: Any, start: date | None, end: date | None) -> list[Any]:
    """Return the conditions that *days* lie from *start* to *end*, both included."""
    return [*([days >= start] if start else []), *([days <= end] if end else [])]


def within(frame: pd.DataFrame, start: date | None, end: date | None) -> pd.DataFrame:
    """Return the rows of *frame* whose date_day lies from *start* to *end*, both included."""
    keep = pd.Series(True, index=frame.index)
    if start:
        keep &= frame["date_day"] >= pd.Timestamp(start)
    if end:
        keep &= frame["date_day"] <= pd.Timestamp(end)
    return frame[keep].reset_index(drop=True)


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with its date_day as a day in pandas."""
    return frame.assign(date_day=pd.to_datetime(frame["date_day"]).astype("datetime64[us]"))


def local_days(store: Store, moments: pd.Series, markets: pd.Series) -> pd.Series:
    """Return the day of each of *moments* (UTC) in the time zone of its market; in UTC where that is not known."""
    stamps = pd.to_datetime(moments, utc=True)
    days = stamps.dt.tz_localize(None).dt.normalize()
    for one in store.workspace.brand.markets:
        here = (markets == one.code).fillna(value=False).astype(bool)
        if here.any():
            days = days.mask(here, stamps.dt.tz_convert(one.time_zone).dt.tz_localize(None).dt.normalize())
    return days.astype("datetime64[us]")


def localised(frame: pd.DataFrame, column: str, zones: dict[str, str], *, precise: pd.Series) -> pd.DataFrame:
    """Return *frame* with the time in *column* as created_local (in the zone of its market) and hour_local.

    Where it is not *precise*, or no market is known, the day stays that of UTC and the hour null.
    """
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
