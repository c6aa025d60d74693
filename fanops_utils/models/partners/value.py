"""What a fee buys with each partner: results per fee, drawn together, and what a tier costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import Interval
from fanops_utils.metrics.money.costs import cost_per
from fanops_utils.metrics.shrinkage import integrated

FEWEST, FEWEST_MARKED = 2, 3
LEVEL = 0.9
VALUE = ["partner", "n", "fee", "result", "estimate", "ci_lower", "ci_upper", "mark"]
COSTS = [
    "tier",
    "partners",
    "n",
    "fee",
    "cpm",
    "cpe",
    "cpe_lower",
    "cpe_upper",
    "cpa",
    "cpa_lower",
    "cpa_upper",
    "orders",
]


def paid_deliveries(deliveries: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the deliveries with a fee in the currency most of them are paid in, and how many were left out.

    Columns: partner, campaign, fee, currency. A fee for a whole campaign stands at one of its deliveries and zero at the
    others: it is spread evenly over them, so that each delivery costs its part.
    """
    need(deliveries, "partner", "campaign", "fee", "currency")
    paid = deliveries[deliveries["fee"].notna() & deliveries["currency"].notna()]
    if paid.empty:
        return paid.assign(fee=pd.Series(dtype=float)), len(deliveries)
    paid = paid[paid["currency"] == paid["currency"].value_counts().idxmax()]
    fee = paid["fee"].astype(float)
    package = [paid["partner"], paid["campaign"].fillna("")]
    mean, least = (fee.groupby(package).transform(how) for how in ("mean", "min"))
    paid = paid.assign(fee=fee.where(least > 0, mean))
    paid = paid[paid["fee"] > 0]
    return paid.reset_index(drop=True), len(deliveries) - len(paid)


def partner_value(paid: pd.DataFrame, *, result: str = "engagements") -> pd.DataFrame:
    """Return what a fee brings with each partner against the average partner, best first.

    Columns of *paid* (`paid_deliveries`): partner, fee, *result*. Returned: partner, n (deliveries), fee, result (sums),
    estimate, ci_lower, ci_upper (fractions above or below the average partner; 90 %), mark: above, below or average (not
    told apart), "few" with fewer than three deliveries. Partners with one delivery are left out. Method: log of result per
    fee and delivery, scatter pooled within partners, drawn together with the spread between partners integrated over.
    """
    need(paid, "partner", "fee", result)
    seen = paid[paid[result].notna()]
    log = np.log((numbers(seen[result]) + 0.5) / numbers(seen["fee"]))
    frame = pd.DataFrame(
        {
            "partner": seen["partner"].astype(str).to_numpy(),
            "log": log,
            "fee": numbers(seen["fee"]),
            "result": numbers(seen[result]),
        }
    )
    grouped = frame.groupby("partner")
    table = grouped.agg(
        n=("log", "size"), fee=("fee", "sum"), result=("result", "sum"), middle=("log", "mean")
    ).reset_index()
    rest = frame["log"] - grouped["log"].transform("mean")
    free = len(frame) - len(table)
    table = table[table["n"] >= FEWEST].reset_index(drop=True)
    if len(table) < 2 or free < 3:
        return pd.DataFrame(columns=VALUE)
    scatter = float((rest**2).sum() / free)
    drawn = integrated(table["middle"].to_numpy(), np.maximum(scatter, 1e-6) / table["n"].to_numpy())
    drawn = drawn - drawn.mean(axis=1, keepdims=True)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    few = table["n"] < FEWEST_MARKED
    mark = np.where(few, "few", np.where(low > 0, "above", np.where(high < 0, "below", "average")))
    told = table.assign(
        estimate=np.expm1(drawn.mean(axis=0)), ci_lower=np.expm1(low), ci_upper=np.expm1(high), mark=mark
    )
    return told[VALUE].sort_values("estimate", ascending=False, ignore_index=True)


def tier_costs(paid: pd.DataFrame, orders: pd.DataFrame | None) -> pd.DataFrame:
    """Return what a thousand views, an interaction and an order under the code cost, by tier.

    Columns of *paid*: tier, partner, code, fee, views, engagements; *orders*: the shop's under codes in the same days, by
    discount_code: few deliveries report theirs; None where no shop is known, whose orders are not none.

    Returned: tier, partners, n (deliveries), fee, cpm, cpe and cpa with bounds
    (95 %; cpe: over partners as they differ, NaN of one alone; cpa: counts as Poisson), orders; NaN where nothing was
    counted. All fees of a partner with a code stand against its orders, shared out over its deliveries. Orders under a code
    are what buyers typed: others came too.
    """
    need(paid, "tier", "partner", "code", "fee", "views", "engagements")
    if orders is not None:
        need(orders, "discount_code")
    paid = paid.assign(orders=np.nan if orders is None else _orders_each(paid, orders))
    rows = []
    for name, part in paid.assign(tier=paid["tier"].fillna("")).groupby("tier"):
        fee = float(part["fee"].sum())
        counted = {key: part[part[key].notna()] for key in ("views", "engagements", "orders")}
        sums = {key: (float(one["fee"].sum()), float(one[key].astype(float).sum())) for key, one in counted.items()}
        cpm = 1000 * sums["views"][0] / sums["views"][1] if sums["views"][1] else np.nan
        cpe = _cost_over_partners(counted["engagements"]) if sums["engagements"][1] else None
        cpa = cost_per(*sums["orders"]) if sums["orders"][1] else None
        bounds = [
            value
            for one in (cpe, cpa)
            for value in ((one.estimate, one.ci_lower, one.ci_upper) if one else (np.nan,) * 3)
        ]
        sold = sums["orders"][1] if len(counted["orders"]) else np.nan  # nobody here has a code: not known, not none
        rows.append((str(name), part["partner"].nunique(), len(part), fee, cpm, *bounds, sold))
    return pd.DataFrame(rows, columns=COSTS).sort_values("cpe", ignore_index=True)


def _cost_over_partners(part: pd.DataFrame) -> Interval:
    """Return fees over interactions with the spread between partners: ratio estimator, partners as clusters, t on the log.

    Interactions run into the ten thousands: as counts alone two tiers would always be told apart, whoever was booked.
    """
    each = part.assign(result=part["engagements"].astype(float)).groupby("partner")[["fee", "result"]].sum()
    cost, partners = float(each["fee"].sum() / each["result"].sum()), len(each)
    if partners < FEWEST:
        return Interval(cost, np.nan, np.nan, len(part))
    rest = each["fee"] - cost * each["result"]
    spread = np.sqrt(partners / (partners - 1) * float((rest**2).sum())) / float(each["fee"].sum())
    half = float(stats.t.ppf(0.975, partners - 1)) * spread
    return Interval(cost, cost * np.exp(-half), cost * np.exp(half), len(part))


def _orders_each(paid: pd.DataFrame, orders: pd.DataFrame) -> pd.Series:
    """Return the orders under a partner's codes shared out over its deliveries; NaN for partners without a code."""
    sold = orders["discount_code"].astype("string").str.upper().value_counts()
    coded = paid.assign(code=paid["code"].astype("string").str.upper()).dropna(subset=["code"])
    total = coded.drop_duplicates(["partner", "code"]).assign(
        sold=lambda one: one["code"].map(sold).fillna(0.0).astype(float)
    )
    each = total.groupby("partner")["sold"].sum() / paid["partner"].value_counts()
    return paid["partner"].map(each).astype(float)
