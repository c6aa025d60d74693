"""Rows of any table, of one market and period, in the engine or as a frame."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.data.warehouse.asking.common import between
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
    market: str | None = None,
    start: date | None = None,
    end: date | None = None,
    **values: Any,
) -> pd.DataFrame:
    """Return `rows_of` as a frame; beside every time that ends in _at stands its day in the market's zone, ending in _on.

    date_day and those days are midnights without a zone; rows of no known market are cut in UTC. Ordered by the table's day.
    """
    rows = rows_of(store, name, market=market, start=start, end=end, **values)
    frame = rows.order_by("date_day").to_pandas() if "date_day" in rows.columns else rows.to_pandas()
    zones = {one.code: one.time_zone for one in store.workspace.brand.markets}
    for column in [one for one in frame if str(one).endswith("_at") and one not in ("imported_at", "exported_at")]:
        frame[column] = pd.to_datetime(frame[column], utc=True).astype("datetime64[us, UTC]")
        local = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
        for code, part in frame.groupby(frame["market"].fillna("")):
            moment = part[column].dt.tz_convert(zones.get(str(code), "UTC"))
            local[part.index] = moment.dt.tz_localize(None).dt.normalize().astype("datetime64[us]")
        frame[f"{str(column).removesuffix('_at')}_on"] = local
    if "date_day" in frame:
        frame["date_day"] = pd.to_datetime(frame["date_day"]).astype("datetime64[us]")
    return frame
