"""What a campaign says of money: its lines, what a unit cost, whether it paid, and which sales claim to be its own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from fanops_utils.metrics import AdCosts, FullCost, Interval, claim_band, cost_per
from fanops_utils.models import CampaignEffect, Pacing, Roi, incremental_roi, live_total
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.wording import UNITS, count, money, percent, plural, signed, span
from fanops_utils.workspace import Campaign

AD_UNITS = {"cpm": "thousand shown", "cpc": "click", "cpe": "interaction", "cpa": "credited order"}
SELF_CREDITED = "The platform credits itself; what would have been bought anyway is in it."
NO_VALUE = "the register names no value of a unit (value_per_unit), so a return cannot be computed"

RULES = {
    "code": "under a code",
    "link": "through a link",
    "survey": "named in the survey",
    "counterfactual": "beyond what would have come anyway",
}


def lines(table: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return how the payments booked stand against the budget."""
    if table.empty:
        return Finding.nothing("lines", "the register names no budget")
    planned, paid = float(table["planned"].sum()), float(table["paid"].sum())
    if not campaign.payments:
        text = f"{money(planned, campaign.currency)} are planned. What is not booked is unknown, not zero."
        return Finding("lines", "No payment is booked yet", text, "watch", planned, unit=campaign.currency)
    over = table.loc[table["over"], "item"].tolist()
    text = f"{money(paid, campaign.currency)} of {money(planned, campaign.currency)} were paid."
    text += f" Over their line: {', '.join(over)}." if over else " No line is overdrawn."
    title = f"{percent(paid / planned)} of the budget was paid" if planned else "Money was paid without a budget"
    severity: Severity = "watch" if over or paid > planned else "info"
    return Finding(
        "lines", title, text, severity, paid, unit=campaign.currency, method="Payments booked in the register."
    )


def units(cost: FullCost, extra: Interval | None, campaign: Campaign, *, orders: float, engaged: float) -> Finding:
    """Return what an interaction of the live days and an order under a code cost: averages, not what one more costs.

    *orders*: orders under the campaign's codes; *engaged*: units of the metric in the treated markets' live days.
    """
    if not cost.amount:
        return Finding.nothing("units", "the register names no cost")
    said, one = [], UNITS.get(campaign.metric, (campaign.metric, campaign.metric))[0]
    for number, name in ((engaged, one), (orders, "order under a code")):
        if np.isfinite(number) and number > 0:
            each = cost_per(cost.amount, number)
            between = f"{money(each.ci_lower, cost.currency)} to {money(each.ci_upper, cost.currency)}"
            said.append(f"{money(each.estimate, cost.currency)} per {name} ({between}, {count(number)} of them)")
    if not said:
        return Finding.nothing("units", "neither units of the metric nor orders under a code are known")
    gain = (
        "An extra one has its own price, above."
        if extra is not None and extra.ci_lower > 0
        else "An extra one may not exist at all."
    )
    text = f"{cost.rule} {money(cost.amount, cost.currency)} in all: {'; '.join(said)}. Most came without the campaign. {gain}"
    return Finding(
        "units", f"Spread over all, {said[0].split(' (')[0]}", text, "info", unit=cost.currency,
        method="Cost divided by all units of the live days; counts as Poisson, the money as known.",
    )  # fmt: skip


def roi_of(found: CampaignEffect | None, campaign: Campaign, cost: FullCost, *, value: float = 0.0) -> Roi | None:
    """Return the incremental return; None where no value of a unit is agreed, or nothing was spent.

    *value* above zero stands for the register's `value_per_unit`, which is money earned, its goods paid for.
    """
    worth = value or campaign.value_per_unit or 0.0
    if found is None or not worth or not cost.amount or cost.currency != campaign.currency:
        return None
    return incremental_roi(found, live_total=live_total(found), cost=cost.amount, value_per_unit=worth)


def paid_back(roi: Roi | None, cost: FullCost, *, level: float) -> Finding:
    """Return the return on the cost as a distribution, and the chance that it is above zero."""
    if roi is None:
        return Finding.nothing("roi", NO_VALUE if cost.amount else "the register names no cost")
    if not roi.told:
        return Finding("roi", "Whether it paid cannot be told", roi.rule, "watch")
    one, chance = roi.interval, roi.p_positive
    even = (
        f" It breaks even where a unit is worth {money(roi.break_even, cost.currency)}."
        if np.isfinite(roi.break_even)
        else ""
    )
    text = (
        f"Return per unit of money {signed(one.estimate)} ({span(one.ci_lower, one.ci_upper, form='signed', level=level)}), "
        f"on {money(roi.cost, cost.currency)}. {cost.rule} {roi.rule}{even}"
    )
    odds = "under 1%" if chance < 0.01 else "over 99%" if chance > 0.99 else f"{chance:.0%}"
    title = f"It paid for itself with a chance of {odds}"
    severity: Severity = "good" if chance >= level else "watch" if chance > 1 - level else "alert"
    return Finding(
        "roi", title, text, severity, one.estimate, one.ci_lower, one.ci_upper, "return on the cost", one.n,
        "Gain against the counterfactual, drawn from its own uncertainty, times the value of a unit, less the cost.",
    )  # fmt: skip


