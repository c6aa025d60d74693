"""Rows of any table, of one market and period, in the engine or as a frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.data.warehouse.asking.common import PROVENANCE, between
from fanops_utils.data.warehouse.store import Store

if TYPE_CHECKING:
    import ibis


def rows_of(
    store: Store,
    name: str,
    *,
    market: str | None = None,
    start: date | None = None,
    end: date | None = None,
    **values: Any,
) -> ibis.Table:
    """Return the rows of table *name* in the engine: those of *market*, with date_day from *start* to *end*.

    *values* keep rows whose column has that value, or one of a list of them. A table without date_day (groups) is not cut
    by days. Nothing imported gives an empty table with all its columns.
    """
    rows = store.table(name)
    wanted = [*([rows.market == market] if market else [])]
    wanted += [rows[key].isin(one) if isinstance(one, list) else rows[key] == one for key, one in values.items()]
    if "date_day" in rows.columns:
        wanted += between(rows.date_day, start, end)
    return rows.filter(wanted) if wanted else rows


def row_frame(
    store: Store,
    name: str,
    *,
    columns: Sequence[str] = (),
    market: str | None = None,
    start: date | None = None,
    end: date | None = None,
    **values: Any,
) -> pd.DataFrame:
    """Return *columns* of `rows_of` as a frame, ordered by the table's day, which is always in it, then by the others.

    By default all columns but those that say whence a row came; name them for a table that grows with members. Beside
    every time that ends in _at stands its day in the market's zone, ending in _on; rows of no known market are cut in UTC.
    date_day and those days are midnights without a zone.
    """
    rows = rows_of(store, name, market=market, start=start, end=end, **values)
    if columns:
        zoned = [] if market or "market" not in rows.columns else ["market"]
        dated = ["date_day"] if "date_day" in rows.columns else []
        rows = rows.select(*dict.fromkeys([*dated, *zoned, *columns]))
    else:
        rows = rows.drop(*[one for one in PROVENANCE if one in rows.columns])
    ordered = sorted(rows.columns, key=lambda name: name != "date_day")  # within a day by what else there is
    frame = rows.order_by(ordered).to_pandas()
    zones = {one.code: one.time_zone for one in store.workspace.brand.markets}
    places = frame["market"].fillna("") if market is None and "market" in frame else market or ""
    for column in [one for one in frame if str(one).endswith("_at")]:
        frame[column] = pd.to_datetime(frame[column], utc=True).astype("datetime64[us, UTC]")
        frame[f"{str(column).removesuffix('_at')}_on"] = _days(frame[column], places, zones)
    if "date_day" in frame:
        frame["date_day"] = pd.to_datetime(frame["date_day"]).astype("datetime64[us]")
    return frame


def _days(times: pd.Series, places: pd.Series | str, zones: dict[str, str]) -> pd.Series:
    """Return the local days of *times*, each in the zone of its place, or all in that of one place."""
    if isinstance(places, str):
        local = times.dt.tz_convert(zones.get(places, "UTC")).dt.tz_localize(None)
        return local.dt.normalize().astype("datetime64[us]")
    days = pd.Series(pd.NaT, index=times.index, dtype="datetime64[us]")
    for place, part in times.groupby(places):
        days[part.index] = _days(part, str(place), zones)
    return days
