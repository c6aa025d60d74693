"""What a campaign cost in all: what was paid for its lines, and the advertisements where no line holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from fanops_utils.metrics.columns import numbers
from fanops_utils.metrics.money.costs import currencies
from fanops_utils.workspace.registers.campaign import Campaign

CostRule = Literal["no_ads", "ads_in_line", "ads_added", "ads_in_several_currencies", "ads_in_other_currency"]


@dataclass(frozen=True)
class FullCost:
    """`amount` in `currency`; `paid`: paid, not only planned; `rule`: where the advertisements are.

    Of those, `ads` was spent, in `ads_currencies`; it is in the amount where they stand in a line of the budget or were
    added, and not where they were paid in another currency or in several.
    """

    amount: float
    currency: str
    paid: bool
    rule: CostRule = "no_ads"
    ads: float = 0.0
    ads_currencies: tuple[str, ...] = ()


def full_cost(campaign: Campaign, ads: pd.DataFrame) -> FullCost:
    """Return what *campaign* cost so far: its payments, or its budget where nothing is booked, and its *ads*.

    Columns of *ads*: spend, currency. Their spend is added where no line of the budget is of the category media;
    else it is in that line already. Spend in another currency is never added: the rule says so.
    """
    paid, own = bool(campaign.payments), campaign.currency
    amount = campaign.paid if paid else campaign.planned
    spend = float(numbers(ads["spend"]).sum()) if len(ads) else 0.0
    if not spend:
        return FullCost(amount, own, paid)
    named = currencies(ads)
    if "media" in campaign.categories():
        return FullCost(amount, own, paid, "ads_in_line", spend, named)
    if len(named) != 1 or ads["currency"].isna().any():
        return FullCost(amount, own, paid, "ads_in_several_currencies", spend, named)
    if named != (own,):
        return FullCost(amount, own, paid, "ads_in_other_currency", spend, named)
    return FullCost(amount + spend, own, paid, "ads_added", spend, named)