def steps(roi: Roi | None, campaign: Campaign, cost: FullCost) -> pd.DataFrame:
    """Return cost and contribution as steps: item, amount, total; empty where no return is told."""
    columns = ["item", "amount", "total"]
    if roi is None or not roi.told:
        return pd.DataFrame(columns=columns)
    booked = campaign.payments if cost.paid else campaign.budget
    rows = [(item, -amount, False) for item, amount in _summed((one.item, one.amount) for one in booked)]
    left = cost.amount + sum(amount for _, amount, _ in rows)
    rows += [("advertisements", -left, False)] if left > 0.5 else []
    gain = (1 + roi.interval.estimate) * roi.cost
    return pd.DataFrame(
        [*rows, ("value of the gain (median)", gain, False), ("left over", gain - cost.amount, True)], columns=columns
    )


def _summed(pairs: object) -> list[tuple[str, float]]:
    found: dict[str, float] = {}
    for item, amount in pairs:  # type: ignore[attr-defined]
        found[item] = found.get(item, 0.0) + amount
    return list(found.items())


def ads_by(ads: pd.DataFrame) -> pd.DataFrame:
    """Return *ads* with the column `advertisement`: ad set and creative, in words."""
    names = [ads[name].fillna("unnamed").astype(str) for name in ("ad_group_name", "ad_name")]
    return ads.assign(advertisement=names[0] + ", " + names[1])


def ads(costs: AdCosts | None, why: str) -> Finding:
    """Return what advertisements cost per thousand shown, click, interaction and credited order, or *why* not.

    The return on spend and the orders per click stand beside it, each with its interval.
    """
    if costs is None:
        return Finding.nothing("ads", why)
    whole, said = costs.whole, []
    spend = float(whole["spend"])
    for name, unit in AD_UNITS.items():
        if np.isfinite(whole[name]):
            low, high = (money(float(whole[f"{name}_{side}"]), costs.currency) for side in ("lower", "upper"))
            said.append(f"{money(float(whole[name]), costs.currency)} per {unit} ({low} to {high})")
    text = " ".join([f"{'; '.join(said)}.", *_rates(whole), *_paying(costs.table), costs.rule, SELF_CREDITED])
    severity: Severity = "watch" if len(costs.impossible) else "info"
    title = f"{money(spend, costs.currency)} went into advertisements" + (f": {said[0].split(' (')[0]}" if said else "")
    return Finding("ads", title, text, severity, spend, unit=costs.currency, n=int(whole["rows"]),
                   method="Sums over the days of the files; costs: counts as Poisson; orders per click: Wilson; ROAS: gamma, "
                   "by days; totals of a period are left out.")  # fmt: skip


def _rates(whole: pd.Series) -> list[str]:
    """Return orders per click and the return on spend as sentences, those that are known."""
    said = []
    if np.isfinite(whole["conversion_rate_lower"]):
        said.append(f"Of the clicks {_between(whole, 'conversion_rate', percent)} ended in a credited order.")
    if np.isfinite(whole["roas"]):
        said.append(f"Credited value per unit of spend (ROAS): {_between(whole, 'roas', two)}.")
    return said


def _paying(table: pd.DataFrame) -> list[str]:
    """Return how many of several advertisements were credited with more or less than they cost, whole intervals."""
    known = table.dropna(subset=["roas_lower", "roas_upper"])
    if len(known) < 2:
        return []
    more, less = int((known["roas_lower"] > 1).sum()), int((known["roas_upper"] < 1).sum())
    left = len(known) - more - less
    return [f"Credited with more than they cost: {more} of {len(known)} advertisements; with less: {less}; for {left} it "
            "cannot be told."]  # fmt: skip


