"""What a new customer brings against what one costs, by channel, and after how many months that is even."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import ParameterError
from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.folds import paid_until
from fanops_utils.text import say

if TYPE_CHECKING:
    import ibis

MONTHS = (12, 6, 3)  # the longest time is taken that enough customers have had
MONTH = 365.25 / 12
FEWEST, FEWEST_WON = 30, 10
SEEN = 0.5  # assumed: codes, links and a network's shop see at least this part of the customers a channel brought
UNSEEN = pd.Series({"n": 0, "estimate": np.nan, "ci_lower": np.nan, "ci_upper": np.nan, "error": np.nan})
EARNED = ["channel", "month", "n", "estimate", "ci_lower", "ci_upper", "error"]
COMPARED = [
    "channel", "cost", "cost_lower", "cost_upper", "won", "value", "value_lower", "value_upper", "n", "times", "times_lower",
    "times_upper", "months", "verdict",
]  # fmt: skip


def earned_by_month(
    orders: pd.DataFrame | ibis.Table, first: pd.DataFrame, *, as_of: date, level: float = 0.95
) -> pd.DataFrame:
    """Return what new customers had paid and kept by the end of each month since their first order, on average.

    *orders*: customer_key, date_day, total, refunded_amount; *first*: a row per customer, customer_key, date_day, channel
    (`new_customers`). Returned: channel ("all": every customer), month (1 to 12, or to 6 or 3 where fewer than 30 have had
    so long), n, estimate, ci_lower, ci_upper (t), error (relative). Only customers who have had all these months count, so
    that a month does not rest on others than the one before.
    """
    need(first, "customer_key", "date_day", "channel")
    age = (pd.Timestamp(as_of) - days(first["date_day"])).dt.days
    months = next((one for one in MONTHS if (age >= one * MONTH).sum() >= FEWEST), None)
    if months is None:
        return pd.DataFrame(columns=EARNED)
    ripe = first[age >= months * MONTH].rename(columns={"date_day": "since"}).reset_index(drop=True)
    paid = paid_until(orders, ripe, lasts=[int(month * MONTH) for month in range(1, months + 1)])
    rows = []
    for channel, part in [("all", ripe), *ripe.groupby("channel")]:
        each = paid.loc[part.index].to_numpy(float)
        n, mean = len(each), each.mean(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            error = each.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full(months, np.nan)
            half = stats.t.ppf(0.5 + level / 2, n - 1) * error if n > 1 else error
            relative = error / mean
        rows += [
            (channel, month + 1, n, mean[month], mean[month] - half[month], mean[month] + half[month], relative[month])
            for month in range(months)
        ]
    return pd.DataFrame(rows, columns=EARNED)


def in_one_currency(costs: pd.DataFrame, currency: str, *, rate: float | None) -> pd.DataFrame:
    """Return *costs* (`cost_rows`) in *currency*, where *rate* is what one unit of the other is worth in it.

    Points stay points. Without a rate, or with costs in several others, they stay as they are.
    """
    other = ~costs["currency"].isin([currency, "points"])
    if rate is None or costs.loc[other, "currency"].nunique() != 1:
        return costs
    return costs.assign(amount=costs["amount"].where(~other, costs["amount"] * rate),
                        currency=costs["currency"].where(~other, currency))  # fmt: skip


def against_cost(
    costs: pd.DataFrame, earned: pd.DataFrame, *, currency: str, margin: float | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Return per channel how many times its cost a new customer has brought back, and after how many months once.

    *costs*: `winning_costs`, of which rows in *currency* with a customer won count; *earned*: `earned_by_month`; *margin*:
    what is left of a sale after goods and delivery (None: all of it, revenue). times = margin * value / cost, its interval from
    both errors together (the customers won as Poisson, logs). months: the first month by which as much was brought as spent
    (NaN: not in the months seen). verdict: earns (interval above 1), costs (below 1; of a single channel below half, as codes
    are assumed to see half of the customers at least), open, few (under 30 customers seen so long, or under 10 won).
    Raises ParameterError where *margin* is no part of a sale.
    """
    margin = 1.0 if margin is None else margin
    if not 0 < margin <= 1:
        raise ParameterError(
            say("a margin is a part of a sale: above 0 and at most 1"), value=margin, hint=say("0.6 is 60% of a sale")
        )
    rows = []
    own = costs[costs["currency"] == currency]
    for cost in own.to_dict("records"):
        course = earned[earned["channel"] == cost["channel"]].sort_values("month")
        if not cost["won"]:
            continue
        last = course.iloc[-1] if len(course) else UNSEEN
        value = margin * float(last["estimate"])
        times = value / cost["estimate"]
        spread = stats.norm.ppf(0.5 + level / 2) * float(np.hypot(last["error"], 1 / np.sqrt(cost["won"])))
        even = course.loc[margin * course["estimate"] >= cost["estimate"], "month"]
        low, high = times * float(np.exp(-spread)), times * float(np.exp(spread))
        few = last["n"] < FEWEST or cost["won"] < FEWEST_WON or not np.isfinite(low)
        part = 1.0 if cost["channel"] == "all" else SEEN
        rows.append((
            cost["channel"], cost["estimate"], cost["ci_lower"], cost["ci_upper"], int(cost["won"]), value,
            margin * float(last["ci_lower"]), margin * float(last["ci_upper"]), int(last["n"]), times, low, high,
            float(even.min()) if len(even) else np.nan,
            "few" if few else "earns" if low > 1 else "costs" if high < part else "open",
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=COMPARED)
