"""Which sales a campaign may claim: every tracking rule beside what the control markets grant; never added up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import claim_band
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns.words import COUNTED
from fanops_utils.text import Listed, Message, Percent, Sentences, Span, say, say_n, term
from fanops_utils.workspace import Campaign

NOTHING = term(
    "no orders of these markets in the live days, or no code, link or finished campaign to claim them "
    "(exports: orders, partners, site)",
    "why there is no data",
)
RULES: dict[str, Message] = {
    "code": term("under a code", "claim on orders"),
    "link": term("through a link", "claim on orders"),
    "survey": term("named in the survey", "claim on orders"),
    "counterfactual": term("beyond what would have come anyway", "claim on orders"),
}
METHOD = say(
    "Codes: orders under a code, of all. Links: the site's conversions. Survey: of those who answered. Counterfactual: against "
    "the control markets. Counts: 95%, Wilson."
)


def claims(table: pd.DataFrame, campaign: Campaign, *, level: float = 0.9) -> Section:
    """Return what each tracked rule claims beside what the counterfactual grants (*table*: `models.sales_claims`)."""
    finding = answer(table, campaign, level=level)
    drawn = Words(
        title=say("The same orders, claimed by each rule"),
        subtitle=say("Share of all orders of {markets} in the live days", markets=Listed.of(campaign.treated)),
        axis=term("share of the orders", "axis"),
        alt=finding.title,
        caption=say("Survey: of those who answered; beyond what would have come anyway: against the control markets"),
    )
    none = term("none", "reference line")
    return Section.of(
        finding, charts.intervals(rows(table), label="label", reference=0.0, reference_label=none, words=drawn)
    )


def answer(table: pd.DataFrame, campaign: Campaign, *, level: float) -> Finding:
    """Return the claims, and whether it is shown that these orders are extra."""
    if table.empty:
        return Finding.nothing("claims", NOTHING)
    low, high = claim_band(table)
    grants = table[table["kind"] == "counterfactual"]
    doubted = bool(len(grants) and np.isfinite(high) and not float(grants["ci_lower"].iloc[0]) > 0)
    orders = say_n(
        "{markets} had {n} order in the live days.",
        "{markets} had {n} orders in the live days.",
        n=int(table["total"].iloc[0]),
        markets=Listed.of(campaign.treated, how="and"),
    )
    never = say("These ways of tracing see the same orders and are never added up.")
    return Finding(
        id="claims",
        title=_title(low, high, doubted=doubted),
        text=Sentences.of(orders, *(_said(row, level) for row in table.to_dict("records")), never),
        severity="watch" if doubted else "info",
        n=int(table["n"].max()),
        method=METHOD,
        code="not_extra" if doubted else "claimed" if np.isfinite(low) else "no_rule",
    )


def _title(low: float, high: float, *, doubted: bool) -> Message:
    if not np.isfinite(low):
        return say("No sale can be traced to it")
    first, last = Percent(low), Percent(high)
    if low == high:
        if doubted:
            return say("{share} of the orders can be traced to it; whether they are extra is not known", share=first)
        return say("{share} of the orders can be traced to it", share=first)
    if doubted:
        return say(
            "{low} to {high} of the orders can be traced to it; whether they are extra is not known",
            low=first,
            high=last,
        )
    return say("{low} to {high} of the orders can be traced to it", low=first, high=last)


def _said(row: Mapping[Any, Any], level: float) -> Message:
    share = Percent(float(row["share"]))
    interval = Span.of(row["ci_lower"], row["ci_upper"], level=COUNTED if row["kind"] == "tracked" else level)
    match row["rule"]:
        case "code":
            return say("Under a code: {share} ({interval}).", share=share, interval=interval)
        case "link":
            return say("Through a link: {share} ({interval}).", share=share, interval=interval)
        case "survey":
            return say_n(
                "Named in the survey: {share} ({interval}) of {n} answer.",
                "Named in the survey: {share} ({interval}) of {n} answers.",
                n=int(row["n"]),
                share=share,
                interval=interval,
            )
    return say("Beyond what would have come anyway: {share} ({interval}).", share=share, interval=interval)


def rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return the claims as rows to be drawn: label, estimate, ci_lower, ci_upper."""
    drawn = table.rename(columns={"share": "estimate"})
    return drawn.assign(label=drawn["rule"].map(RULES))[["label", "estimate", "ci_lower", "ci_upper"]]
