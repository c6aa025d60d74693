"""How many people ordered how often."""

from __future__ import annotations

from datetime import date

import ibis
import pandas as pd

from fanops_utils.metrics.folds.tables import needs


def orders_per_person(
    orders: ibis.Table, *, start: date | None = None, end: date | None = None, by: str | None = None
) -> pd.DataFrame:
    """Return how many people placed so many orders from *start* to *end*: [by,] orders (from 1), people, total.

    Columns of *orders*: customer_key, date_day, total, cancelled_at, and *by*. Cancelled orders, and those of nobody
    known, are left out; total is the sum of what these people paid (orders without an amount add nothing).
    """
    keys = [by] if by else []
    needs(orders, "customer_key", "date_day", "total", "cancelled_at", *keys)
    kept = orders.filter(orders.customer_key.notnull(), orders.cancelled_at.isnull())
    kept = kept.filter(kept.date_day >= start) if start else kept
    kept = kept.filter(kept.date_day <= end) if end else kept
    each = kept.group_by(*keys, "customer_key").agg(orders=kept.count(), total=kept.total.sum().fill_null(0.0))
    found = each.group_by(*keys, "orders").agg(people=each.count(), total=each.total.sum())
    return (
        found.order_by(*keys, "orders").to_pandas().astype({"orders": "int64", "people": "int64", "total": "float64"})
    )
