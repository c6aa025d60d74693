"""What a campaign cost in all: what was paid for its lines, and the advertisements where no line holds them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import numbers
from fanops_utils.metrics.costs import one_currency
from fanops_utils.workspace.campaign import Campaign


@dataclass(frozen=True)
class FullCost:
    """`amount` in `currency`; `rule`: what is in it, in a sentence; `paid`: paid, not only planned."""

    amount: float
    currency: str
    rule: str
    paid: bool


def full_cost(campaign: Campaign, ads: pd.DataFrame) -> FullCost:
    """Return what *campaign* cost so far: its payments, or its budget where nothing is booked, and its *ads*.

    Columns of *ads*: spend, currency. Their spend is added where no line of the budget is of the category media;
    else it is in that line already. Spend in another currency is never added: the rule says so.
    """
    paid = bool(campaign.payments)
    amount = campaign.paid if paid else campaign.planned
    rule = "Payments booked in the register" if paid else "Budget as planned: no payment is booked in the register"
    spend = float(numbers(ads["spend"]).sum()) if len(ads) else 0.0
    if not spend:
        return FullCost(amount, campaign.currency, f"{rule}.", paid)
    if "media" in campaign.categories():
        return FullCost(amount, campaign.currency, f"{rule}; advertisements are in the line for media.", paid)
    try:
        currency = one_currency(ads)
    except DataError as error:
        return FullCost(amount, campaign.currency, f"{rule}; advertisements are not in it ({error}).", paid)
    if currency != campaign.currency:
        said = f"advertisements are not in it: they were paid in {currency}, and no rate of exchange is named"
        return FullCost(amount, campaign.currency, f"{rule}; {said}.", paid)
    return FullCost(amount + spend, currency, f"{rule}, and {currency} {spend:,.0f} of advertisements.", paid)
