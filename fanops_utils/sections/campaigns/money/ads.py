"""What advertisements cost and brought: per unit, and by ad set and creative."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics import AdCosts
from fanops_utils.models.reasons import NoAds, Reason, Refused, SeveralCurrencies
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns.words import COUNTED, between, in_money
from fanops_utils.text import (
    Form,
    Listed,
    Message,
    Money,
    Number,
    Percent,
    Sayable,
    Sentences,
    Unit,
    Written,
    say,
    say_n,
    term,
)  # fmt: skip

SELF_CREDITED = say("The platform credits itself; what would have been bought anyway is in it.")
METHOD = say(
    "Sums over the days of the files; costs: counts as Poisson; orders per click: Wilson; ROAS: gamma, by days; totals of a "
    "period are left out."
)
COSTS = ["cpm", "cpc", "cpe", "cpa"]


def ads(costs: AdCosts | None, reason: Reason | None) -> Section:
    """Return what advertisements cost and brought (*costs*, by ad set and creative), or the *reason* why not."""
    return Section.of(answer(costs, reason), _table(costs))


def answer(costs: AdCosts | None, reason: Reason | None) -> Finding:
    """Return what advertisements cost per thousand shown, click, interaction and credited order.

    The return on spend and the orders per click stand beside it, each with its interval.
    """
    if costs is None:
        return Finding.nothing("ads", _why(reason))
    whole = costs.whole.to_dict()
    spend, cpm = Money(float(whole["spend"]), costs.currency), float(whole["cpm"])
    said = [_cost(name, whole, costs.currency) for name in COSTS if np.isfinite(whole[name])]
    return Finding(
        id="ads",
        title=say(
            "{spend} went into advertisements: {cpm} per thousand shown", spend=spend, cpm=Money(cpm, costs.currency)
        )
        if np.isfinite(cpm)
        else say("{spend} went into advertisements", spend=spend),
        text=Sentences.of(*said, _rate(whole), _roas(whole), _paying(costs.table), _impossible(costs), SELF_CREDITED),
        severity="watch" if len(costs.impossible) else "info",
        estimate=float(whole["spend"]),
        unit=Unit("money", term("spent on advertisements", "unit"), costs.currency),
        n=int(whole["rows"]),
        method=METHOD,
        code="impossible_rows" if len(costs.impossible) else "known",
    )


def _why(reason: Reason | None) -> Sayable:
    match reason:
        case SeveralCurrencies(names) if len(names) > 1:
            return term(
                "amounts in {currencies} are never added up",
                "why there is no data",
                currencies=Listed.of(names, how="and"),
            )
        case SeveralCurrencies():
            return term("some amounts of the advertisements name no currency", "why there is no data")
        case Refused(error):
            return error
        case NoAds():
            return term(
                "no advertisement of this campaign is in the ads manager's files (export: advertising)",
                "why there is no data",
            )
    raise TypeError(f"no sentence says why: {reason}")


def _cost(name: str, whole: Mapping[Any, Any], currency: str) -> Message:
    cost = Money(float(whole[name]), currency)
    interval = in_money(whole[f"{name}_lower"], whole[f"{name}_upper"], currency, level=COUNTED)
    match name:
        case "cpm":
            return say("A thousand times shown cost {cost} ({interval}).", cost=cost, interval=interval)
        case "cpc":
            return say("A click cost {cost} ({interval}).", cost=cost, interval=interval)
        case "cpe":
            return say("An interaction cost {cost} ({interval}).", cost=cost, interval=interval)
    return say("A credited order cost {cost} ({interval}).", cost=cost, interval=interval)


def _rate(whole: Mapping[Any, Any]) -> Message | None:
    """Return orders per click, where they are a share of the clicks."""
    if not np.isfinite(whole["conversion_rate_lower"]):
        return None
    return say("Clicks that ended in a credited order: {rate}.", rate=_spoken(whole, "conversion_rate", Percent))


def _roas(whole: Mapping[Any, Any]) -> Message | None:
    if not np.isfinite(whole["roas"]):
        return None
    return say("Credited value per unit of spend (ROAS): {roas}.", roas=_spoken(whole, "roas", two))


def _paying(table: pd.DataFrame) -> Message | None:
    """Return how many of several advertisements were credited with more or less than they cost, whole intervals."""
    known = table.dropna(subset=["roas_lower", "roas_upper"])
    if len(known) < 2:
        return None
    more, less = int((known["roas_lower"] > 1).sum()), int((known["roas_upper"] < 1).sum())
    return say(
        "Credited with more than they cost: {more} of {all} advertisements; with less: {less}; it cannot be told: {open}.",
        all=len(known),
        more=more,
        less=less,
        open=len(known) - more - less,
    )


def _impossible(costs: AdCosts) -> Message:
    if costs.impossible.empty:
        return say("No row credits a conversion without a click.")
    return say_n(
        "{n} row credits a conversion without a click (seen but not clicked, or an error). It stays in spend and in the cost of "
        "an order; orders per click leave it out.",
        "{n} rows credit a conversion without a click (seen but not clicked, or an error). They stay in spend and in the cost "
        "of an order; orders per click leave them out.",
        n=len(costs.impossible),
    )


def _spoken(row: Mapping[Any, Any], name: str, form: Form) -> Sayable:
    ends = {"estimate": row[name], "ci_lower": row[f"{name}_lower"], "ci_upper": row[f"{name}_upper"]}
    return between(ends, level=COUNTED, form=form)


def _between(row: Mapping[Any, Any], name: str, form: Form) -> Sayable:
    value, low, high = (float(row[key]) for key in (name, f"{name}_lower", f"{name}_upper"))
    if not np.isfinite([low, high]).all():
        return say("{value} (no interval)", value=form(value))
    return say("{value} ({low} to {high})", value=form(value), low=form(low), high=form(high))


def two(value: float) -> Number:
    """Return an amount with two decimals, whole above a thousand.

    >>> str(two(6.5)), str(two(1234.5))
    ('6.50', '1,234')
    """
    return Number(value, 0 if abs(value) >= 1000 else 2)


def _table(costs: AdCosts | None) -> charts.Table | None:
    if costs is None:
        return None
    columns = {
        "advertisement": term("Ad set, creative", "column"),
        "spend": term("Spend, {currency}", "column", currency=costs.currency),
        "cpm": term("CPM", "column"),
        "cpc": term("CPC", "column"),
        "cpe": term("CPE", "column"),
        "cpa": term("CPA", "column"),
        "rate": term("Orders per click", "column"),
        "roas": term("ROAS", "column"),
        "impossible": term("Rows without a click", "column"),
    }
    caption = say("Cost per thousand shown, click, interaction and credited order; brackets: 95% intervals")
    return charts.table(listed(costs), columns=columns, caption=caption, formats=dict.fromkeys(["spend", *COSTS], two))


def listed(costs: AdCosts) -> pd.DataFrame:
    """Return the advertisements as rows to be shown: their name, spend, costs, rate and ROAS with their intervals."""
    rows = costs.table.to_dict("records")
    shown = costs.table[["spend", *COSTS, "impossible"]].copy()
    shown["advertisement"] = pd.Series([_named(row) for row in rows], index=shown.index, dtype=object)
    for column, name, form in (("rate", "conversion_rate", Percent), ("roas", "roas", two)):
        shown[column] = pd.Series(
            [_between(row, name, form) if np.isfinite(row[name]) else None for row in rows],
            index=shown.index,
            dtype=object,
        )
    return shown


def _named(row: Mapping[Any, Any]) -> Sayable:
    names = [row["ad_group_name"], row["ad_name"]]
    unnamed = term("unnamed", "advertisement")
    return Listed.of(unnamed if pd.isna(name) else Written(str(name)) for name in names)
