"""What an offer added: who got it against who was drawn by lot not to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.folds import bought_within, by_value, most_common, paid_for

if TYPE_CHECKING:
    import ibis

SEEN = 2.8  # standard errors of an effect that is found with a power of 80 % at 95 %
LEAST = 30  # people in an arm
WIN_BACK = "win_back"
OF_PEOPLE = ("person_key", "kind", "arm", "redeemed_at", "order_id", "code", "cost", "currency")
COLUMNS = [
    "offer", "kind", "sent", "held_out", "redeemed", "redeemed_revenue", "base", "estimate", "ci_lower", "ci_upper", "smallest",
    "orders", "orders_lower", "orders_upper", "first", "until", "status", "code", "costed",
]  # fmt: skip


def offer_effects(
    offers: pd.DataFrame | ibis.Table,
    orders: pd.DataFrame | ibis.Table,
    *,
    as_of: date,
    window: int = 28,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return one row per offer to buyers: what each person it was sent to bought more than who was held out.

    *offers* (a frame, or in the engine, where one offer after the other is read): offer, person_key, kind, arm, date_day,
    redeemed_at, order_id, code, cost, currency; *orders* (likewise): customer_key, date_day, total, refunded_amount,
    order_id, currency. What somebody bought in the *window* days from the offer on counts, less refunds and, where it is in
    the orders' currency, the offer's own cost (costed): estimate with ci_lower and ci_upper (Welch), per person; base: per
    person held out; smallest: the effect that would have been seen; orders: extra orders per person. status: measured;
    too_early (the window still runs); no_orders (nobody's order of those days is in the data: two arms of nothing have no
    difference); no_holdout, few (under 30 in an arm): then only redeemed and redeemed_revenue (revenue with the offer, which is
    not extra). Messages to win members back are not sales offers and are left out.
    """
    if isinstance(offers, pd.DataFrame):
        need(offers, "offer", "person_key", "kind", "arm", "date_day")
        sales = offers[offers["kind"] != WIN_BACK]
    else:
        sales = offers.filter(offers.kind.fill_null("") != WIN_BACK)
    rows, sold_in = [], set(most_common(orders, "currency"))
    for name, people in by_value(sales, "offer", *OF_PEOPLE):
        people = people.drop_duplicates("person_key")
        start = days(people["date_day"])
        bought = _bought(people, start, orders, window)
        until = start.max() + pd.Timedelta(days=window)
        costed = "cost" in people and set(people["currency"].dropna()) <= sold_in
        net = bought["revenue"] - (np.nan_to_num(numbers(people["cost"])) if costed else 0.0)
        sent = (people["arm"] == "sent").to_numpy()
        used = people["redeemed_at"].notna().to_numpy()
        status = _status(sent, until, as_of, bought["orders"])
        effect = _welch(net[sent], net[~sent], level) if status == "measured" else (np.nan,) * 3
        extra = (
            _welch(bought["orders"][sent], bought["orders"][~sent], level) if status == "measured" else (np.nan,) * 3
        )
        base = float(net[~sent].mean()) if (~sent).any() else np.nan
        smallest = SEEN * _error(net[sent], net[~sent]) if status == "measured" else np.nan
        rows.append((name, people["kind"].iloc[0], int(sent.sum()), int((~sent).sum()), int(used.sum()),
                     float(bought["under"].sum()), base, *effect, smallest, *extra, start.min(), until, status,
                     _code(people), costed))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _bought(
    people: pd.DataFrame, start: pd.Series, orders: pd.DataFrame | ibis.Table, window: int
) -> dict[str, np.ndarray]:
    """Return revenue and number of orders of each of *people* in the window, and revenue of the order the offer was used in."""
    who = pd.DataFrame({"customer_key": people["person_key"], "since": start})
    found = bought_within(orders, who, last=window - 1)
    used = people["order_id"] if "order_id" in people else pd.Series(pd.NA, index=people.index, dtype="string")
    return {
        "revenue": found["paid"].to_numpy(float),
        "orders": found["orders"].to_numpy(float),
        "under": paid_for(orders, used).to_numpy(float),
    }


def _status(sent: np.ndarray, until: pd.Timestamp, as_of: date, orders: np.ndarray) -> str:
    if sent.all():
        return "no_holdout"
    if min(sent.sum(), (~sent).sum()) < LEAST:
        return "few"
    if until > pd.Timestamp(as_of) + pd.Timedelta(days=1):
        return "too_early"
    return "measured" if orders.any() else "no_orders"


def _error(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))


def _welch(a: np.ndarray, b: np.ndarray, level: float) -> tuple[float, float, float]:
    """Return mean(a) - mean(b) with its interval."""
    difference, error = float(a.mean() - b.mean()), _error(a, b)
    if error == 0:
        return difference, np.nan, np.nan
    parts = np.array([a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)])
    freedom = parts.sum() ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    half = float(stats.t.ppf(0.5 + level / 2, freedom)) * error
    return difference, difference - half, difference + half


def _code(people: pd.DataFrame) -> str:
    known = people["code"].dropna() if "code" in people else pd.Series(dtype=object)
    return str(known.iloc[0]) if len(known) else ""
