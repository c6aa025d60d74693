"""Which partners were answered, what an interaction cost with each, and whether to book them again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.partners.rebooked import held_back, rebooked
from fanops_utils.sections.partners.words import named, size
from fanops_utils.sections.words import chance_of
from fanops_utils.text import (
    Level,
    Listed,
    Message,
    Money,
    Percent,
    Sayable,
    Sentences,
    Unit,
    say,
    say_n,
    term,
)
from fanops_utils.workspace.operations.partners import Partner

FEWEST = 3
METHOD = say("Interactions of all deliveries over their reach (delta method), shrunk to their mean by empirical Bayes.")


def partners(
    table: pd.DataFrame,
    *,
    level: float,
    again: pd.DataFrame | None = None,
    known: Collection[Partner] | None = None,
    codes: Mapping[str, str | None] | None = None,
) -> Section:
    """Return whose posts were answered most, shrunk, all partners drawn, and whom to book *again* (`models.rebooking`).

    *known*: partners.yml, which holds back who failed a gate or was not looked at (None: not asked); *codes*: the code of each
    partner that the campaign's register names.
    """
    held = held_back(again["partner"], known, codes=codes) if again is not None else {}
    finding = answer(table, again, held=held)
    drawn = Words(
        title=say("Partners: as measured, and with luck taken out"),
        subtitle=say("All deliveries of the campaign; {level} intervals", level=Level(level)),
        axis=term("interactions per account reached", "axis"),
        alt=finding.text,
        caption=say("Small audiences answer more readily: compare within a tier"),
    )
    chart = charts.drawn_together(_drawn(table), label="partner", form=Percent, words=drawn)
    caption = say("Book again? By what a fee brought in this campaign, luck taken out; the decision is yours")
    return Section.of(finding, chart, rebooked(again, caption=caption, held=held))


def _drawn(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty:
        return table
    table = table.assign(partner=pd.Series([named(one) for one in table["partner"]], table.index, dtype=object))
    return table.assign(tier=pd.Series([size(tier) for tier in table["tier"]], table.index, dtype=object))


def answer(table: pd.DataFrame, again: pd.DataFrame | None = None, *, held: Mapping[str, str] | None = None) -> Finding:
    """Return which partner's posts were answered most, what an interaction cost with each, and whom to book *again*.

    *held*: `held_back`, what partners.yml holds against some of them.
    """
    if table.empty:
        why = term("no delivery of a partner is booked for this campaign (export: partners)", "why there is no data")
        return Finding.nothing("partners", why)
    ranked, told = table[table["rank"].notna()], [_told(row) for row in table.to_dict("records")]
    deliveries = int(table["deliveries"].sum())
    if len(ranked) < FEWEST:
        title = say_n(
            "{n} partner delivered; three are needed for a ranking",
            "{n} partners delivered; three are needed for a ranking",
            n=len(table),
        )
        return Finding(
            id="partners", title=title, text=Sentences.of(*told, *_again(again, held or {})), n=deliveries, code="few"
        )
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
    most = {"partner": named(best["partner"]), "rate": Percent(float(best["shrunk"]))}
    dear = again is not None and ((again["partner"] == best["partner"]) & (again["rebook"] == "no")).any()
    return Finding(
        id="partners",
        title=say("{partner} drew the most interactions per account reached ({rate}), but too few for the fee", **most)
        if dear
        else say("{partner} drew the most interactions per account reached: {rate}", **most),
        text=Sentences.of(*told, sure, care, *_again(again, held or {})),
        estimate=float(best["shrunk"]),
        ci_lower=float(best["ci_lower"]),
        ci_upper=float(best["ci_upper"]),
        unit=Unit("share", term("interactions per account reached", "unit")),
        n=deliveries,
        method=METHOD,
        code="ranked",
    )


def _again(again: pd.DataFrame | None, held: Mapping[str, str]) -> list[Message]:
    """Return whom the fees speak for and against, where they tell partners apart; whom a duty or a gate holds back is said."""
    if again is None or again.empty:
        return []
    rows = [(str(row["partner"]), str(row["rebook"])) for row in again.to_dict("records")]
    yes = [name for name, code in rows if code == "yes"]
    against = [named(name) for name, code in rows if code == "no"]
    free = [_open_still(name) if held.get(name) == "unlabelled" else named(name)
            for name in yes if held.get(name) not in ("failed", "unlooked")]  # fmt: skip
    bare, failed = ([named(name) for name in yes if held.get(name) == code] for code in ("unlooked", "failed"))
    if not yes and not against:
        return [say("What a fee brought tells no partner from another: booking again is open.")]
    said = [say("Book again, by what a fee brought: {partners}.", partners=Listed.of(free))] if free else []
    if bare:
        said.append(
            say(
                "More per fee, but not to be booked again before somebody has looked at background and undertaking not to buy "
                "volume: {partners}.",
                partners=Listed.of(bare),
            )
        )
    if failed:
        said.append(
            say("More per fee, but out: a gate of partners.yml is failed: {partners}.", partners=Listed.of(failed))
        )
    return said + ([say("Not again at this fee: {partners}.", partners=Listed.of(against))] if against else [])


def _open_still(name: str) -> Message:
    return say("{partner} (nobody checked its ad labelling yet)", partner=named(name))


def _told(row: Mapping[Any, Any]) -> Message:
    """Return a partner in a sentence: rate, deliveries, cost of an interaction, orders under the code."""
    number = say_n("{n} delivery", "{n} deliveries", n=int(row["deliveries"]))
    who: dict[str, Sayable] = {
        "partner": named(row["partner"]), "tier": size(row["tier"]), "deliveries": number,
    }  # fmt: skip
    rate, cost = _rate(row), _cost(row)
    if not np.isfinite(float(row["orders"])):
        return say("{partner} ({tier}): {rate} in {deliveries}, {cost}.", rate=rate, cost=cost, **who)
    orders = say_n("{n} order", "{n} orders", n=float(row["orders"]))
    return say(
        "{partner} ({tier}): {rate} in {deliveries}, {cost}, {orders} under the code as the deliveries report them.",
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
