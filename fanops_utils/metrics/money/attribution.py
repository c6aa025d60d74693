"""Attribution: what links, codes and answers claim for a campaign, beside what the counterfactual grants it.

A tracked sale is one that passed by the campaign, not one it caused. The rules see the same sales, so their shares
stand beside each other and are never added up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import counts_of, days, need, numbers
from fanops_utils.metrics.intervals import NOTHING, Interval, wilson
from fanops_utils.metrics.money.costs import one_currency
from fanops_utils.text import Count, say
from fanops_utils.workspace.register import Period

CLAIM_COLUMNS = ["rule", "kind", "units", "share", "ci_lower", "ci_upper", "n", "total"]


def code_orders(
    orders: pd.DataFrame, codes: Sequence[str], *, period: Period, per: str | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Return the orders of *period* under *codes*: all together, or one row per value of the column *per*.

    Columns of *orders*: created_local or created_timestamp, discount_code, currency, subtotal, cancelled_at, *per*, and
    orders where a row stands for several. Cancelled orders are left out; codes are compared without regard to case.
    Returned: [*per*,] orders, under_code, share with ci_lower and ci_upper (Wilson, of all orders), n, revenue,
    currency. Raises DataError for amounts of several currencies within a row.
    """
    kept, under = _in_period(orders, codes, period)
    groups = [("all", kept)] if per is None else list(kept.groupby(per, observed=True))
    rows = []
    for name, part in groups:
        hit, number = under.loc[part.index], counts_of(part, "orders")
        share = wilson(int(number[hit].sum()), int(number.sum()), level=level)
        currency = one_currency(part) if len(part) else ""
        revenue = float(np.nansum(numbers(part.loc[hit, "subtotal"])))
        found = (share.estimate, share.ci_lower, share.ci_upper, share.n)
        rows.append((name, int(number.sum()), int(number[hit].sum()), *found, revenue, currency))
    columns = ["group", "orders", "under_code", "share", "ci_lower", "ci_upper", "n", "revenue", "currency"]
    table = pd.DataFrame(rows, columns=columns)
    return table.drop(columns="group") if per is None else table.rename(columns={"group": per})


def _in_period(orders: pd.DataFrame, codes: Sequence[str], period: Period) -> tuple[pd.DataFrame, pd.Series]:
    clock = "created_local" if "created_local" in orders else "created_timestamp"
    need(orders, clock, "discount_code", "currency", "subtotal")
    when = days(orders[clock])
    inside = when.between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    if "cancelled_at" in orders:
        inside &= orders["cancelled_at"].isna()
    kept = orders[inside]
    listed = {code.casefold() for code in codes}
    return kept, kept["discount_code"].fillna("").astype(str).str.casefold().isin(listed)


def link_visits(web: pd.DataFrame, campaigns: Sequence[str], *, period: Period) -> pd.DataFrame:
    """Return what came through the campaign's links: sessions, conversions and revenue, one row per source and medium.

    Columns of *web* (table web_daily): date_day, campaign, source, medium, sessions, key_events, total_revenue. Only
    rows of one day are used. A column that the file lacks is NaN, not zero.
    """
    need(web, "date_day", "campaign")
    inside = days(web["date_day"]).between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    listed = {name.casefold() for name in campaigns}
    kept = web[inside & web["campaign"].fillna("").astype(str).str.casefold().isin(listed)]
    keys = [name for name in ("source", "medium") if name in kept]
    sums = {name: numbers(kept[name]) if name in kept else np.full(len(kept), np.nan)
            for name in ("sessions", "key_events", "total_revenue")}  # fmt: skip
    table = kept[keys].assign(**sums)
    if not keys:
        return table.sum(min_count=1).to_frame().T
    return table.groupby(keys, dropna=False, observed=True).sum(min_count=1).reset_index()


def survey_share(answers: pd.DataFrame, choices: Sequence[str], *, question: str, level: float = 0.95) -> Interval:
    """Return the share of answers to *question* that name one of *choices*, weighted where the answers have weights.

    Columns: question, choice, weight, and answers where a row stands for several alike. Weights widen the interval:
    Wilson on the effective number of answers (Kish).
    """
    need(answers, "question", "choice")
    kept = answers[(answers["question"] == question) & answers["choice"].notna()]
    if kept.empty:
        return NOTHING
    weight = numbers(kept["weight"]) if "weight" in kept else np.ones(len(kept))
    weight = np.where(np.isnan(weight), 1.0, weight)
    named = kept["choice"].isin(list(choices)).to_numpy()
    number = counts_of(kept, "answers").to_numpy(float)
    whole = np.sum(number * weight)
    effective = whole**2 / np.sum(number * weight**2)
    share, size = float(np.sum((number * weight)[named]) / whole), max(round(effective), 1)
    bounds = wilson(round(share * size), size, level=level)
    return Interval(share, min(bounds.ci_lower, share), max(bounds.ci_upper, share), int(number.sum()))


def side_by_side(
    total: float,
    *,
    code: Interval | float | None = None,
    link: Interval | float | None = None,
    survey: Interval | None = None,
    counterfactual: Interval | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return every rule's claim on the *total* units (orders of the market in the window), beside the counterfactual.

    *code*, *link*: units claimed; *survey*: a share with its interval; *counterfactual*: extra units with their
    interval. Columns: rule (code: orders under one of the campaign's codes; link: visits through its links that the
    site counts as conversions; survey: buyers who name it when asked; counterfactual: beyond what would have come
    anyway), kind (tracked or counterfactual), units, share, ci_lower, ci_upper (fractions of the total; Wilson for
    counts), n, total. There is no row that adds them up, and none may be made: the rules see the same sales. Raises
    DataError where one rule claims more than there is.
    """
    rows = []
    for rule, claim in (("code", code), ("link", link)):
        if claim is not None:
            rows.append(_claimed(rule, claim.estimate if isinstance(claim, Interval) else claim, total, level))
    if survey is not None and np.isfinite(survey.estimate):
        units = survey.estimate * total
        rows.append(("survey", "tracked", units, survey.estimate, survey.ci_lower, survey.ci_upper, survey.n))
    if counterfactual is not None and np.isfinite(counterfactual.estimate):
        one = counterfactual
        bounds = (one.estimate / total, one.ci_lower / total, one.ci_upper / total)
        rows.append(("counterfactual", "counterfactual", one.estimate, *bounds, one.n))
    return pd.DataFrame([(*row, total) for row in rows], columns=CLAIM_COLUMNS)


def _claimed(rule: str, units: float, total: float, level: float) -> tuple[str, str, float, float, float, float, int]:
    if total <= 0:
        raise DataError(say("shares need a total above zero"), value=total)
    if units > total:
        raise DataError(
            say(
                "the rule '{rule}' claims {units} of {total}: more than there is",
                rule=rule,
                units=Count(units),
                total=Count(total),
            ),
            value=units,
        )
    found = wilson(round(units), round(total), level=level)
    return rule, "tracked", units, units / total, found.ci_lower, found.ci_upper, found.n


def claim_band(claims: pd.DataFrame) -> tuple[float, float]:
    """Return the lowest and the highest tracked share of *claims*: the truth of "social's share" depends on the rule."""
    tracked = claims.loc[claims["kind"] == "tracked", "share"]
    return (float(tracked.min()), float(tracked.max())) if len(tracked) else (np.nan, np.nan)
