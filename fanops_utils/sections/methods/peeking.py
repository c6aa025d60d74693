"""What looking twenty times at a test costs, by rule of stopping."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.methods.names import METHODS, cells
from fanops_utils.text import Level, Number, Percent, Sayable, Sentences, Unit, say, term

PROMISED = 0.05


def peeking(table: pd.DataFrame) -> Section:
    """Return what looking twenty times costs under each rule, from *table* of `peeking_table`."""
    finding = _cost(table)
    named = table.assign(label=cells(table["rule"], METHODS.__getitem__))
    words = Words(
        title=say("False effects, by rule of stopping"),
        subtitle=say("Share of tests without an effect that found one, twenty looks, Wilson intervals"),
        axis=term("share of tests without an effect", "axis"),
        alt=finding.text,
    )
    drawn = named[["label", "false_positive", "ci_lower", "ci_upper"]].rename(columns={"false_positive": "estimate"})
    reference = term("promised {level}", "line in a chart", level=Level(PROMISED))
    chart = charts.intervals(drawn, label="label", words=words, reference=PROMISED, reference_label=reference)
    return Section.of(finding, chart, _listed(named))


def _cost(table: pd.DataFrame) -> Finding:
    rules = {str(row["rule"]): row for row in table.to_dict("records")}
    peeked, planned, fixed = (rules[rule] for rule in ("every_look", "obrien_fleming", "one_look"))
    shares = {"peeked": Percent(peeked["false_positive"]), "planned": Percent(planned["false_positive"])}
    text = Sentences.of(
        say("Whoever tests at every look and stops at the first effect is done at look {look} on average.",
            look=Number(peeked["mean_look"], 1)),
        say("Looks planned beforehand (O'Brien-Fleming) find {power} of real effects; one look at the end finds {fixed}.",
            power=Percent(planned["power"]), fixed=Percent(fixed["power"])),
        say("They end at look {look} on average, in place of look {last}.", look=Number(planned["mean_look"], 1),
            last=Number(fixed["mean_look"], 0)),
    )  # fmt: skip
    return Finding(
        id="experiment_peeking", text=text,
        title=say("Peeking finds an effect in {peeked} of tests that have none; planned looks in {planned}", **shares),
        verdict=say("Peeking finds an effect in {peeked} of tests that have none; planned looks in {planned}.", **shares),
        estimate=float(peeked["false_positive"]), ci_lower=float(peeked["ci_lower"]), ci_upper=float(peeked["ci_upper"]),
        unit=Unit("share", term("of tests without an effect", "unit")),
        method=say("Twenty looks at 20,000 units, a base rate of 5%, an effect that one look finds four times in five."),
    )  # fmt: skip


def _listed(named: pd.DataFrame) -> charts.Table:
    columns: dict[str, Sayable] = {
        "label": term("Rule", "column"), "false_positive": term("False effects", "column"),
        "false_positive_revenue": term("False effects, skewed revenue", "column"), "power": term("Power", "column"),
        "mean_look": term("Ends at look (mean)", "column"),
    }  # fmt: skip
    forms = {"false_positive": Percent, "false_positive_revenue": Percent, "power": Percent}
    return charts.table(named, columns=columns, formats=forms, caption=say("Twenty looks, by rule of stopping"))
