"""Who asks more than others of the same size?"""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import Prices
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.partners.words import named
from fanops_utils.text import Count, Listed, Money, Number, Sentences, Signed, Unit, say, say_n, term

SHOWN = 4


def price(prices: Prices, *, currency: str) -> Section:
    """Return which partners are dear for their size (*prices*: `models.price_for_reach`), as a reason to talk, no verdict."""
    table = prices.table
    if prices.slope != prices.slope:
        return Section.of(Finding.nothing("price", say("fewer than six partners with a fee and followers")))
    dear = table[table["mark"] == "dear"]
    code = "dear" if len(dear) else "usual" if prices.flagged else "few"
    most = table.iloc[0]
    told = {"partner": named(most["partner"]), "change": Signed(most["estimate"])}
    if code == "dear":
        title = say("{partner} asks {change} against what others of its size ask", **told)
    elif code == "usual":
        title = say("No partner asks clearly more than others of its size")
    else:
        title = say("Too few partners to call one dear; the fees are shown")
    text = Sentences.of(
        say(
            "One percent more followers adds {slope}% to the usual fee: a plain fee per follower favours large accounts.",
            slope=Number(prices.slope, digits=2),
        ),
        say("Clearly above the usual: {partners}.", partners=Listed.of(named(one) for one in dear["partner"]))
        if len(dear) > 1
        else None,
        None
        if prices.flagged
        else say_n(
            "Fifteen partners are wanted before one is called dear; there is {n}.",
            "Fifteen partners are wanted before one is called dear; there are {n}.",
            n=len(table),
        ),
        say("What else a fee buys (rights, exclusiveness, production) is not in the data."),
    )
    finding = Finding(
        id="price",
        label=term("Fee against the usual for its size", "label of a finding"),
        code=code,
        title=title,
        text=text,
        verdict=say("{sentence}.", sentence=title),
        severity="watch" if code == "dear" else "info",
        estimate=most["estimate"],
        unit=Unit("change", term("against the usual fee", "unit")),
        n=len(table),
        weight="chapter" if code == "dear" else None,
        method=say(
            "Line through log fee and log followers, slope free; each partner against the line of the others; at most one false "
            "flag in twenty reports, over all partners."
        ),
    )
    return Section.of(finding, _chart(table, finding, currency), _table(table, currency))


def _chart(table: pd.DataFrame, finding: Finding, currency: str) -> charts.Chart:
    label = [
        named(one) if mark in ("dear", "cheap") else ""
        for one, mark in zip(table["partner"], table["mark"], strict=True)
    ]

    def money(amount: float) -> Money:
        return Money(amount, currency)

    return charts.scatter(
        table.assign(label=cells(label)),
        x="size",
        y="fee",
        label="label",
        x_form=Count,
        y_form=money,
        words=Words(
            title=say("Fee and followers of each partner"),
            subtitle=say("Mean fee of a delivery, followers at publication"),
            axis=term("fee per delivery", "axis"),
            x_axis=term("followers", "axis"),
            alt=finding.text,
            caption=say("Named: clearly above or below what others of their size ask"),
        ),
    )


def _table(table: pd.DataFrame, currency: str) -> charts.Table:
    def money(amount: float) -> Money:
        return Money(amount, currency)

    ends = table if len(table) <= 2 * SHOWN else pd.concat([table.head(SHOWN), table.tail(SHOWN)])
    columns = {
        "name": term("Partner", "column"),
        "size": term("Followers", "column"),
        "fee": term("Fee per delivery", "column"),
        "usual": term("Usual at this size", "column"),
        "estimate": term("Difference", "column"),
    }
    shown = ends.assign(name=cells(named(one) for one in ends["partner"]))
    forms = {"size": Count, "fee": money, "usual": money, "estimate": Signed}
    return charts.table(
        shown, columns=columns, formats=forms, caption=say("The dearest and the cheapest for their size")
    )
