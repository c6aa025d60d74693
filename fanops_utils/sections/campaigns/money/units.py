"""What an interaction and an order under a code cost when the cost is spread over all of them."""

from __future__ import annotations

import numpy as np

from fanops_utils.metrics import FullCost, Interval, cost_per
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.money.contents import NO_COST, contents
from fanops_utils.sections.campaigns.words import COUNTED, in_money
from fanops_utils.text import Message, Money, Sayable, Sentences, say, say_n, term
from fanops_utils.workspace import Campaign

METHOD = say("Cost divided by all units of the live days; counts as Poisson, the money as known.")


def units(cost: FullCost, extra: Interval | None, campaign: Campaign, *, orders: float, engaged: float) -> Section:
    """Return what an interaction of the live days and an order under a code cost: averages, not what one more costs.

    *orders*: orders under the campaign's codes; *engaged*: units of the metric in the treated markets' live days.
    """
    return Section.of(answer(cost, extra, campaign, orders=orders, engaged=engaged))


def answer(cost: FullCost, extra: Interval | None, campaign: Campaign, *, orders: float, engaged: float) -> Finding:
    """Return the averages as a finding."""
    if not cost.amount:
        return Finding.nothing("units", NO_COST)
    known = [("unit", engaged), ("order", orders)]
    known = [(kind, number) for kind, number in known if np.isfinite(number) and number > 0]
    if not known:
        why = term("neither units of the metric nor orders under a code are known", "why there is no data")
        return Finding.nothing("units", why)
    return Finding(
        id="units",
        title=_title(cost, campaign, *known[0]),
        text=Sentences.of(*(_spread(cost, campaign, *one) for one in known), _one_more(extra), contents(cost)),
        method=METHOD,
        code="known",
    )


def _title(cost: FullCost, campaign: Campaign, kind: str, number: float) -> Message:
    money = Money(cost_per(cost.amount, number).estimate, cost.currency)
    if kind == "order":
        return say("Spread over all orders under a code, each cost {money}", money=money)
    return say("Spread over all {units}, each cost {money}", units=words.unit(campaign.metric), money=money)


def _spread(cost: FullCost, campaign: Campaign, kind: str, number: float) -> Message:
    each = cost_per(cost.amount, number)
    amount: Sayable = (
        words.counted(campaign.metric, number)
        if kind == "unit"
        else say_n("{n} order under a code", "{n} orders under a code", n=number)
    )
    return say(
        "{total} over {amount}: {money} each ({interval}).",
        total=Money(cost.amount, cost.currency),
        amount=amount,
        money=Money(each.estimate, cost.currency),
        interval=in_money(each.ci_lower, each.ci_upper, cost.currency, level=COUNTED),
    )


def _one_more(extra: Interval | None) -> Message:
    if extra is not None and extra.ci_lower > 0:
        return say("Most came without the campaign; an extra one has a price of its own.")
    return say("Most came without the campaign; there may be no extra one at all.")
