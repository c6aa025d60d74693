"""What did partners sell? Orders under their codes, the shop's series around deliveries, and whose buyers are the same."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.models import SeriesEffect
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.partners.words import named
from fanops_utils.text import Count, Number, People, Percent, Sentences, Span, Unit, is_few, say, say_n, term

NO_CODES = say(
    "no partner has a code of its own in a market with orders; the mapping of deliveries names it (export: orders)"
)
MUCH = 0.2
PAIRS = 5


def sales(table: pd.DataFrame, series: SeriesEffect) -> Section:
    """Return what was ordered under partners' codes, and whether the shop's series moved (*table*: `models.code_sales`)."""
    if table.empty:
        return Section.of(Finding.nothing("sales", NO_CODES))
    total, first = int(table["orders"].sum()), table.iloc[0]
    few = is_few(total)
    came = say_n("{n} order came under partners' codes", "{n} orders came under partners' codes", n=total)
    title = say("Fewer than ten orders came under partners' codes") if few else came
    told: dict[str, Any] = {
        "partner": named(first["partner"]),
        "n": int(first["orders"]),
        "share": Percent(first["share"]),
    }
    text = Sentences.of(
        say_n(
            "{partner} leads with {n} order, {share} of its market's orders since then.",
            "{partner} leads with {n} orders, {share} of its market's orders since then.",
            **told,
        )
        if not is_few(first["orders"]) and total
        else None,
        _series(series),
        say("A code counts who typed it: some would have bought anyway, others came without typing it."),
    )
    finding = Finding(
        id="sales",
        label=term("Orders under partners' codes", "label of a finding"),
        code="moved" if series.evident else "not_seen" if series.n else "codes",
        title=title,
        text=text,
        verdict=say("Fewer than ten orders came under partners' codes.")
        if few
        else say_n("{n} order came under partners' codes.", "{n} orders came under partners' codes.", n=total),
        estimate=float(total),
        unit=Unit("count", term("orders", "unit")),
        n=People(total),
        method=say(
            "Orders whose code is the partner's. Series: mean of the three days from a delivery on over the fourteen days before, "
            "weekdays taken out, all deliveries together, weeks of a market as clusters, t, 90%; read as one factor, "
            "never partner by partner."
        ),
    )
    columns = {
        "name": term("Partner", "column"),
        "market": term("Market", "column"),
        "orders": term("Orders", "column"),
        "share": term("Share of the market's orders", "column"),
        "buyers": term("Buyers", "column"),
    }
    shown = table.assign(name=cells(named(one) for one in table["partner"]))
    told_table = charts.table(
        shown,
        columns=columns,
        formats={"orders": Count, "share": Percent, "buyers": Count},
        people="buyers",
        caption=say("Orders under each code; fewer than ten buyers are hidden"),
    )
    return Section.of(finding, told_table)


def overlap(table: pd.DataFrame) -> Section:
    """Return whose buyers are largely the same people (*table*: `models.buyer_overlap`)."""
    if table.empty:
        return Section.of(Finding.nothing("overlap", say("fewer than two partners with ten buyers under a code")))
    first = table.iloc[0]
    told = {"first": named(first["first"]), "second": named(first["second"]), "share": Percent(first["share"])}
    code = "same" if first["share"] >= MUCH else "apart"
    title = (
        say("{first} and {second} sell to much the same people: {share} of their buyers are shared", **told)
        if code == "same"
        else say("Partners sell to different people: no two share more than {share} of their buyers", **told)
    )
    finding = Finding(
        id="overlap",
        label=term("Largest overlap of buyers", "label of a finding"),
        code=code,
        title=title,
        text=say(
            "Buyers are known by pseudonym and only where a code was typed; followers of two accounts cannot be matched."
        ),
        estimate=first["share"],
        unit=Unit("share", term("of the buyers of both", "unit")),
        n=len(table),
        method=say("People who bought under both codes, divided by people who bought under either."),
    )
    columns = {
        "one": term("Partner", "column"),
        "other": term("and", "column, second of a pair"),
        "share": term("Shared buyers", "column"),
    }
    top = table.head(PAIRS)
    shown = top.assign(one=cells(named(one) for one in top["first"]), other=cells(named(one) for one in top["second"]))
    return Section.of(
        finding,
        charts.table(shown, columns=columns, formats={"share": Percent}, caption=say("Pairs with most shared buyers")),
    )


def _series(series: SeriesEffect) -> Any:
    if not series.n or series.factor.ci_lower != series.factor.ci_lower:
        return say("Fewer than ten weeks with deliveries: the shop's own series tells nothing yet.")
    interval = Span.of(series.factor.ci_lower, series.factor.ci_upper, form=Number, level=0.9)
    told: dict[str, Any] = {"factor": Number(series.factor.estimate, digits=2), "interval": interval, "n": series.n}
    if series.evident:
        return say_n(
            "In the three days from a delivery on, the market's orders stood at {factor} times the two weeks before "
            "({interval}; {n} delivery together).",
            "In the three days from a delivery on, the market's orders stood at {factor} times the two weeks before "
            "({interval}; {n} deliveries together).",
            **told,
        )
    return say_n(
        "In the market's whole orders nothing is to be seen after a delivery: {factor} times the two weeks before ({interval}; "
        "{n} delivery together).",
        "In the market's whole orders nothing is to be seen after a delivery: {factor} times the two weeks before ({interval}; "
        "{n} deliveries together).",
        **told,
    )
