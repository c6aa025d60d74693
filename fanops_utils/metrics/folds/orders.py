"""Orders counted by person, by day and by code: a row per order stays in the engine."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import ibis
import pandas as pd
import pyarrow as arrow

from fanops_utils.data.warehouse.engine import small_letters
from fanops_utils.metrics.folds.tables import counted, day_column, handed_over, needs, people_table, slices

AMOUNTS = ("total", "refunded_amount")
KINDS = {"date_day": arrow.date32(), **dict.fromkeys(AMOUNTS, arrow.float64())}
BUYERS = ["customer_key", "first", "second", "last", "days", "orders", "spent", "repeated"]


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

    def people(part: ibis.Table) -> ibis.Table:
        each = part.group_by(*keys, "customer_key").agg(orders=part.count(), total=part.total.sum().fill_null(0.0))
        return each.group_by(*keys, "orders").agg(people=each.count(), total=each.total.sum())

    found = counted(kept.select(*keys, "customer_key", "total"), "customer_key", people, by=[*keys, "orders"])
    whole = {"orders": "int64", "people": "int64", "total": "float64"}
    return found.astype(whole).sort_values([*keys, "orders"], ignore_index=True)


def order_rows(orders: pd.DataFrame | ibis.Table, *columns: str, amounts: bool = False) -> ibis.Table:
    """Return *columns* of *orders* in the engine, and with *amounts* `paid` and `back`; a frame is handed over to it.

    Keys and texts of a frame become text, whatever they were. paid is what was kept after refunds; an amount that no
    file tells, or that a frame has no column of, adds nothing.
    """
    if isinstance(orders, pd.DataFrame):
        orders = orders.assign(**{name: float("nan") for name in AMOUNTS if amounts and name not in orders})
        orders = handed_over(orders, [*columns, *(AMOUNTS if amounts else ())], KINDS)
    needs(orders, *columns, *(AMOUNTS if amounts else ()))
    rows = orders.select(*columns, *(AMOUNTS if amounts else ()))
    if not amounts:
        return rows
    total, back = rows.total.fill_null(0.0), rows.refunded_amount.fill_null(0.0)
    return rows.mutate(paid=(total - back).cast("float64"), gross=total.cast("float64"), back=back.cast("float64"))


def _until(orders: ibis.Table, as_of: date | None) -> ibis.Table:
    rows = orders.filter(orders.date_day.notnull())
    return rows.filter(rows.date_day <= as_of) if as_of else rows


def _by_person(orders: ibis.Table) -> Iterator[ibis.Table]:
    return slices(orders.filter(orders.customer_key.notnull()), "customer_key")


def buyers(orders: pd.DataFrame | ibis.Table, *, as_of: date | None = None) -> pd.DataFrame:
    """Return one row per customer up to *as_of*, by key: first, second and last day of buying, days, orders, spent, repeated.

    Columns of *orders*: customer_key, date_day, total, refunded_amount. second: the next day of buying (null: none);
    spent: what was paid and kept in all, repeated: on the days after the first.
    """
    rows = _until(order_rows(orders, "customer_key", "date_day", amounts=True), as_of)
    parts = [_buyers(part).to_pandas() for part in _by_person(rows)]
    found = pd.concat(parts, ignore_index=True).sort_values("customer_key", ignore_index=True)
    whole = {"days": "int64", "orders": "int64", "spent": "float64", "repeated": "float64"}
    return found.assign(**{name: day_column(found[name]) for name in ("first", "second", "last")}).astype(whole)[BUYERS]


def _buyers(rows: ibis.Table) -> ibis.Table:
    each = rows.group_by("customer_key", "date_day").agg(orders=rows.count(), paid=rows.paid.sum())
    own = ibis.window(group_by="customer_key", order_by="date_day")
    each = each.mutate(place=ibis.row_number().over(own))
    return each.group_by("customer_key").agg(
        first=each.date_day.min(), second=each.date_day.min(where=each.place == 1), last=each.date_day.max(),
        days=each.count(), orders=each.orders.sum(), spent=each.paid.sum(),
        repeated=each.paid.sum(where=each.place > 0).fill_null(0.0),
    )  # fmt: skip


def first_orders(orders: pd.DataFrame | ibis.Table, *columns: str) -> pd.DataFrame:
    """Return each customer's first order, by key: customer_key, date_day and *columns* of it.

    Of several on one day the one with the lowest order_id counts; in a frame without ids, the one that stands first.
    """
    if isinstance(orders, pd.DataFrame) and "order_id" not in orders:
        orders = orders.assign(order_id=[f"{place:012d}" for place in range(len(orders))])
    rows = _until(order_rows(orders, "customer_key", "date_day", "order_id", *columns), None)
    own = ibis.window(group_by="customer_key", order_by=["date_day", "order_id"])
    parts = []
    for part in _by_person(rows):
        ranked = part.mutate(place=ibis.row_number().over(own))
        parts.append(ranked.filter(ranked.place == 0).select("customer_key", "date_day", *columns).to_pandas())
    found = pd.concat(parts, ignore_index=True).sort_values("customer_key", ignore_index=True)
    return found.assign(date_day=day_column(found["date_day"]))


def sold_by_day(orders: pd.DataFrame | ibis.Table, *, as_of: date) -> pd.DataFrame:
    """Return date_day, orders, revenue (after refunds), returning (orders of who bought on an earlier day), up to *as_of*.

    Days without an order are not in it. Columns of *orders*: customer_key, date_day, total, refunded_amount.
    """
    rows = _until(order_rows(orders, "customer_key", "date_day", amounts=True), as_of)
    first = rows.filter(rows.customer_key.notnull()).group_by("customer_key").agg(first=rows.date_day.min())
    both = rows.left_join(first, "customer_key")
    later = (both.date_day > both.first).fill_null(False).cast("int64")
    found = both.group_by("date_day").agg(orders=both.count(), revenue=both.paid.sum(), returning=later.sum())
    frame = found.order_by("date_day").to_pandas()
    kinds = dict.fromkeys(("orders", "revenue", "returning"), "float64")
    return frame.assign(date_day=day_column(frame["date_day"])).astype(kinds)


def bought_within(orders: pd.DataFrame | ibis.Table, people: pd.DataFrame, *, last: int) -> pd.DataFrame:
    """Return for each row of *people* the orders from the day named to *last* days after it: orders, paid; 0 without any.

    *people*: customer_key, since; *orders*: customer_key, date_day, total, refunded_amount. Index as *people*.
    """
    rows = order_rows(orders, "customer_key", "date_day", amounts=True).rename(member_key="customer_key")
    named = people_table(people[["customer_key", "since"]].rename(columns={"customer_key": "member_key"}))
    both = rows.inner_join(named, "member_key")
    age = both.date_day.delta(both.since, unit="day")
    near = both.filter(age >= 0, age <= last)
    found = near.group_by("row").agg(orders=near.count(), paid=near.paid.sum()).to_pandas().set_index("row")
    found = found.reindex(range(len(people)), fill_value=0).astype({"orders": "int64", "paid": "float64"})
    return found.set_axis(people.index)


def buyers_by_code(orders: pd.DataFrame | ibis.Table, codes: Collection[str]) -> pd.DataFrame:
    """Return what each customer bought under each of *codes*: code (small letters), customer_key, first, orders, gross, back.

    Orders of nobody known stand in rows without a key. Columns of *orders*: customer_key, date_day, discount_code, total,
    refunded_amount.
    """
    listed = sorted({small_letters(code) for code in codes})
    rows = order_rows(orders, "customer_key", "date_day", "discount_code", amounts=True)
    rows = rows.mutate(code=rows.discount_code.lower())
    kept = rows.filter(rows.code.isin(listed)) if listed else rows.limit(0)
    keys = ["code", "customer_key"]
    found = kept.group_by(keys).agg(
        first=kept.date_day.min(), orders=kept.count(), gross=kept.gross.sum(), back=kept.back.sum()
    )
    frame = found.order_by(keys).to_pandas()
    return frame.assign(first=day_column(frame["first"])).astype({"orders": "int64"})


def orders_of_kind(
    orders: pd.DataFrame | ibis.Table, *, sources: Collection[str], codes: Collection[str]
) -> pd.DataFrame:
    """Return per customer how many orders there are, how many from *sources* and how many under *codes*.

    Columns: customer_key (null: all orders of nobody known), orders, with_source (those that name one), from_sources,
    under_codes. Columns of *orders*: customer_key, source, discount_code.
    """
    rows = order_rows(orders, "customer_key", "source", "discount_code")
    listed = sorted({small_letters(code) for code in codes})
    none = ibis.literal(0, "int64")
    placed = rows.source.isin(sorted(sources)).fill_null(False).cast("int64") if sources else none
    under = rows.discount_code.lower().isin(listed).fill_null(False).cast("int64") if listed else none
    rows = rows.mutate(placed=placed, under=under)
    found = rows.group_by("customer_key").agg(
        orders=rows.count(),
        with_source=rows.source.count(),
        from_sources=rows.placed.sum(),
        under_codes=rows.under.sum(),
    )
    names = ("orders", "with_source", "from_sources", "under_codes")
    return found.order_by("customer_key").to_pandas().astype(dict.fromkeys(names, "int64"))


def paid_for(orders: pd.DataFrame | ibis.Table, numbers_of: pd.Series) -> pd.Series:
    """Return what was paid and kept for each order of *numbers_of* (order_id, null: none), by its index; 0 where unknown."""
    rows = order_rows(orders, "order_id", amounts=True)
    asked = pd.DataFrame({"order_id": numbers_of.dropna().astype("string").unique()})
    kinds = arrow.schema([("order_id", arrow.string())])
    wanted = ibis.memtable(arrow.Table.from_pandas(asked, kinds, preserve_index=False))
    found = rows.semi_join(wanted, "order_id").group_by("order_id").agg(paid=ibis._.paid.max()).to_pandas()
    return numbers_of.astype("string").map(found.set_index("order_id")["paid"]).astype(float).fillna(0.0)


def most_common(orders: pd.DataFrame | ibis.Table, column: str) -> list[str]:
    """Return the values of *column* that *orders* hold, the most frequent first."""
    rows = order_rows(orders, column)
    known = rows.filter(rows[column].notnull())
    found = known.group_by(column).agg(times=known.count()).order_by(ibis.desc("times"), column)
    return [str(value) for value in found.to_pandas()[column]]
