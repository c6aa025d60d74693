"""Which partners were answered: ranked by interactions per account reached, and what an interaction cost with each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.partners.words import named
from fanops_utils.sections.words import chance_of
from fanops_utils.text import Level, Message, Money, Percent, Sayable, Sentences, Unit, Written, say, say_n, term

FEWEST = 3
TIERS: dict[str, Message] = {
    "nano": term("nano", "tier of partners"),
    "micro": term("micro", "tier of partners"),
    "mid": term("mid-sized", "tier of partners"),
    "macro": term("macro", "tier of partners"),
    "mega": term("mega", "tier of partners"),
}
METHOD = say("Interactions of all deliveries over their reach (delta method), shrunk to their mean by empirical Bayes.")


def partners(table: pd.DataFrame, *, level: float) -> Section:
    """Return whose posts were answered most, shrunk, and all partners drawn."""
    finding = answer(table)
    drawn = Words(
        title=say("Partners: as measured, and with luck taken out"),
        subtitle=say("All deliveries of the campaign; {level} intervals", level=Level(level)),
        axis=term("interactions per account reached", "axis"),
        alt=finding.text,
        caption=say("Small audiences answer more readily: compare within a tier"),
    )
    return Section.of(finding, charts.drawn_together(_drawn(table), label="partner", form=Percent, words=drawn))


def _drawn(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty:
        return table
    table = table.assign(partner=pd.Series([named(one) for one in table["partner"]], table.index, dtype=object))
    return table.assign(tier=pd.Series([TIERS.get(tier) or tier for tier in table["tier"]], table.index, dtype=object))


def answer(table: pd.DataFrame) -> Finding:
    """Return which partner's posts were answered most, shrunk, and what an interaction cost with each."""
    if table.empty:
        why = term("no delivery of a partner is booked for this campaign", "why there is no data")
        return Finding.nothing("partners", why)
    ranked, told = table[table["rank"].notna()], [_told(row) for row in table.to_dict("records")]
    deliveries = int(table["deliveries"].sum())
    if len(ranked) < FEWEST:
        title = say_n(
            "{n} partner delivered; three are needed for a ranking",
            "{n} partners delivered; three are needed for a ranking",
            n=len(table),
        )
        return Finding(id="partners", title=title, text=Sentences.of(*told), n=deliveries, code="few")
    best = ranked.iloc[0]
    sure = say(
        "{partner} is the best of them with a chance of {share}.",
        partner=named(best["partner"]),
        share=chance_of(float(best["p_best"])),
    )
    care = say(
        "A small audience answers more readily than a large one, so compare within a tier; and none of this says what would "
        "have been bought without them."
    )
    return Finding(
        id="partners",
        title=say(
            "{partner} drew the most interactions per account reached: {rate}",
            partner=named(best["partner"]),
            rate=Percent(float(best["shrunk"])),
        ),
        text=Sentences.of(*told, sure, care),
        estimate=float(best["shrunk"]),
        ci_lower=float(best["ci_lower"]),
        ci_upper=float(best["ci_upper"]),
        unit=Unit("share", term("interactions per account reached", "unit")),
        n=deliveries,
        method=METHOD,
        code="ranked",
    )


def _told(row: Mapping[Any, Any]) -> Message:
    """Return a partner in a sentence: rate, deliveries, cost of an interaction, orders under the code."""
    number = say_n("{n} delivery", "{n} deliveries", n=int(row["deliveries"]))
    tier = str(row["tier"])
    who: dict[str, Sayable] = {
        "partner": named(row["partner"]), "tier": TIERS.get(tier) or Written(tier), "deliveries": number,
    }  # fmt: skip
    rate, cost = _rate(row), _cost(row)
    if not np.isfinite(float(row["orders"])):
        return say("{partner} ({tier}): {rate} in {deliveries}, {cost}.", rate=rate, cost=cost, **who)
    orders = say_n("{n} order", "{n} orders", n=float(row["orders"]))
    return say(
        "{partner} ({tier}): {rate} in {deliveries}, {cost}, {orders} under the code.",
        rate=rate, cost=cost, orders=orders, **who,
    )  # fmt: skip


def _rate(row: Mapping[Any, Any]) -> Message | Percent:
    return (
        Percent(float(row["estimate"]))
        if np.isfinite(float(row["estimate"]))
        else term("reach unknown", "rate of a partner")
    )


def _cost(row: Mapping[Any, Any]) -> Message:
    each = float(row["cost_each"])
    if not np.isfinite(each):
        return term("fee unknown", "cost of a partner")
    return term("{money} an interaction", "cost of a partner", money=Money(each, str(row["currency"])))
