"""Points: issued, redeemed, expired; what part is ever used; what the company still owes its members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.intervals import Interval, ratio_of_sums

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


def points_owed(bookings: pd.DataFrame, *, as_of: date) -> PointsOwed:
    """Return the books of points at the end of *as_of*. Columns of *bookings* (table points): member_key, date_day, kind, points,
    expires_at, reason."""
    kept = _until(bookings, as_of)
    sums = kept.groupby("kind")["points"].sum()
    balance = kept.groupby("member_key")["points"].sum()
    table = used_share(bookings, as_of=as_of)
    used = _used(_lots(kept, as_of))
    owed = float(balance.clip(lower=0).sum())
    issued = kept[kept["kind"] == "issued"]
    end = pd.Timestamp(as_of)
    soon = issued[(issued["expires"] > end) & (issued["expires"] <= end + pd.Timedelta(days=90))]
    held = balance.clip(lower=0)
    running = soon.groupby("member_key")["points"].sum().clip(upper=held.reindex(soon["member_key"].unique()))
    return PointsOwed(
        issued=float(sums.get("issued", 0.0)),
        redeemed=-float(sums.get("redeemed", 0.0)),
        expired=-float(sums.get("expired", 0.0)),
        corrected=float(sums.get("corrected", 0.0)),
        owed=owed,
        members=int((held > 0).sum()),
        expiring=float(running.sum()),
        used=used,
        expected=owed * used.estimate if len(table) else np.nan,
    )


def used_share(bookings: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Return what part of the points that had their whole life was used, by what they were issued for.

    Points that ran out by *as_of* count; used is what did not expire. The interval rests on members. Returned: reason,
    issued, expired (points), estimate, ci_lower, ci_upper, n (members).
    """
    lots = _lots(_until(bookings, as_of), as_of)
    rows = []
    for reason, part in lots.groupby("reason", sort=True):
        found = _used(part)
        rows.append((reason, float(part["issued"].sum()), float(part["expired"].sum()), found.estimate,
                     found.ci_lower, found.ci_upper, found.n))  # fmt: skip
    return pd.DataFrame(rows, columns=USED)


def points_by_month(bookings: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Return month (its first day), kind, points (positive) of the whole months up to *as_of*."""
    kept = _until(bookings, as_of)
    month = kept["day"].dt.to_period("M").dt.start_time
    whole = month[(month + pd.offsets.MonthEnd(0)) <= pd.Timestamp(as_of)]
    table = kept.loc[whole.index].assign(month=whole).groupby(["month", "kind"], as_index=False)["points"].sum()
    return table.assign(points=table["points"].abs())


def _until(bookings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    need(bookings, "member_key", "date_day", "kind", "points", "expires_at", "reason")
    expires = pd.to_datetime(bookings["expires_at"], utc=True).dt.tz_localize(None)
    frame = bookings.assign(day=days(bookings["date_day"]), points=numbers(bookings["points"]), expires=expires)
    return frame[frame["day"] <= pd.Timestamp(as_of)]


def _lots(kept: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return member_key, reason, issued, expired of the points whose life is over."""
    over = kept[(kept["kind"] == "issued") & (kept["expires"] <= pd.Timestamp(as_of))]
    issued = over.groupby(["member_key", "reason"])["points"].sum()
    gone = -kept[kept["kind"] == "expired"].groupby(["member_key", "reason"])["points"].sum()
    frame = pd.DataFrame({"issued": issued}).assign(expired=gone.reindex(issued.index).fillna(0.0))
    return frame.assign(expired=frame["expired"].clip(upper=frame["issued"])).reset_index()


def _used(lots: pd.DataFrame) -> Interval:
    return ratio_of_sums(lots["issued"] - lots["expired"], lots["issued"], clusters=lots["member_key"])
