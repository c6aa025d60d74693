"""What a unit cost: per thousand shown, click, engagement and acquisition, with the rows that cannot be set apart.

Intervals treat counts as Poisson (exact, Garwood 1936) and the money as known; conversions per click have Wilson's, the
return on spend that of `roas`. Amounts in several currencies are never added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.intervals import NOTHING, Interval, wilson
from fanops_utils.metrics.money.roas import roas
from fanops_utils.metrics.wording import worded_column, worded_frame
from fanops_utils.text import Listed, Percent, say

# Share of the budget per category: the bands a plan is held against. Media are bought on top and have none.
BUDGET_BANDS: dict[str, tuple[float, float]] = {
    "content": (0.45, 0.50), "people": (0.30, 0.35), "tools": (0.10, 0.15), "reserve": (0.05, 0.10),
}  # fmt: skip
AD_COUNTS = {"cpm": "impressions", "cpc": "clicks", "cpe": "engagements", "cpa": "conversions"}


@dataclass(frozen=True)
class AdCosts:
    """Cost per unit by group, and the impossible rows: a conversion, and no click.

    `table`: see `ad_costs`. `impossible`: those rows as they are. Their money was spent and their conversions were
    credited, so they stay in every total; what is divided by clicks leaves their conversions out. `whole`: the one
    row of `table` that all rows together would be.
    """

    table: pd.DataFrame
    impossible: pd.DataFrame
    currency: str
    whole: pd.Series


def currencies(frame: pd.DataFrame, *, column: str = "currency") -> tuple[str, ...]:
    """Return the currencies named in *frame*, in order."""
    return tuple(sorted(str(code) for code in frame[column].dropna().unique()))


def one_currency(frame: pd.DataFrame, *, column: str = "currency") -> str:
    """Return the only currency of *frame*; raise DataError where amounts of several would be added up, or it is null.

    >>> one_currency(pd.DataFrame({"currency": ["EUR", "EUR"]}))
    'EUR'
    """
    need(frame, column)
    found = currencies(frame, column=column)
    if len(found) != 1 or frame[column].isna().any():
        several = say("amounts in {currencies} cannot be added up", currencies=Listed.of(found))
        message = several if found else say("amounts in no currency cannot be added up")
        hint = say("Look at one currency at a time, or convert before with the rates of a day you name")
        raise DataError(message, column=column, hint=hint)
    return found[0]


def cost_per(cost: float, units: float, *, level: float = 0.95) -> Interval:
    """Return *cost* per unit, the number of *units* a Poisson count; the upper bound is infinite where it is zero.

    >>> found = cost_per(100, 25)
    >>> round(found.estimate, 2), round(found.ci_lower, 2), round(found.ci_upper, 2)
    (4.0, 2.71, 6.18)
    """
    if np.isnan(units) or np.isnan(cost):
        return Interval(np.nan, np.nan, np.nan, 0)
    low = float(stats.chi2.ppf(0.5 - level / 2, 2 * units) / 2) if units > 0 else 0.0
    high = float(stats.chi2.ppf(0.5 + level / 2, 2 * units + 2) / 2)
    estimate = cost / units if units > 0 else np.nan
    return Interval(estimate, cost / high, cost / low if low > 0 else np.inf, int(units))


def cost_per_extra(cost: float, extra: Interval) -> Interval:
    """Return *cost* per extra unit; NaN where there may be no extra unit at all, for then it has no upper bound."""
    if not extra.ci_lower > 0:
        return Interval(np.nan, np.nan, np.nan, extra.n)
    return Interval(cost / extra.estimate, cost / extra.ci_upper, cost / extra.ci_lower, extra.n)


def ad_costs(
    ads: pd.DataFrame,
    by: str | Sequence[str] = "campaign_name",
    *,
    clicks: str = "link_clicks",
    credited: Sequence[str] = ("conversions",),
    level: float = 0.95,
) -> AdCosts:
    """Return spend and cost per unit of advertisements by *by* (campaign, ad set, creative), most spent first.

    Columns of *ads* (table ads_daily): *by*, currency, spend, and of date_day, impressions, *clicks*, engagements,
    conversions, conversions_value those it has. Returned: *by*; rows; spend; impressions, clicks, engagements,
    conversions, value (sums); cpm, cpc, cpe, cpa each with _lower and _upper (Poisson; cpm per thousand); roas (value
    per unit of spend) with _lower and _upper (`roas`, by days); conversion_rate (conversions per click, impossible
    rows left out) with _lower and _upper (Wilson; NaN where there are more conversions than clicks: a share has no
    more); impossible (rows with a conversion of any column in *credited*, and no click) and impossible_conversions.
    Missing is not zero: a sum without any known value is NaN. A row of a total stands beside its parts in some
    files: leave it out. Raises DataError for more than one currency, a missing column, or spend below zero.
    """
    keys = [by] if isinstance(by, str) else list(by)
    need(ads, *keys, "spend", "currency", *credited)
    currency = one_currency(ads)
    if (numbers(ads["spend"]) < 0).any():
        raise DataError(say("spend is not negative"), column="spend", value=float(np.nanmin(numbers(ads["spend"]))))
    impossible = _impossible(ads, clicks, credited)
    columns = {"impressions": "impressions", "clicks": clicks, "engagements": "engagements",
               "conversions": "conversions", "value": "conversions_value"}  # fmt: skip
    parts = ads[keys].assign(spend=numbers(ads["spend"]), impossible=impossible)
    for name, column in columns.items():
        parts[name] = numbers(ads[column]) if column in ads else np.nan
    parts["impossible_conversions"] = parts["conversions"].where(impossible, 0.0)
    parts["day"] = days(ads["date_day"]) if "date_day" in ads else np.arange(len(ads))
    table = _grouped(parts, keys, level).sort_values("spend", ascending=False, ignore_index=True)
    whole = _grouped(parts.assign(all="all"), ["all"], level).drop(columns="all")
    return AdCosts(table, ads[impossible], currency, whole.iloc[0] if len(whole) else pd.Series(dtype=float))


def _grouped(parts: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:
    grouped = parts.groupby(keys, observed=True, dropna=False)
    sums = ["spend", "impressions", "clicks", "engagements", "conversions", "value", "impossible_conversions"]
    table = grouped[sums].sum(min_count=1)
    table.insert(0, "rows", grouped.size())
    table["impossible"] = grouped["impossible"].sum().astype("int64")
    for name, column in AD_COUNTS.items():
        table = table.join(_per_unit(table["spend"], table[column], name, level))
    returns = [
        roas(part["value"], part["spend"], conversions=part["conversions"], days=part["day"], level=level)
        for _, part in parts.groupby(grouped.ngroup())
    ]
    table = table.join(_bounds("roas", returns, table.index))
    possible = table["conversions"] - table["impossible_conversions"].fillna(0)
    rates = [_rate(hits, clicks, level) for hits, clicks in zip(possible, table["clicks"], strict=True)]
    return table.join(_bounds("conversion_rate", rates, table.index)).reset_index()


def _impossible(ads: pd.DataFrame, clicks: str, credited: Sequence[str]) -> np.ndarray:
    if clicks not in ads:
        return np.zeros(len(ads), dtype=bool)
    any_credited = np.column_stack([numbers(ads[name]) > 0 for name in credited]).any(axis=1)
    return any_credited & (numbers(ads[clicks]) == 0)


def _per_unit(spend: pd.Series, units: pd.Series, name: str, level: float) -> pd.DataFrame:
    factor = 1000.0 if name == "cpm" else 1.0
    rows = [cost_per(float(cost) * factor, float(count), level=level) for cost, count in zip(spend, units, strict=True)]
    return _bounds(name, rows, spend.index)


def _bounds(name: str, found: Sequence[Interval], index: pd.Index) -> pd.DataFrame:
    rows = [(one.estimate, one.ci_lower, one.ci_upper) for one in found]
    return pd.DataFrame(rows, columns=[name, f"{name}_lower", f"{name}_upper"], index=index, dtype=float)


def _rate(hits: float, clicks: float, level: float) -> Interval:
    """Return conversions per click; platforms credit parts of a conversion, so the bounds are those of the nearest count."""
    if not clicks > 0 or np.isnan(hits):
        return NOTHING
    if hits > clicks:
        return Interval(hits / clicks, np.nan, np.nan, int(clicks))
    found = wilson(round(hits), round(clicks), level=level)
    return Interval(hits / clicks, found.ci_lower, found.ci_upper, found.n)


def cost_lines(planned: Sequence[tuple[str, float]], paid: Sequence[tuple[str, float]]) -> pd.DataFrame:
    """Return each line of a budget as planned and as paid: item, planned, paid, left, over (paid more than planned).

    Both: (item, amount) pairs of one currency; several of one item are added up. Nothing paid is 0: an invoice that
    has not come is not in it.

    >>> cost_lines([("films", 100.0)], [("films", 60.0), ("films", 50.0)])["over"].tolist()
    [True]
    """
    plan, bills = (pd.DataFrame(list(rows), columns=["item", "amount"]).astype({"amount": float})
                   .groupby("item", sort=False)["amount"].sum() for rows in (planned, paid))  # fmt: skip
    items = list(dict.fromkeys(item for item, _ in [*planned, *paid]))  # the index of a group loses languages
    table = pd.DataFrame({"planned": plan.reindex(items).fillna(0.0), "paid": bills.reindex(items).fillna(0.0)})
    table = table.assign(left=table["planned"] - table["paid"], over=table["paid"] > table["planned"])
    return table.set_axis(range(len(items))).assign(item=worded_column(items))[["item", *table.columns]]


def budget_shares(
    amounts: Mapping[str, float], *, bands: Mapping[str, tuple[float, float]] = BUDGET_BANDS
) -> pd.DataFrame:
    """Return each category's share of the budget against its band: category, amount, share, low, high, reading.

    Shares are of the categories that have a band; others (media) are listed with share NaN. reading: inside, above,
    below, no_band, or nothing where a category has no money. Raises DataError for bands that cannot add up to 1.
    """
    lowest, highest = (sum(band[side] for band in bands.values()) for side in (0, 1))
    if not lowest <= 1 + 1e-9 <= highest + 2e-9:
        low_all, high_all = Percent(lowest, digits=0), Percent(highest, digits=0)
        message = say(
            "bands from {low} to {high} in all leave no budget that keeps to each of them", low=low_all, high=high_all
        )
        raise DataError(message)
    total, rows = sum(float(amounts.get(name, 0.0)) for name in bands), []
    for name in [*bands, *(one for one in amounts if one not in bands)]:
        amount = float(amounts.get(name, 0.0))
        low, high = bands.get(name, (np.nan, np.nan))
        share = amount / total if name in bands and total > 0 else np.nan
        rows.append((name, amount, share, low, high, _against_band(share, low, high, amount)))
    columns = ["category", "amount", "share", "low", "high", "reading"]
    return worded_frame(rows, columns=columns, texts=["category"])


def _against_band(share: float, low: float, high: float, amount: float) -> str:
    if np.isnan(low):
        return "no_band"
    if amount == 0:
        return "nothing"
    if share < low - 1e-9:
        return "below"
    return "above" if share > high + 1e-9 else "inside"
