"""Whole tables of one market, for questions about what its members and customers hold: subscriptions, points, offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from fanops_utils.data.warehouse.asking.common import PROVENANCE, between
from fanops_utils.data.warehouse.engine import small_letters
from fanops_utils.data.warehouse.store import Store

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir


def market_rows(
    store: Store,
    name: str,
    *,
    columns: Sequence[str] = (),
    market: str | None = None,
    start: date | None = None,
    end: date | None = None,
) -> pd.DataFrame:
    """Return the rows of table *name* of *market*, from *start* to *end* by their local day, without their provenance.

    Only *columns* and the day, where any are named: name them for a table that grows with members. Visits to the site
    (web_daily) are those from the market's countries.
    """
    table = store.table(name)
    dated = "date_day" in table.columns
    wanted = [*([_of(store, table, market)] if market else []), *(between(table.date_day, start, end) if dated else [])]
    table = table.filter(*wanted) if wanted else table
    kept = [
        one for one in table.columns if one not in PROVENANCE and (one in columns or one == "date_day" or not columns)
    ]
    frame = table.select(*kept).to_pandas()
    return frame.assign(date_day=pd.to_datetime(frame["date_day"]).astype("datetime64[us]")) if dated else frame


def _of(store: Store, table: ibis.Table, market: str) -> ir.BooleanValue:
    if "market" in table.columns:
        return table.market == market
    named = [one for one in store.workspace.brand.markets if one.code == market]
    keys = {small_letters(str(key)) for one in named for key in (one.name, one.code, *one.country_codes)}
    return table.country.lower().isin(sorted(keys))
