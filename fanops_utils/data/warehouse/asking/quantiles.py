"""Quantiles by ranks: window functions that every engine has, where some know no exact quantile."""

from __future__ import annotations

from collections.abc import Sequence

import ibis


def quantiles(rows: ibis.Table, value: ibis.Value, *, by: Sequence[str] = (), **shares: float) -> ibis.Table:
    """Return *by* and a column per name of *shares*: that quantile of *value*, null where nothing has one.

    Between two values it is interpolated, as `quantile_cont` of DuckDB and `numpy.quantile` do.
    """
    known = rows.select(*by, value=value.cast("float64"))
    known = known.filter(known.value.notnull())
    within = ibis.window(group_by=list(by)) if by else ibis.window()
    own = ibis.window(group_by=list(by), order_by=known.value) if by else ibis.window(order_by=known.value)
    last = known.value.count().over(within) - 1
    ranked = known.mutate(rank=ibis.row_number().over(own), last=last)
    return ranked.aggregate(by=list(by), **{name: _at(ranked, share) for name, share in shares.items()})


def _at(ranked: ibis.Table, share: float) -> ibis.Value:
    place = ranked["last"] * share
    low = place.floor()
    below = ranked.value.max(where=ranked["rank"] == low)
    above = ranked.value.max(where=ranked["rank"] == place.ceil())
    return below + (above - below) * (place - low).max()
