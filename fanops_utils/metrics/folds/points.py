"""Points counted by member and by month: a row per booking stays in the engine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import ibis
import pandas as pd
import pyarrow as arrow

from fanops_utils.metrics.folds.tables import day_column, handed_over, needs

COLUMNS = ("member_key", "date_day", "kind", "points", "expires_at", "reason")
KINDS = ("issued", "redeemed", "expired", "corrected")
OF_FRAMES = {"date_day": arrow.date32(), "points": arrow.float64(), "expires_at": arrow.timestamp("us", "UTC")}
SOON = timedelta(days=90)


def points_issued(bookings: pd.DataFrame | ibis.Table) -> pd.Series:
    """Return the points issued to each member, by member_key. Columns of *bookings*: member_key, kind, points."""
    names = ("member_key", "kind", "points")
    rows = handed_over(bookings, names, OF_FRAMES) if isinstance(bookings, pd.DataFrame) else bookings
    needs(rows, *names)
    kept = rows.filter(rows.kind == "issued", rows.member_key.notnull())
    found = kept.group_by("member_key").agg(points=kept.points.sum().fill_null(0.0)).order_by("member_key").to_pandas()
    return found.set_index("member_key")["points"].astype(float)


def _until(bookings: pd.DataFrame | ibis.Table, as_of: date) -> ibis.Table:
    if isinstance(bookings, pd.DataFrame):
        bookings = handed_over(bookings, COLUMNS, OF_FRAMES)
    needs(bookings, *COLUMNS)
    rows = bookings.select(*COLUMNS).filter(lambda row: row.date_day <= as_of)
    return rows.mutate(points=rows.points.cast("float64"))


def points_by_member(bookings: pd.DataFrame | ibis.Table, *, as_of: date) -> pd.DataFrame:
    """Return the points of each member by reason up to *as_of*: member_key, reason, what was booked, and what ran out.

    Booked: issued, redeemed, expired, corrected (as booked, signs and all); booked: their sum, other kinds too; over: of
    the issued, those whose life is over (null: none), soon: those that run out within 90 days. Columns of *bookings*
    (a frame, or in the engine): member_key, date_day, kind, points, expires_at, reason.
    """
    rows = _until(bookings, as_of)
    end = datetime.combine(as_of, time(), UTC)
    issued = rows.kind == "issued"
    over = issued & (rows.expires_at <= ibis.literal(end, "timestamp('UTC')"))
    soon = issued & (rows.expires_at > ibis.literal(end, "timestamp('UTC')"))
    soon &= rows.expires_at <= ibis.literal(end + SOON, "timestamp('UTC')")
    kinds = {kind: rows.points.sum(where=rows.kind == kind).fill_null(0.0) for kind in KINDS}
    found = rows.group_by("member_key", "reason").agg(
        **kinds, booked=rows.points.sum().fill_null(0.0), over=rows.points.sum(where=over).fill_null(0.0),
        soon=rows.points.sum(where=soon).fill_null(0.0), expires=over.cast("int64").sum(),
    )  # fmt: skip
    frame = found.order_by("member_key", "reason").to_pandas()
    frame["over"] = frame["over"].astype(float).where(frame.pop("expires") > 0)
    return frame.astype(dict.fromkeys((*KINDS, "booked", "over", "soon"), "float64"))


def points_by_month(bookings: pd.DataFrame | ibis.Table, *, as_of: date) -> pd.DataFrame:
    """Return month (its first day), kind and points (as booked) up to *as_of*. Columns of *bookings*: as `points_by_member`."""
    rows = _until(bookings, as_of)
    rows = rows.mutate(month=rows.date_day.truncate("M"))
    found = rows.filter(rows.kind.notnull()).group_by("month", "kind").agg(points=rows.points.sum().fill_null(0.0))
    frame = found.order_by("month", "kind").to_pandas()
    return frame.assign(month=day_column(frame["month"])).astype({"points": "float64"})