def _between(row: pd.Series, name: str, say: Callable[[float], str]) -> str:
    if not np.isfinite(row[name]):
        return ""
    bounds = [float(row[f"{name}_{side}"]) for side in ("lower", "upper")]
    if not np.isfinite(bounds).all():
        return f"{say(float(row[name]))} (no interval)"
    return f"{say(float(row[name]))} ({say(bounds[0])} to {say(bounds[1])})"


def pace(found: Pacing | None, currency: str) -> Finding:
    """Return whether the money for advertisements is spent as planned, and what it will be at the end."""
    if found is None:
        text = "Money for advertisements is held against a line of the category media, in the campaign's currency."
        return Finding("pace", "No line for media is being spent: no pace to judge", text)
    words = {"over": "The money for media will be overspent", "under": "The money for media will not be used up",
             "on pace": "The money for media is spent as planned", "cannot tell": "Too early to say how it goes"}  # fmt: skip
    title = words[found.pace]
    if not found.days_left:
        title = f"{percent(found.spent / found.budget)} of the money for media was spent"
    text = (
        f"{money(found.spent, currency)} in {plural(found.days_seen, 'day', 'days')}, {money(found.planned, currency)} were due; "
        f"{plural(found.days_left, 'day is', 'days are')} left. {found.rule}"
    )
    one = found.forecast
    return Finding("pace", title, text, "watch" if found.pace == "over" else "info", one.estimate, one.ci_lower, one.ci_upper,
                   currency, found.days_seen, "Days to come cost, relative to the plan, what the days seen cost.")  # fmt: skip


def claims(table: pd.DataFrame) -> Finding:
    """Return what each tracked rule claims beside what the counterfactual grants; they are never added up."""
    if table.empty:
        return Finding.nothing(
            "claims", "no orders of these markets in the live days, or no code, link or finished campaign to claim them"
        )
    said = [f"{RULES[row['rule']]}: {percent(row['share'])} ({percent(row['ci_lower'])} to {percent(row['ci_upper'])}"
            f"{', of ' + plural(row['n'], 'answer', 'answers') if row['rule'] == 'survey' else ''})"
            for row in table.to_dict("records")]  # fmt: skip
    low, high = claim_band(table)
    grants = table[table["kind"] == "counterfactual"]
    text = (
        f"Of {table['denominator'].iloc[0]}: {'; '.join(said)}. The rules see the same orders and are never added up."
    )
    band = percent(low) if low == high else f"{percent(low)} to {percent(high)}"
    title = f"Tracked rules claim {band} of the orders" if np.isfinite(low) else "No rule tracks a sale"
    severity: Severity = "info"
    if len(grants) and np.isfinite(high) and not float(grants["ci_lower"].iloc[0]) > 0:
        title, severity = f"{title}; that they are extra is not shown", "watch"
    return Finding("claims", title, text, severity, n=int(table["n"].max()),
                   method="Codes: orders under a code, of all. Links: the site's conversions. Survey: of those who answered. "
                   "Counterfactual: against the control markets.")  # fmt: skip


def claim_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return the claims as rows to be drawn: label, estimate, ci_lower, ci_upper."""
    drawn = table.rename(columns={"share": "estimate"})
    return drawn.assign(label=drawn["rule"].map(RULES))[["label", "estimate", "ci_lower", "ci_upper"]]


def ad_table(costs: AdCosts | None) -> pd.DataFrame:
    """Return the cost of each advertisement as a table to be shown, rate and ROAS with their intervals; may be empty."""
    columns = ["advertisement", "spend", "cpm", "cpc", "cpe", "cpa", "rate", "roas", "impossible"]
    if costs is None:
        return pd.DataFrame(columns=columns)
    rates = [_between(row, "conversion_rate", percent) for _, row in costs.table.iterrows()]
    returns = [_between(row, "roas", two) for _, row in costs.table.iterrows()]
    return costs.table.assign(rate=rates, roas=returns)[columns]


def two(value: float) -> str:
    """Return an amount with two decimals, whole above a thousand.

    >>> two(6.5), two(1234.5)
    ('6.50', '1,234')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.2f}"


def paced(found: Pacing | None) -> pd.DataFrame:
    """Return money spent, planned and forecast as lines: date_day, line, value, lower, upper."""
    columns = ["date_day", "line", "value", "lower", "upper"]
    if found is None:
        return pd.DataFrame(columns=columns)
    daily, parts = found.daily, []
    for line in ("planned", "forecast", "spent"):
        band = daily[["lower", "upper"]] if line == "forecast" else daily[["lower", "upper"]] * np.nan
        parts.append(daily[["date_day"]].assign(line=line, value=daily[line]).join(band))
    return pd.concat(parts, ignore_index=True)[columns]
