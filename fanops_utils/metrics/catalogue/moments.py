"""Rows in Ibis added up by day: what each kind of estimate needs, as a small frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import ibis

KEYS = ("market", "platform")


def keys_in(rows: ibis.Table, more: Sequence[str] = ()) -> list[str]:
    """Return date_day and those of market, platform and *more* that *rows* have."""
    return ["date_day", *(name for name in (*KEYS, *more) if name in rows.columns)]


def totals(rows: ibis.Table, value: Any | None = None, *, by: Sequence[str]) -> pd.DataFrame:
    """Return value (sum of *value*, by default the number of rows) and n (rows with a value) by *by*."""
    if value is None:
        return _framed(rows.group_by(by).agg(value=rows.count(), n=rows.count()), by)
    return _framed(rows.group_by(by).agg(value=value.sum(), n=value.count()), by)


def shares(rows: ibis.Table, hit: Any, *, by: Sequence[str], of: Any | None = None) -> pd.DataFrame:
    """Return top (rows that *hit*, or its sum) and base (all rows, or the sum of *of*) by *by*; pairs with null left out."""
    top = hit.cast("float64")
    base = top * 0 + 1 if of is None else of.cast("float64")
    kept = rows.mutate(top=top, base=base).filter(lambda t: t.top.notnull() & t.base.notnull())
    return _framed(kept.group_by(by).agg(top=kept.top.sum(), base=kept.base.sum()), by)


def ratios(rows: ibis.Table, top: Any, base: Any | None = None, *, by: Sequence[str]) -> pd.DataFrame:
    """Return n and the first and second moments of the pairs (*top*, *base*) by *by*; without *base* it is 1: a mean.

    Pairs with a null, or whose base is zero or less, are left out.
    """
    kept = rows.mutate(top=top.cast("float64"))
    kept = kept.mutate(base=kept.top * 0 + 1 if base is None else base.cast("float64"))
    kept = kept.filter(kept.top.notnull(), kept.base > 0)
    return _framed(kept.group_by(by).agg(
        n=kept.count(), top=kept.top.sum(), base=kept.base.sum(), top2=(kept.top * kept.top).sum(),
        base2=(kept.base * kept.base).sum(), cross=(kept.top * kept.base).sum(),
    ), by)  # fmt: skip


def _framed(expression: ibis.Table, by: Sequence[str]) -> pd.DataFrame:
    frame = expression.order_by(*by).to_pandas()
    frame["date_day"] = pd.to_datetime(frame["date_day"]).astype("datetime64[us]")
    return frame
