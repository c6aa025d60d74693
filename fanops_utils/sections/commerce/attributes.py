"""What goes with buying? Attributes of members, associated with it, never its cause."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.commerce import names
from fanops_utils.text import Level, Listed, Number, People, PValue, Sentences, say, say_n, term

RATE = 0.05


def attributes(table: pd.DataFrame, by_value: pd.DataFrame, *, within: int, members: int) -> Section:
    """Return which attributes go with a purchase within so many days of joining (*table*: `models.associations`).

    *by_value*: `models.outcome_by` of the strongest one.
    """
    if table.empty:
        return Section.of(
            Finding.nothing(
                "attributes", say("no members with linked orders and attributes (exports: fans, member events)")
            )
        )
    clear = table[table["clear"].astype(bool)]
    told = Listed.of(names.attribute(str(name)) for name in clear["attribute"])
    finding = Finding(
        id="attributes",
        label=term("What goes with buying", "label of a finding"),
        code="associated" if len(clear) else "none",
        title=say("Goes with buying: {attributes}", attributes=told) if len(clear) else say("No attribute clearly goes "
                                                                                            "with buying"),
        text=Sentences.of(
            say("Of {members} members who joined at least {within} days ago, these differ clearly in whether they bought: "
                "{attributes}.", members=members, within=within, attributes=told) if len(clear) else
            say_n("{n} attribute was looked at; it does not clearly go with buying.",
                  "{n} attributes were looked at; none clearly goes with buying.", n=len(table)),
            say("It goes with buying; that it leads to buying is not shown."),
        ),
        n=People(members),
        method=say("Chi-square test per attribute, false discoveries held at {rate} over all that were looked at; "
                   "strength: Cramer's V.",
                   rate=Level(RATE)),
    )  # fmt: skip
    chart = charts.intervals(
        by_value.assign(value=by_value["value"].map(lambda value: names.source(str(value)))), label="value",
        words=Words(
            title=say("Members who bought, by the attribute that goes with it most"),
            subtitle=say("Share with an order within {within} days of joining, 95% intervals", within=within),
            axis=term("share of members", "axis"), alt=finding.text, caption=say("Values of ten members or more; n = members"),
        ),
    ) if len(clear) else None  # fmt: skip
    shown = table.assign(attribute=table["attribute"].map(names.attribute))
    listed = charts.table(
        shown,
        columns={"attribute": term("Attribute", "column"), "values": term("Values", "column"), "n": term("Members", "column"),
                 "strength": term("Strength, 0 to 1", "column"), "q": term("q", "column")},
        formats={"strength": Number, "q": PValue}, caption=say("All attributes that were looked at"),
    )  # fmt: skip
    return Section.of(finding, chart, listed)
