"""What the warehouse holds: rows, days, gaps, staleness, quarantine and breaks of each table."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.data import schema
from fanops_utils.data.reference import metric_breaks
from fanops_utils.data.warehouse.store import Store
from fanops_utils.errors import FanopsError

if TYPE_CHECKING:
    import ibis

TIME_COLUMNS = (
    "date_day", "interval_start", "created_timestamp", "event_timestamp", "mentioned_at", "invited_at", "published_at",
    "answered_at", "joined_at", "assigned_at", "snapshot_at",
)  # fmt: skip
SERIES = {
    "account_daily": ["platform", "account_id"], "ads_daily": ["platform", "account_id"], "web_daily": ["property"],
    "community_daily": ["platform", "community_id", "interval"],
}  # fmt: skip
STEPS = {"day": 1, "week": 7}


def status(store: Store, *, on: date) -> list[dict[str, Any]]:
    """Return per table what it holds on the day *on*.

    table, rows; first and last day (ISO text; None where it is not dated or empty); missing_days (between the first
    and the last day of each account, property or community, summed; None for tables without a row per day) and gaps
    (the series that lack days, with their number); stale_days (from the last day to *on*, none where it lies ahead);
    quarantined (records set aside of the files that feed the table); breaks (changes of metrics inside the
    covered period, as text).
    """
    held = store.rows()
    aside = _set_aside(store)
    lines = []
    for name, rows in held.items():
        table = store.table(name)  # once: on storage, each time asks of every one of its files
        first, last = _days(name, table) if rows else (None, None)
        gaps = _gaps(name, table) if name in SERIES and rows else None
        lines.append({
            "table": name, "rows": rows, "first": first, "last": last,
            "missing_days": sum(gaps.values()) if gaps is not None else None, "gaps": gaps or {},
            "stale_days": max(0, (on - date.fromisoformat(last)).days) if last else None,
            "quarantined": _quarantined(name, table, aside), "breaks": _breaks(name, table, first, last),
        })  # fmt: skip
    return lines


def _days(name: str, table: ibis.Table) -> tuple[str | None, str | None]:
    """Return the first and the last day of *table*; None where it is not dated."""
    told = schema.table(name)
    time = told.local[0] if told.local else next((one for one in TIME_COLUMNS if one in told.columns), None)
    if not time:
        return None, None
    days = table[time].cast("date").cast("string")
    row = table.aggregate(first=days.min(), last=days.max()).to_pandas().iloc[0]
    first, last = (None if pd.isna(day) else str(day) for day in (row["first"], row["last"]))
    return first, last


def _gaps(name: str, table: ibis.Table) -> dict[str, int]:
    """Return per series of a daily table how many days it lacks between its first and last one; none, no entry."""
    time = "interval_start" if "interval_start" in table.columns else "date_day"
    days = table.filter(table[time].notnull()).group_by(SERIES[name]).agg(
        first=table[time].min(), last=table[time].max(), seen=table[time].nunique()
    ).to_pandas()  # fmt: skip
    found = {}
    for one in days.to_dict("records"):
        step = STEPS.get(one.get("interval", "day"))
        span = (pd.Timestamp(one["last"]) - pd.Timestamp(one["first"])).days
        if step and (missing := span // step + 1 - one["seen"]) > 0:
            found[" ".join(str(one[part]) for part in SERIES[name])] = int(missing)
    return dict(sorted(found.items()))


def _set_aside(store: Store) -> pd.Series:
    """Return per file its records in quarantine."""
    return store.read("quarantine")[["file", "source_row"]].drop_duplicates().groupby("file").size()


def _quarantined(name: str, table: ibis.Table, aside: pd.Series) -> int:
    """Return the records in quarantine (*aside*, per file) of the files that feed *table*."""
    if aside.empty or name not in schema.TABLES:
        return 0
    feeding = table.filter(table["source_file"].isin(list(aside.index))).select("source_file").distinct().to_pandas()
    return int(aside.reindex(feeding["source_file"]).sum())


def _breaks(name: str, table: ibis.Table, first: str | None, last: str | None) -> list[str]:
    """Return the changes of this table's metrics that lie inside its period, on platforms it holds."""
    columns = schema.table(name).columns
    if not first or not last or "platform" not in columns or name not in schema.TABLES:
        return []
    changes = _changes()
    inside = changes[
        changes["metric"].isin(list(columns)) & changes["date"].between(pd.Timestamp(first), pd.Timestamp(last))
    ]
    if inside.empty:
        return []
    counted = table.group_by("platform").agg(**{metric: table[metric].count() for metric in set(inside["metric"])})
    held = counted.to_pandas().set_index("platform")
    return [
        f"{one['platform']} {one['metric']} {one['date'].date()}: {one['note']}"
        for one in inside.sort_values("date").to_dict("records")
        if one["platform"] in held.index and held.loc[one["platform"], one["metric"]]
    ]


def _changes() -> pd.DataFrame:
    try:
        return metric_breaks()
    except (FanopsError, OSError):  # a workspace may lie outside any repository
        return pd.DataFrame({"platform": [], "metric": [], "date": pd.to_datetime([]), "note": []})
