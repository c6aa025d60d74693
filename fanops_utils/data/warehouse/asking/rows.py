"""Rows of any dated table, of one market and period, in the engine."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fanops_utils.data.warehouse.asking.common import between
from fanops_utils.data.warehouse.store import Store

if TYPE_CHECKING:
    import ibis


def rows_of(
    store: Store, name: str, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> ibis.Table:
    """Return the rows of table *name* in the engine: those of *market*, with date_day from *start* to *end*.

    A table without date_day (groups) is not cut by days. Nothing imported gives an empty table with all its columns.
    """
    rows = store.table(name)
    wanted = [*([rows.market == market] if market else [])]
    if "date_day" in rows.columns:
        wanted += between(rows.date_day, start, end)
    return rows.filter(wanted) if wanted else rows
