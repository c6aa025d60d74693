"""What a new customer costs, by channel and in all, and what one more would cost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.folds.orders import first_orders

if TYPE_CHECKING:
    import ibis

LEAST_MONTHS = 12
COLUMNS = ["channel", "currency", "cost", "won", "estimate", "ci_lower", "ci_upper"]


def winning_costs(costs: pd.DataFrame, won: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Return the cost per new customer by channel and currency: channel, currency, cost, won, estimate, ci_lower, ci_upper.

    *costs*: channel, amount, currency; *won*: channel, a row per new customer. Channels without cost are left out; the row
    "all" divides all costs of one currency by all new customers, those of channels without cost too. The interval takes the
    number won as Poisson; without any it has no upper end.
    """
    need(costs, "channel", "amount", "currency")
    counts = won["channel"].value_counts()
    rows = []
    for (channel, currency), part in costs.groupby(["channel", "currency"], sort=True):
        rows.append((channel, currency, float(numbers(part["amount"]).sum()), int(counts.get(channel, 0))))
    for currency, part in costs.groupby("currency", sort=True):
        rows.append(("all", currency, float(numbers(part["amount"]).sum()), len(won)))
    frame = pd.DataFrame(rows, columns=COLUMNS[:4])
    lower, upper = _poisson(frame["won"].to_numpy(float), level)
    cost = frame["cost"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return frame.assign(
            estimate=np.where(frame["won"] > 0, cost / frame["won"], np.nan), ci_lower=cost / upper,
            ci_upper=np.where(lower > 0, cost / lower, np.nan),
        )  # fmt: skip


@dataclass(frozen=True)
class NextCustomer:
    """The cost of one more customer over *months*: NaN where spending more did not clearly bring more."""

    estimate: float
    ci_lower: float
    ci_upper: float
    months: int


def next_customer(costs: pd.DataFrame, won: pd.DataFrame, *, level: float = 0.95) -> NextCustomer:
    """Return the cost of one more customer: months with more spending against months with less.

    *costs*: date_day, amount (one currency); *won*: date_day. The slope of new customers on spending by month, robust
    interval (HC3); months were not spent on by lot, so it is what goes with spending, not what it causes. NaN below twelve
    months, without different spending, and where the slope is not clearly above zero.
    """
    import statsmodels.api as sm

    month = [days(frame["date_day"]).dt.to_period("M") for frame in (costs, won)]
    if not len(costs) or not len(won):
        return NextCustomer(np.nan, np.nan, np.nan, 0)
    index = pd.period_range(min(month[1].min(), month[0].min()), max(month[1].max(), month[0].max()), freq="M")
    spent = pd.Series(numbers(costs["amount"]), index=month[0]).groupby(level=0).sum().reindex(index, fill_value=0.0)
    new = month[1].value_counts().reindex(index, fill_value=0).astype(float)
    if len(index) < LEAST_MONTHS or spent.std() == 0 or (spent > 0).sum() < LEAST_MONTHS // 2:
        return NextCustomer(np.nan, np.nan, np.nan, len(index))
    fit = sm.OLS(new.to_numpy(), sm.add_constant(spent.to_numpy())).fit(cov_type="HC3")
    low, high = fit.conf_int(alpha=1 - level)[1]
    if low <= 0:
        return NextCustomer(np.nan, np.nan, np.nan, len(index))
    return NextCustomer(1 / float(fit.params[1]), 1 / float(high), 1 / float(low), len(index))


def _poisson(counts: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact interval of Poisson *counts*. Source: Garwood 1936."""
    tail = (1 - level) / 2
    lower = np.where(counts > 0, stats.chi2.ppf(tail, 2 * counts) / 2, 0.0)
    return lower, stats.chi2.ppf(1 - tail, 2 * (counts + 1)) / 2


def cost_rows(ads: pd.DataFrame, partners: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """Return what was spent on being found and chosen: date_day, channel, amount, currency ("points" for rewards in points).

    *ads*: rows of ads_daily of one kind; *partners*: fees by delivery; *referrals*: rewards paid.
    """
    parts = [
        pd.DataFrame({"date_day": ads["date_day"], "channel": ads["platform"], "amount": ads["spend"],
            "currency": ads["currency"]}),
        pd.DataFrame({"date_day": partners["date_day"], "channel": "partners", "amount": partners["fee"],
            "currency": partners["currency"]}),
        pd.DataFrame({"date_day": referrals["date_day"], "channel": "referral", "amount": referrals["reward"],
                      "currency": referrals["currency"].astype("string").fillna("points")}),
    ]  # fmt: skip
    rows = pd.concat([part.astype({"amount": float, "channel": "string", "currency": "string"}) for part in parts])
    return rows[rows["amount"] > 0].dropna(subset=["currency"]).reset_index(drop=True)


def new_customers(
    orders: pd.DataFrame | ibis.Table, *, codes: Collection[str] = (), members: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return one row per customer, on the day of the first order: customer_key, date_day, channel.

    *orders*: all there are, so that the first one is the first. channel: partners (under one of *codes*), referral (a
    member who was invited: *members*, how they came by customer_key), else the shop's own source.
    """
    first = first_orders(orders, "discount_code", "source")
    listed = {code.casefold() for code in codes}
    under = first["discount_code"].fillna("").str.casefold().isin(listed)
    invited = first["customer_key"].map({str(key): way for key, way in (members or {}).items()}).eq("referral")
    channel = np.select([under, invited], ["partners", "referral"], first["source"].fillna("").astype(str))
    return first[["customer_key", "date_day"]].assign(channel=channel).reset_index(drop=True)
