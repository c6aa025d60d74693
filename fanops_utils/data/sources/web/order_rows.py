"""What shops' lists of sold articles share: the rows of one order together."""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.shared.cells import Cells


def first_of(values: pd.Series, order: pd.Series) -> pd.Series:
    """Return *values* with, on each row, the first that any row of its *order* has."""
    return values.groupby(order).transform("first")


def sum_of(values: pd.Series, order: pd.Series) -> pd.Series:
    """Return on each row the sum of *values* over its *order*; null where one of them is missing."""
    whole = values.notna().groupby(order).transform("all").astype("boolean").fillna(value=False)
    return values.groupby(order).transform("sum").where(whole)


def reject_repeats(cells: Cells, column: str) -> None:
    """Reject rows that stand in the file twice: a line pasted again, or two equal articles; nothing tells which."""
    reason = "this row stands in the file twice: pasted again, or two equal articles of one order"
    cells.reject(column, cells.frame.duplicated(keep=False), reason)


def reject_broken_orders(cells: Cells, order: pd.Series, column: str, shape: str) -> None:
    """Reject the other rows of an order of which one was rejected: what is left of it would pass for the whole.

    In a broken row the order's number, of *shape*, may stand among other things.
    """
    bad = order.index.isin([reject.row for reject in cells.rejects])
    lost = set(cells.raw(column)[bad].str.extract(f"({shape})", expand=False).dropna()) | set(order[bad].dropna())
    cells.reject(column, order.isin(lost) & ~bad, "another row of its order was set aside")
