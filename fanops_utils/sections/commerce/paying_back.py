"""Does a new customer bring back what they cost, by channel, and after how many months?"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections.cells import cells
from fanops_utils.sections.commerce import names
from fanops_utils.text import (
    Listed,
    Message,
    Money,
    Number,
    People,
    Percent,
    Sayable,
    Sentences,
    Span,
    Times,
    Unit,
    Written,
    say,
    say_n,
    term,
)

EARNS = term("revenue above the cost", "verdict on a channel")  # of which goods and delivery are still to be paid
CODED = term("Partners paid for work under a code", "source of customers")  # other fees are in the costs of all only
VERDICTS: dict[str, Message] = {
    "earns": term("brings back more than it cost", "verdict on a channel"),
    "costs": term("brings back less than it cost", "verdict on a channel"),
    "open": term("cannot be told", "verdict on a channel"),
    "few": term("too few customers", "verdict on a channel"),
}


def paying_back(
    compared: pd.DataFrame, earned: pd.DataFrame, *, currency: str, margin: float | None, others: Collection[str] = ()
) -> Section:
    """Return what a new customer brings against what one costs (*compared*: `metrics.against_cost`; *earned*:
    `metrics.earned_by_month`). *margin*: what is left of a sale after goods and delivery, as *compared* has counted it; None:
    not given, and all of a sale is counted. *others*: currencies of costs.
    """
    if compared.empty or earned.empty:
        return Section.of(
            Finding.nothing("paying_back", _why_not(earned, currency, sorted({*others} - {currency, "points"})))
        )
    months = int(earned["month"].max())
    table = compared.sort_values("channel", key=lambda column: column != "all", kind="stable")
    row = table.iloc[0]
    worst = table[(table["channel"] != "all") & (table["verdict"] == "costs")]
    finding = Finding(
        id="paying_back",
        weight="chapter",
        label=term("What a new customer brings, in times of the cost", "label of a finding"),
        code=str(row["verdict"]),
        severity=_severity(str(row["verdict"]), worst, margin),
        title=_title(str(row["verdict"]), row, months=months, margin=margin),
        verdict=say("{sentence}.", sentence=_title(str(row["verdict"]), row, months=months, margin=margin)),
        text=Sentences.of(
            _brought(row, months=months, currency=currency, margin=margin),
            _even(float(row["months"]), months, margin),
            _meant(row, margin),
            _worst(worst),
            say("Costs that are in no file (advertising not exported, people's time, discounts) would make a customer dearer."),
        ),
        estimate=float(row["times"]), ci_lower=float(row["times_lower"]), ci_upper=float(row["times_upper"]),
        unit=Unit("times", term("of what a customer costs", "unit")), n=People(int(row["n"])),
        about=Listed.of(_channel(one) for one in worst["channel"]) if len(worst) else None,
        method=say(
            "Value: what customers whose first order is that old have paid less refunds, first order included. Cost: of the last "
            "year, divided by who was new then; of partners only fees for work under a code. Assumed: those won now will buy like "
            "those won earlier; codes and network shops see at least half of the customers a channel brought, so that a single "
            "channel is called too dear only below {half}. Who came under a code might have bought anyway. Both errors together, "
            "on logs.", half=Times(0.5)),
    )  # fmt: skip
    return Section.of(finding, _chart(table, finding, margin), _table(table, currency, months, margin))


def _why_not(earned: pd.DataFrame, currency: str, others: list[str]) -> Message:
    if earned.empty:
        return say("fewer than thirty customers whose first order is three months old (export: orders)")
    if others:
        return say("costs are in {others}, sales in {currency}: what one is worth in the other brings it (parameter cost_rate)",
                   others=Listed.of(Written(one) for one in others), currency=Written(currency))  # fmt: skip
    return say(
        "no cost in {currency} beside new customers (exports: advertising, partners)", currency=Written(currency)
    )


def _channel(name: object) -> Sayable:
    return CODED if name == "partners" else names.source(str(name))


def _severity(verdict: str, worst: pd.DataFrame, margin: float | None) -> Severity:
    if verdict == "costs":
        return "alert"
    earned = verdict == "earns" and margin is not None  # revenue above the cost may still be a loss
    return "watch" if len(worst) else "good" if earned else "info"


def _title(verdict: str, row: pd.Series, *, months: int, margin: float | None) -> Message:
    times = Times(float(row["times"]))
    if verdict == "few":
        return say("Whether new customers bring back what they cost cannot be told: too few have been seen for {months} months",
                   months=months)  # fmt: skip
    if verdict == "open":
        return say("Whether a new customer brings back in {months} months what one costs cannot be told", months=months)
    if margin is None:
        return say(
            "In {months} months a new customer brings {times} what one costs, in revenue", months=months, times=times
        )
    return say("In {months} months a new customer brings {times} what one costs, after goods and delivery",
               months=months, times=times)  # fmt: skip


def _brought(row: pd.Series, *, months: int, currency: str, margin: float | None) -> Message:
    told: dict[str, Sayable] = {
        "value": Money(float(row["value"]), currency), "cost": Money(float(row["cost"]), currency),
        "interval": Span.of(row["value_lower"], row["value_upper"], form=lambda amount: Money(amount, currency)),
    }  # fmt: skip
    if margin is None:
        return say("Customers of earlier months had paid {value} each ({interval}), less refunds, in the {months} months from "
                   "their first order; one costs {cost} now.", months=months, **told)  # fmt: skip
    return say("Of what customers of earlier months had paid, less refunds, in the {months} months from their first order, {value} "
               "each was left ({interval}); one costs {cost} now.", months=months, **told)  # fmt: skip


def _meant(row: pd.Series, margin: float | None) -> Sayable:
    """Return whether the value is revenue or what is left of it; of revenue, what part must be left for it to pay."""
    if margin is not None:
        return say("Left is {margin} of a sale after goods and delivery, as the margin was given; the pay of the team is "
                   "still in it.",
                   margin=Percent(margin, 0))  # fmt: skip
    needed = say("With less than {share} of a sale left after goods and delivery it would not be brought back in that time.",
                 share=Percent(min(1.0, float(row["cost"] / row["value"])), 0)) if row["times"] > 1 else None  # fmt: skip
    plain = say(
        "No margin was given: these values are revenue, not profit; goods and delivery are not taken off (parameter "
        "margin)."
    )
    return Sentences.of(plain, needed)


def _even(month: float, months: int, margin: float | None) -> Sayable:
    if not np.isfinite(month):
        return say("In these {months} months the cost is not brought back.", months=months)
    if margin is None:
        return say_n(
            "Revenue reaches the cost within {n} month.", "Revenue reaches the cost within {n} months.", n=int(month)
        )
    return say_n(
        "The cost is brought back within {n} month.", "The cost is brought back within {n} months.", n=int(month)
    )


def _worst(worst: pd.DataFrame) -> Sayable | None:
    if worst.empty:
        return None
    row = worst.sort_values("times").iloc[0]
    return say("{channel}: {times} ({interval}), less than cost even if codes saw only half of the customers.",
               channel=_channel(row["channel"]), times=Times(float(row["times"])),
               interval=Span.of(row["times_lower"], row["times_upper"], form=Times))  # fmt: skip


def _chart(table: pd.DataFrame, finding: Finding, margin: float | None) -> charts.Chart | None:
    drawn = table[table["verdict"] != "few"]
    if len(drawn) < 1:
        return None
    drawn = drawn.assign(name=cells(_channel(one) for one in drawn["channel"]))
    drawn = drawn.rename(columns={"times": "estimate", "times_lower": "ci_lower", "times_upper": "ci_upper"})
    return charts.intervals(
        drawn[["name", "estimate", "ci_lower", "ci_upper", "n"]], label="name", form=Times, reference=1.0,
        reference_label=term("what one costs", "reference line"),
        words=Words(
            title=say("What a new customer brings, in times of the cost"),
            axis=term("revenue, times the cost of a customer", "axis") if margin is None
            else term("left of a sale, times the cost of a customer", "axis"),
            alt=finding.text, caption=say("95% intervals; n = customers seen so long"),
        ),
    )  # fmt: skip


def _table(table: pd.DataFrame, currency: str, months: int, margin: float | None) -> charts.Table:
    shown = table.assign(
        name=cells(_channel(one) for one in table["channel"]),
        range=cells(Span.of(low, high, form=Times) if np.isfinite(low) else Written("—")
                    for low, high in zip(table["times_lower"], table["times_upper"], strict=True)),
        even=cells(Number(month, 0) if np.isfinite(month) else Written("—") if verdict == "few"
                   else say("not in {months}", months=months)
                   for month, verdict in zip(table["months"], table["verdict"], strict=True)),
        told=cells(EARNS if str(one) == "earns" and margin is None else VERDICTS[str(one)] for one in table["verdict"]),
    )  # fmt: skip
    columns = {
        "name": term("Channel", "column"), "cost": term("Costs, {currency}", "column", currency=currency),
        "value": term("Revenue in {months} months, {currency}", "column", months=months, currency=currency) if margin is None
        else term("Left of it in {months} months, {currency}", "column", months=months, currency=currency),
        "times": term("Times the cost", "column"), "range": term("95% interval", "column"),
        "even": term("Months until it is even", "column"), "told": term("Result", "column"), "n": term("Customers seen", "column"),
    }  # fmt: skip
    return charts.table(
        shown, columns=columns, formats={"times": Times}, small="n",
        caption=say("What one new customer costs and brings in revenue, by channel; a channel without costs of its own is not "
                    "listed") if margin is None
        else say("What one new customer costs, and what is left of what they pay, by channel; a channel without costs of its own "
                 "is not listed"),
    )  # fmt: skip
