"""What customers are worth in the year to come, with the holdout that says how far such a forecast missed before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.folds import buyers
from fanops_utils.models.commerce.buying import BuyingModel, NoStableFit, TooFewBuyers, expected_orders, fit_buying
from fanops_utils.models.commerce.spending import SpendingModel, fit_spending

if TYPE_CHECKING:
    import ibis

YEAR = 52.0
GROUPS = 10
HOLDOUT_WEEKS = 26.0
HISTORY = ["customer_key", "x", "t_x", "T", "value", "spent"]


@dataclass(frozen=True)
class LifetimeValue:
    """The forecast per customer of the next `weeks`: orders and value (mean per customer), with their intervals.

    `missed` is how far the orders of the holdout lay from its forecast (actual / forecast - 1; None: history too short),
    `deciles` the holdout by tenth of expected orders: decile, expected, actual, ci_lower, ci_upper, n. `top_share`: the
    part of the expected value that the most valuable tenth holds. `customers`: customer_key, orders, value expected.
    """

    weeks: float
    orders: float
    orders_range: tuple[float, float]
    value: float
    value_range: tuple[float, float]
    missed: float | None
    deciles: pd.DataFrame
    top_share: float
    buying: BuyingModel
    spending: SpendingModel
    customers: pd.DataFrame


def purchase_history(orders: pd.DataFrame | ibis.Table, *, as_of: date) -> pd.DataFrame:
    """Return one row per customer up to *as_of*: x (days of buying after the first), t_x, T (weeks), value, spent.

    Columns of *orders* (a frame, or in the engine): customer_key, date_day, total, refunded_amount. Orders of one day
    are one; value is the mean of the repeat days, spent what was paid and kept in all; orders without a customer are
    left out.
    """
    each = buyers(orders, as_of=as_of)
    again = (each["days"] - 1).astype(float)
    return pd.DataFrame({
        "customer_key": each["customer_key"], "x": again,
        "t_x": (each["last"] - each["first"]).dt.days / 7,
        "T": (pd.Timestamp(as_of) - each["first"]).dt.days / 7,
        "value": each["repeated"] / again.where(again > 0), "spent": each["spent"],
    })  # fmt: skip


def lifetime_value(
    orders: pd.DataFrame | ibis.Table, *, as_of: date, weeks: float = YEAR, level: float = 0.95
) -> LifetimeValue | TooFewBuyers | NoStableFit:
    """Return what customers are expected to buy in the *weeks* after *as_of*; or why that cannot be told.

    *orders*: as `purchase_history`. The interval holds the uncertainty of the fit, not what a model without seasons
    cannot know: that shows in the holdout.
    """
    history = purchase_history(orders, as_of=as_of)
    buying = fit_buying(history)
    if not isinstance(buying, BuyingModel):
        return buying
    spending = fit_spending(history)
    if not isinstance(spending, SpendingModel):
        return spending
    count, each = buying.expected(history, weeks=weeks), spending.expected(history)
    value = count * each
    spread = _relative_error(buying, history, weeks)
    repeat = history.loc[history["x"] > 0, "value"]
    both = float(np.hypot(spread, repeat.std() / np.sqrt(len(repeat)) / repeat.mean()))
    half = stats.norm.ppf(0.5 + level / 2)
    missed, deciles = _holdout(orders, history, as_of)
    largest = np.sort(value)[::-1][: -(-len(value) // GROUPS)]
    return LifetimeValue(
        weeks=weeks,
        orders=float(count.mean()),
        orders_range=_around(float(count.mean()), half * spread),
        value=float(value.mean()),
        value_range=_around(float(value.mean()), half * both),
        missed=missed,
        deciles=deciles,
        top_share=float(largest.sum() / value.sum()),
        buying=buying,
        spending=spending,
        customers=pd.DataFrame({"customer_key": history["customer_key"], "orders": count, "value": value}),
    )


def holdout_check(before: pd.DataFrame, bought: np.ndarray, *, weeks: float) -> tuple[float, pd.DataFrame] | None:
    """Return how far the orders *bought* in the *weeks* after the history *before* lay from its forecast, by tenths.

    Returned: actual / forecast - 1, and decile, expected, actual (orders per customer), ci_lower, ci_upper, n. None
    where no model fits.
    """
    model = fit_buying(before)
    if not isinstance(model, BuyingModel):
        return None
    expected = model.expected(before, weeks=weeks)
    rank = np.argsort(np.argsort(expected, kind="stable"), kind="stable")
    rows = pd.DataFrame({"decile": rank * GROUPS // len(rank) + 1, "expected": expected, "actual": bought})
    each = rows.groupby("decile").agg(
        expected=("expected", "mean"), actual=("actual", "mean"), sd=("actual", "std"), n=("actual", "size")
    )
    half = stats.t.ppf(0.975, each["n"] - 1) * each["sd"] / np.sqrt(each["n"])
    table = each.assign(ci_lower=(each["actual"] - half).clip(lower=0), ci_upper=each["actual"] + half)
    return float(bought.sum() / expected.sum() - 1), table.drop(columns="sd").reset_index()


def _holdout(
    orders: pd.DataFrame | ibis.Table, history: pd.DataFrame, as_of: date
) -> tuple[float | None, pd.DataFrame]:
    """Return the check over the last 26 weeks, or half of the history where that is shorter."""
    nothing = pd.DataFrame(columns=["decile", "expected", "actual", "n", "ci_lower", "ci_upper"], dtype=float)
    weeks = min(HOLDOUT_WEEKS, float(history["T"].max()) / 2)
    cut = as_of - timedelta(days=round(weeks * 7))
    before = purchase_history(orders, as_of=cut)
    now = before["customer_key"].map(history.set_index("customer_key")["x"])
    bought = (now - before["x"]).to_numpy(float)  # days of buying since
    found = holdout_check(before, bought, weeks=round(weeks * 7) / 7) if len(before) else None
    return found or (None, nothing)


def _relative_error(model: BuyingModel, history: pd.DataFrame, weeks: float, step: float = 1e-3) -> float:
    """Return the relative standard error of the expected orders in all, by the delta method on the log parameters."""
    logs = np.log(model.parameters)

    def total(shift: np.ndarray) -> float:
        return float(np.log(expected_orders(np.exp(logs + shift), history, weeks=weeks).sum()))

    slope = np.array([(total(unit) - total(-unit)) / (2 * step) for unit in np.eye(len(logs)) * step])
    variance = float(slope @ model.covariance @ slope)
    return float(np.sqrt(variance)) if variance > 0 else float("nan")


def _around(value: float, relative: float) -> tuple[float, float]:
    return value * float(np.exp(-relative)), value * float(np.exp(relative))
