"""Points: issued, redeemed, expired; what part is ever used; what the company still owes its members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics import folds
from fanops_utils.metrics.folds import points_by_member
from fanops_utils.metrics.intervals import Interval, ratio_of_sums

if TYPE_CHECKING:
    import ibis

USED = ["reason", "issued", "expired", "estimate", "ci_lower", "ci_upper", "n"]


@dataclass(frozen=True)
class PointsOwed:
    """The books on a day: points `issued`, `redeemed`, `expired` and `corrected` in all, and `owed`, what is left.

    `members` hold them; `expiring` of them run out within 90 days unless they are used; `expected` is what will be
    redeemed of them if they are used as matured points were (`used`, a share; NaN bounds: none has matured).
    """

    issued: float
    redeemed: float
    expired: float
    corrected: float
    owed: float
    members: int
    expiring: float
    used: Interval
    expected: float


def points_owed(bookings: pd.DataFrame | ibis.Table, *, as_of: date) -> PointsOwed:
    """Return the books of points at the end of *as_of*.

    Columns of *bookings* (table points, a frame or in the engine): member_key, date_day, kind, points, expires_at, reason.
    """
    each = points_by_member(bookings, as_of=as_of)
    balance = each.groupby("member_key")["booked"].sum().clip(lower=0)
    used, owed = _used(_lots(each)), float(balance.sum())
    soon = each.groupby("member_key")["soon"].sum()
    return PointsOwed(
        issued=float(each["issued"].sum()),
        redeemed=-float(each["redeemed"].sum()),
        expired=-float(each["expired"].sum()),
        corrected=float(each["corrected"].sum()),
        owed=owed,
        members=int((balance > 0).sum()),
        expiring=float(soon.clip(upper=balance).sum()),
        used=used,
        expected=owed * used.estimate if len(_lots(each)) else np.nan,
    )


def used_share(bookings: pd.DataFrame | ibis.Table, *, as_of: date) -> pd.DataFrame:
    """Return what part of the points that had their whole life was used, by what they were issued for.

    Points that ran out by *as_of* count; used is what did not expire. The interval rests on members. Returned: reason,
    issued, expired (points), estimate, ci_lower, ci_upper, n (members).
    """
    lots = _lots(points_by_member(bookings, as_of=as_of))
    rows = []
    for reason, part in lots.groupby("reason", sort=True):
        found = _used(part)
        rows.append((reason, float(part["issued"].sum()), float(part["expired"].sum()), found.estimate,
                     found.ci_lower, found.ci_upper, found.n))  # fmt: skip
    return pd.DataFrame(rows, columns=USED)


def points_by_month(bookings: pd.DataFrame | ibis.Table, *, as_of: date) -> pd.DataFrame:
    """Return month (its first day), kind, points (positive) of the whole months up to *as_of*."""
    table = folds.points_by_month(bookings, as_of=as_of)
    whole = table["month"] + pd.offsets.MonthEnd(0) <= pd.Timestamp(as_of)
    return table[whole].reset_index(drop=True).assign(points=lambda kept: kept["points"].abs())


def _lots(each: pd.DataFrame) -> pd.DataFrame:
    """Return member_key, reason, issued, expired of the points whose life is over, of `folds.points_by_member`."""
    over = each.dropna(subset=["over", "member_key", "reason"])
    expired = (-over["expired"]).clip(upper=over["over"])
    return over[["member_key", "reason"]].assign(issued=over["over"], expired=expired)


def _used(lots: pd.DataFrame) -> Interval:
    return ratio_of_sums(lots["issued"] - lots["expired"], lots["issued"], clusters=lots["member_key"])
