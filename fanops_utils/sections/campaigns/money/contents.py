"""What is in the cost of a campaign, in sentences."""

from __future__ import annotations

from fanops_utils.metrics import FullCost
from fanops_utils.text import Listed, Message, Money, Sayable, Sentences, say, term

NO_COST = term("the register names no cost", "why there is no data")


def contents(cost: FullCost) -> Sayable:
    """Return what is in *cost*: payments or the plan, and where the advertisements are."""
    base = (
        say("The cost is that of the payments booked in the register.")
        if cost.paid
        else say("The cost is the budget as planned: no payment is booked in the register.")
    )
    return Sentences.of(base, _ads(cost))


def _ads(cost: FullCost) -> Message | None:
    match cost.rule:
        case "ads_in_line":
            return say("Advertisements are in the line for media.")
        case "ads_added":
            return say("{money} for advertisements is added.", money=Money(cost.ads, cost.currency))
        case "ads_in_other_currency":
            return say(
                "Advertisements are not in it: they were paid in {currency}, and no rate of exchange is named.",
                currency=Listed.of(cost.ads_currencies),
            )
        case "ads_in_several_currencies" if len(cost.ads_currencies) > 1:
            return say(
                "Advertisements are not in it: amounts in {currencies} are never added up.",
                currencies=Listed.of(cost.ads_currencies, how="and"),
            )
        case "ads_in_several_currencies":
            return say("Advertisements are not in it: some of their amounts name no currency.")
    return None
