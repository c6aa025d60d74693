"""How loud is each brand, how much of it is criticism, and who answers?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.multiple import side_of_all
from fanops_utils.models import excess_share
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.unmentioned import unmentioned
from fanops_utils.text import (
    Listed,
    Percent,
    Period,
    Points,
    Sayable,
    Sentences,
    Span,
    Unit,
    Written,
    say,
    term,
)

LEVEL = 0.9
FEWEST = 30
HALF = 0.5


def voice(table: pd.DataFrame, *, brand: str, market_share: float | None, period: Period) -> Section:
    """Return the share of voice of *brand* (`models.weekly_shares`) and, where a market share is given, what lies beyond it."""
    ours = table[table["brand"] == brand]
    if ours.empty or not int(table["n"].max()) or not int(ours.iloc[0]["hits"]):
        return Section.of(Finding.nothing("voice", unmentioned(Written(brand), others=bool(table["hits"].sum()))))
    row = ours.iloc[0]
    told: dict[str, Any] = {
        "brand": Written(brand),
        "share": Percent(row["estimate"], 1),
        "weeks": int(row["weeks"]),
        "interval": Span.of(row["ci_lower"], row["ci_upper"], level=LEVEL),
    }
    rivals = table[table["brand"] != brand].sort_values("estimate", ascending=False)
    first = rivals.iloc[0] if len(rivals) else None
    ahead = first is not None and bool(first["pair_lower"] > HALF)
    apart = ahead or (first is not None and bool(first["pair_upper"] < HALF))
    code = "share" if not apart else "loudest" if ahead else "quieter"
    finding = Finding(
        id="voice",
        about=Written(str(first["brand"])) if first is not None else None,
        code=code,
        title=say("{brand} holds {share} of the conversation", **told),
        label=term("Share of voice", "label of a finding"),
        verdict=say("{brand} holds {share} of the conversation ({interval}).", **told),
        text=Sentences.of(
            say("{share} ({interval}) of the mentions of us and of the named rivals, over {weeks} weeks.", **told),
            say(
                "The loudest rival, {rival}, has {theirs} ({interval}).",
                rival=Written(str(first["brand"])),
                theirs=Percent(first["estimate"], 1),
                interval=Span.of(first["ci_lower"], first["ci_upper"], level=LEVEL),
            )
            if first is not None
            else None,
            say("The order of the two is not clear.") if first is not None and not apart else None,
            _excess(row, market_share),
        ),
        estimate=row["estimate"],
        ci_lower=row["ci_lower"],
        ci_upper=row["ci_upper"],
        unit=Unit("share", term("of mentions", "unit")),
        n=int(row["n"]),
        weight="chapter",
        method=say(
            "Share of all mentions, weeks as clusters, logit scale, t; mentions come in waves, so that single ones are no sample."
        ),
    )
    label = pd.Series([Written(str(name)) for name in table["brand"]], index=table.index, dtype=object)
    chart = charts.intervals(
        table.assign(label=label, own=table["brand"] == brand).sort_values("estimate", ascending=False),
        label="label",
        words=Words(
            title=say("Share of voice"),
            subtitle=say("90% intervals over weeks, {period}", period=period),
            alt=finding.text,
            axis=term("of mentions", "axis"),
            caption=say("n = mentions of all brands together"),
        ),
    )
    return Section.of(finding, chart)


def _excess(row: pd.Series, market_share: float | None) -> Sayable:
    if market_share is None:
        return say("No market share is given: whether that is much for our size is not said.")
    beyond = excess_share((row["estimate"], row["ci_lower"], row["ci_upper"]), (market_share,) * 3)
    told = {"points": Points(beyond[0], digits=1), "interval": Span.of(beyond[1], beyond[2], form=Points, level=LEVEL)}
    return say(
        "That is {points} ({interval}) against our share of the market of {market} (given, without an error known).",
        market=Percent(market_share, 1),
        **told,
    )


def tone(table: pd.DataFrame, *, brand: str, period: Period) -> Section:
    """Return which share of each brand's labelled mentions is negative (`models.weekly_rate`)."""
    known = table[table["n"] >= FEWEST].dropna(subset=["ci_lower"])
    ours, rivals = known[known["brand"] == brand], known[known["brand"] != brand]
    if rivals.empty:
        return Section.of(Finding.nothing("tone", say("no rival has thirty mentions with a sentiment over four weeks")))
    if ours.empty:
        code, title = "rivals", say("Criticism of the rivals: see the table")
    else:
        own = ours.iloc[0]
        code = {1: "more", -1: "less", 0: "level"}[side_of_all(own, rivals)]
        share = Percent(own["estimate"], 1)
        title = (
            say("{share} of our mentions are negative: more than of any rival", share=share)
            if code == "more"
            else say("{share} of our mentions are negative: less than of any rival", share=share)
            if code == "less"
            else say(
                "{share} of our mentions are negative: neither clearly more than all rivals nor clearly less",
                share=share,
            )
        )
    told: list[Sayable] = [
        say(
            "{rival} {share} ({interval})",
            rival=Written(str(row["brand"])),
            share=Percent(row["estimate"], 1),
            interval=Span.of(row["ci_lower"], row["ci_upper"], level=LEVEL),
        )
        for _, row in known.iterrows()
    ]
    own_row = ours.iloc[0] if len(ours) else None
    finding = Finding(
        id="tone",
        code=code,
        title=title,
        text=say("Negative mentions: {brands}.", brands=Listed.of(told)),
        label=term("Negative mentions against rivals", "label of a finding"),
        severity="watch" if code == "more" else "info",
        estimate=None if own_row is None else own_row["estimate"],
        ci_lower=None if own_row is None else own_row["ci_lower"],
        ci_upper=None if own_row is None else own_row["ci_upper"],
        unit=Unit("share", term("of mentions", "unit")),
        n=int(known["n"].sum()),
        method=say(
            "Negative among mentions with a sentiment, labelled by the same tool for all brands; weeks as clusters, {period}.",
            period=period,
        ),
    )
    columns = {
        "brand": term("Brand", "column"),
        "n": term("Mentions with a sentiment", "column"),
        "estimate": term("Negative", "column"),
        "ci_lower": term("90% from", "column"),
        "ci_upper": term("to", "column, upper end"),
    }
    percent = dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Percent)
    return Section.of(
        finding, charts.table(known, columns=columns, formats=percent, caption=say("Negative mentions by brand"))
    )
