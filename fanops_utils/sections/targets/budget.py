"""Does the budget keep to its plan and its bands, and what will have been spent at the end?"""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns.plan.budget import CATEGORIES, READINGS
from fanops_utils.sections.cells import cells
from fanops_utils.text import (
    Form,
    Listed,
    Message,
    Money,
    Number,
    Percent,
    Range,
    Sayable,
    Sentences,
    Unit,
    Written,
    say,
    say_n,
    term,
)

CODES: dict[str, Message] = {
    "over": term("will run over", "course of a budget"),
    "under": term("will not be spent", "course of a budget"),
    "on_plan": term("on plan", "course of a budget"),
    "cannot_tell": term("too few months", "course of a budget"),
}


def budget(rows: pd.DataFrame, *, currency: str, elastic: float | None) -> Section:
    """Return how each category stands (*rows*: `metrics.budget_course`); *elastic*: part that may move to other work."""
    if rows.empty:
        return Section.of(
            Finding.nothing("budget", say("no budget line: map a list of them to the table budget_lines"))
        )
    shown = rows.assign(
        name=cells(CATEGORIES.get(one) or Written(one) for one in rows["category"]),
        band=cells(_ranges(rows["low"], rows["high"], lambda one: Percent(one, 0))),
        ranged=cells(_ranges(rows["lower"], rows["upper"], _whole)),
        planned_reading=rows["planned_reading"].map(READINGS),
        actual_reading=rows["actual_reading"].map(READINGS),
        code=rows["code"].map(CODES),
    )
    columns = {
        "name": term("Category", "column"),
        "planned": term("Planned, {currency}", "column", currency=currency),
        "spent": term("Spent so far", "column"),
        "pace": term("Of the plan so far", "column"),
        "forecast": term("At the end", "column"),
        "ranged": term("90 in 100", "column"),
        "code": term("Course", "column"),
        "band": term("Band", "column"),
        "planned_reading": term("Plan against the band", "column"),
        "actual_share": term("Share spent", "column"),
        "actual_reading": term("Spending against the band", "column"),
    }
    formats = {
        "planned": _whole,
        "spent": _whole,
        "forecast": _whole,
        "pace": lambda one: Percent(one, 0),
        "actual_share": Percent,
    }
    table = charts.table(shown, columns=columns, formats=formats, caption=say("Budget lines by category"))
    return Section.of(_finding(rows, currency, elastic), table)


def _ranges(low: pd.Series, high: pd.Series, form: Form) -> list[Range | None]:
    return [Range.of(a, b, form=form) if a == a else None for a, b in zip(low, high, strict=True)]


def _whole(value: float) -> Number:
    return Number(value, 0)


def _finding(rows: pd.DataFrame, currency: str, elastic: float | None) -> Finding:
    over = rows[rows["code"] == "over"]
    outside = rows[rows["actual_reading"].isin(["above", "below"])]
    end, plan = float(rows["forecast"].sum(min_count=len(rows))), float(rows["planned"].sum())
    unknown = int((rows["code"] == "cannot_tell").sum())
    code = "over" if len(over) else "cannot_tell" if unknown == len(rows) else "on_plan"
    unapproved = float((rows["planned"] - rows["approved"]).clip(lower=0).sum())
    left = float(rows["planned"].sum() - rows["booked_plan"].sum())
    named: list[Sayable | None] = [
        say("Over: {parts}.", parts=Listed.of(_part(row, currency) for _, row in over.iterrows()))
        if len(over)
        else None,
        say("At this pace {end} will be spent of {plan}.", end=Money(end, currency), plan=Money(plan, currency))
        if end == end
        else None,
        say_n(
            "The spending of {n} category lies outside its band.",
            "The spending of {n} categories lies outside its band.",
            n=len(outside),
        )
        if len(outside)
        else say("The spending keeps to its bands.")
        if (rows["actual_reading"] == "inside").any()
        else None,
        say("{money} of the plan is not approved yet.", money=Money(unapproved, currency)) if unapproved > 0 else None,
        say(
            "Of what is planned for the months to come, {money} may move to other work ({share}).",
            money=Money(elastic * left, currency),
            share=Percent(elastic, 0),
        )
        if elastic and left > 0
        else None,
    ]
    return Finding(
        id="budget",
        label=term("Budget", "label of a finding"),
        code=code,
        about=Listed.of(_part(row, currency) for _, row in over.iterrows()) if len(over) else None,
        title=_title(len(over), unknown, len(rows)),
        text=Sentences.of(*named),
        severity="watch" if len(over) or len(outside) else "info" if unknown else "good",
        estimate=end / plan if end == end and plan else None,
        unit=Unit("share", term("of the plan at the end", "unit")),
        n=len(rows),
        method=say(
            "The months to come cost what they are planned at, times spent over planned so far; the range is from how "
            "that ratio scattered over the months. Over: more than 5% beyond the plan for sure."
        ),
    )


def _title(over: int, unknown: int, categories: int) -> Message:
    """Return how many categories will run over; where none will, how many of them have too few months to be told."""
    if over:
        return say_n("{n} category of the budget will run over", "{n} categories of the budget will run over", n=over)
    if unknown == categories:
        return say("Whether the budget will run over cannot be told: too few months are booked")
    if unknown:
        return say_n(
            "No category of the budget is seen to run over; {n} of {all} has too few months to be told",
            "No category of the budget is seen to run over; {n} of {all} have too few months to be told",
            n=unknown, all=categories,
        )  # fmt: skip
    return say("No category of the budget will run over")


def _part(row: pd.Series, currency: str) -> Message:
    name = CATEGORIES.get(row["category"]) or Written(row["category"])
    told = {"end": Money(row["forecast"], currency), "plan": Money(row["planned"], currency)}
    return term("{category} ({end} expected, {plan} planned)", "part of a budget", category=name, **told)
