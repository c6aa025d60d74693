"""What the questions to the warehouse share: whose accounts, which days."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import pandas as pd

from fanops_utils.data.sources.shared.owners import account_key
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


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with its date_day as a day in pandas."""
    return frame.assign(date_day=pd.to_datetime(frame["date_day"]).astype("datetime64[us]"))


def wall_clock(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return *frame* with created_local and hour_local, from the moment in *column*, date_day and minute_of_day.

    created_local is the fan's own wall clock; where the minute of the day is not known it is the moment in UTC, and the
    hour is null.
    """
    stamps = pd.to_datetime(frame[column], utc=True).dt.tz_localize(None).astype("datetime64[us]")
    minute = frame["minute_of_day"].astype("Int64")
    days = pd.to_datetime(frame["date_day"]).astype("datetime64[us]")
    local = days + pd.to_timedelta(minute, unit="m") + (stamps - stamps.dt.floor("min"))
    hours = (minute // 60 + (minute % 60) / 60).astype("Float64")
    rest = frame.drop(columns=["date_day", "minute_of_day"])
    return rest.assign(created_local=local.astype("datetime64[us]").fillna(stamps), hour_local=hours)
