"""What do partners, ambassadors and fans with a code of their own sell, and do those buyers come back?"""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.partners.words import size
from fanops_utils.text import Money, People, Percent, Sentences, Unit, Written, is_few, say, say_n, term


def partners(table: pd.DataFrame, paid: pd.DataFrame, *, currency: str, orders: int, as_of: date | None) -> Section:
    """Return what was sold under each code (*table*: `metrics.code_sales`), of *orders* in all, beside what was *paid*.

    *paid*: code, tier, paid, paid_currency (fees and settlements less claw-backs); its money may be in another currency.
    """
    if table.empty or as_of is None or not orders:
        return Section.of(
            Finding.nothing(
                "partners", say("no order under a partner's code (exports: partners or settlements, orders)")
            )
        )
    sold, first = int(table["orders"].sum()), table.iloc[0]
    if is_few(sold):
        return Section.of(Finding.nothing("partners", say("fewer than ten orders carry a partner's code")))
    share = Percent(sold / orders)
    finding = Finding(
        id="partners",
        label=term("Orders under partners' codes", "label of a finding"),
        code="sold",
        title=say("Partners' codes stand on {share} of all orders so far", share=share),
        verdict=say("Partners' codes stand on {share} of all orders so far.", share=share),
        text=Sentences.of(
            say_n("{n} order was placed under a partner's code, {share} of all.",
                  "{n} orders were placed under a partner's code, {share} of all.", n=sold, share=share),
            say("{code} sold most: {money} after refunds.", code=Written(str(first["code"])),
                money=Money(first["revenue"], currency)),
            say("{new} of these customers were new; the others had bought before and may only have used the discount.",
                new=People(int(table["new"].sum()))),
        ),
        estimate=sold / orders, unit=Unit("share", term("of orders", "unit")), n=People(orders),
        method=say("Orders that carry a code of the partners or settlements; an order under a code passed by the partner, "
                   "it was not "
                   "necessarily won by them."),
    )  # fmt: skip
    shown = table.merge(paid, on="code", how="left")
    tier = cells(size(one) if isinstance(one, str) else None for one in shown["tier"])
    shown = shown.assign(code=shown["code"].map(Written), tier=tier)
    known = bool(shown["paid"].notna().any())  # fees of another file than the orders
    columns = {
        "code": term("Code", "column"), "tier": term("Tier", "column"), "orders": term("Orders", "column"),
        "new": term("New customers", "column"), "revenue": term("Sold after refunds, {currency}", "column", currency=currency),
        "refunded": term("Refunded", "column"), "n": term("New, 90 days ago", "column"), "again": term("Bought again", "column"),
        **({"paid": term("Paid to them", "column"), "paid_currency": term("Currency", "column")} if known else {}),
    }  # fmt: skip
    caption = say(
        "Orders to {day}; bought again within 90 days, of new customers whose days are over; "
        "amounts of several currencies are not added",
        day=as_of,
    )
    return Section.of(finding, charts.table(shown, columns=columns, formats={"refunded": Percent, "again": Percent},
                                            people="orders", caption=caption))  # fmt: skip
