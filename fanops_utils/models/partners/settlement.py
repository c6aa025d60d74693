"""Settlement: what a partner is due by its own terms, once returned orders are taken back, and what was paid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need

TOLERANCE = 0.01  # of what is due: rounding of monthly statements
LEAST = 1.0  # in the currency settled in
COLUMNS = [
    "partner",
    "basis",
    "currency",
    "periods",
    "orders",
    "orders_shop",
    "revenue",
    "returned",
    "due",
    "paid",
    "difference",
    "unchecked",
    "state",
]
GIVEN = ["partner", "period_start", "period_end", "basis", "code", "currency", "rate", "per_order", "clawed_back"]
PERIODS = [*GIVEN, "orders", "orders_shop", "revenue", "back", "due", "paid_out", "paid", "paid_checked", "unchecked"]


def settlement_check(settlements: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Return per partner and basis what was due and what was paid net of clawback, largest difference first.

    *settlements* (table settlements): partner, period_start, period_end, basis, code, orders, revenue, rate, per_order, paid,
    clawed_back, currency. *orders*: discount_code, date_day, total, refunded_amount, void (cancelled or voided). Returned:
    periods, orders and revenue as reported, orders_shop (with the code in the shop), returned (share of their value given
    back), due (share of sales: rate x revenue kept; per order: amount x orders kept; a fee: as agreed is not known here),
    paid (net), difference (paid less due), unchecked (periods without an order under the code in the shop), state: settled,
    overpaid, underpaid, unknown (also where all that could be checked are periods in which nothing was sold). The share returned
    is taken from the shop in its own currency, so no rate of exchange is needed.
    """
    need(
        settlements,
        "partner",
        "period_start",
        "period_end",
        "basis",
        "code",
        "orders",
        "revenue",
        "rate",
        "per_order",
        "paid",
        "clawed_back",
        "currency",
    )
    need(orders, "discount_code", "date_day", "total", "refunded_amount", "void")
    each = settlement_periods(settlements, orders)
    if each.empty:
        return pd.DataFrame(columns=COLUMNS)
    grouped = each.groupby(["partner", "basis", "currency"], dropna=False)
    table = grouped.agg(
        periods=("paid", "size"),
        orders=("orders", "sum"),
        orders_shop=("orders_shop", "sum"),
        revenue=("revenue", "sum"),
        back=("back", "sum"),
        due=("due", lambda one: one.sum(min_count=1)),
        paid_checked=("paid_checked", "sum"),
        paid=("paid", "sum"),
        unchecked=("unchecked", "sum"),
    ).reset_index()
    table["returned"] = (table["back"] / table["revenue"]).where(table["revenue"] > 0)
    bare = (table["unchecked"] > 0) & (
        table["orders_shop"] == 0
    )  # what was checked are periods in which nothing was sold
    table[["returned", "due"]] = table[["returned", "due"]].mask(bare)
    table["difference"] = table["paid_checked"] - table["due"]
    free = np.maximum(LEAST, TOLERANCE * table["due"].abs())
    table["state"] = np.where(
        table["due"].isna(),
        "unknown",
        np.where(table["difference"] > free, "overpaid", np.where(table["difference"] < -free, "underpaid", "settled")),
    )
    return table[COLUMNS].sort_values("difference", ascending=False, ignore_index=True)


def settlement_periods(settlements: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Return each settlement with what it makes due: the lines that `settlement_check` adds up, in the order given.

    Columns: partner, period_start, period_end, basis, code, currency, orders, orders_shop, revenue, back (revenue given
    back), rate, per_order, due (null where it cannot be told), paid_out, clawed_back, paid (net), paid_checked, unchecked.
    """
    shop = orders.assign(code=orders["discount_code"].astype("string").str.upper(), day=days(orders["date_day"]))
    return pd.DataFrame([_period(row, shop) for row in settlements.to_dict("records")], columns=PERIODS)


def _period(row: dict[Any, Any], shop: pd.DataFrame) -> dict[str, object]:
    start, end = pd.Timestamp(row["period_start"]), pd.Timestamp(row["period_end"])
    code = str(row["code"]).upper() if pd.notna(row["code"]) else ""
    mine = shop[(shop["code"] == code) & shop["day"].between(start, end)]
    worth = float(mine["total"].sum())
    back = float(mine["refunded_amount"].fillna(0).where(~mine["void"], mine["total"]).clip(upper=mine["total"]).sum())
    kept = 1 - back / worth if worth > 0 else np.nan
    revenue, reported = _number(row["revenue"]), _number(row["orders"])
    paid = _number(row["paid"], 0.0) - _number(row["clawed_back"], 0.0)
    nothing = reported == 0 and not len(mine)
    if row["basis"] == "cps":
        due = 0.0 if nothing else _number(row["rate"]) * revenue * kept
    elif row["basis"] == "cpa":
        voided = float(mine["void"].mean()) if len(mine) else np.nan
        due = 0.0 if nothing else _number(row["per_order"]) * reported * (1 - voided)
    else:
        due = np.nan
    known = bool(np.isfinite(due))
    return {
        **{name: row[name] for name in GIVEN},
        "paid_out": _number(row["paid"], 0.0),
        "orders": reported,
        "orders_shop": len(mine),
        "revenue": revenue,
        "back": revenue * (1 - kept) if np.isfinite(kept) else 0.0,
        "due": due,
        "paid": paid,
        "paid_checked": paid if known else 0.0,
        "unchecked": int(not known),
    }


def _number(value: object, missing: float = np.nan) -> float:
    return missing if pd.isna(value) else float(value)  # type: ignore[call-overload, arg-type]
