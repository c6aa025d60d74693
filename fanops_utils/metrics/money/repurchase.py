"""Who buys again, by when they first bought."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from fanops_utils.metrics.folds.orders import buyers
from fanops_utils.metrics.intervals import wilson_frame

if TYPE_CHECKING:
    import ibis

COLUMNS = ["cohort", "again", "estimate", "ci_lower", "ci_upper", "n"]


def repurchase(
    orders: pd.DataFrame | ibis.Table,
    *,
    as_of: date,
    within: int = 90,
    by: str | None = "quarter",
    last: int | None = None,
) -> pd.DataFrame:
    """Return what part of the customers bought again within so many days of their first order, by when that was.

    Columns of *orders* (a frame, or in the engine): customer_key, date_day, total, refunded_amount. Only customers
    whose days are over on *as_of* count; a second order on the day of the first is none. *by*: quarter or month of the
    first order, None: all together. *last*: only first orders of the last so many days that are over, as a target with a
    window counts them. Returned: cohort (its first day), again, estimate, ci_lower, ci_upper (Wilson), n.
    A cohort is left out until all of it is mature.
    """
    found = buyers(orders, as_of=as_of)
    ripe = pd.Timestamp(as_of) - pd.Timedelta(days=within)
    people = pd.DataFrame({"first": found["first"], "again": (found["second"] - found["first"]).dt.days <= within})
    people = people[people["first"] <= ripe]
    if last is not None:
        people = people[people["first"] > ripe - pd.Timedelta(days=last)]
    if people.empty:
        return pd.DataFrame(columns=COLUMNS)
    if by is None:
        people["cohort"] = people["first"].min()
    else:
        unit = people["first"].dt.to_period({"quarter": "Q", "month": "M"}[by])
        people = people.assign(cohort=unit.dt.start_time)[(unit.dt.end_time.dt.normalize() <= ripe).to_numpy()]
    each = people.groupby("cohort")["again"].agg(["sum", "size"])
    table = wilson_frame(each["sum"], each["size"])
    table.insert(0, "again", each["sum"].astype("int64"))
    return table.rename_axis("cohort").reset_index()[COLUMNS]
