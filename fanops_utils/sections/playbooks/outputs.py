"""Input and output of a month: what each duty cost, what it made, and what one piece cost."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts, metrics
from fanops_utils.metrics.catalogue import METRICS
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections.cells import cells
from fanops_utils.text import Count, Form, Money, Number, Percent, Period, Sayable, Sentences, Unit, Written, say, term

MOVED = 0.25  # change of the cost of a piece from which it is told


def input_output(table: pd.DataFrame | None, *, month: tuple[date, date] | None, currency: str) -> Section:
    """Return what went into each duty in *month* and what came out (*table*: `outputs.input_output`; None: not booked)."""
    if table is None or table.empty or month is None or not table["cost"].sum():
        why = say("two whole months of booked lines are missing: map a list of them to {table}, and write in {file} which "
                  "duty they are for ({keys})", table=Written("budget_lines"), file=Written("team.yml"),
                  keys=Written("costs, output"))  # fmt: skip
        return Section.of(Finding.nothing("input_output", why))
    counted = table[table["per"].notna() & table["per_before"].notna()]
    change = counted["per"] / counted["per_before"] - 1
    dearer = counted[change >= MOVED]
    whole = float(table["cost"].sum())
    blind = float(table.loc[table["per"].isna(), "cost"].sum()) / whole
    told: list[Sayable] = [_dearer(row) for row in dearer.to_dict("records")]
    title = (
        say("What one piece costs has risen: {duty}", duty=Written(dearer.iloc[0]["name"])) if len(dearer)
        else say("No duty's cost of a piece rose by {share} or more", share=Percent(MOVED, 0)) if len(counted)
        else say("What was spent is known, what it made is not")
    )  # fmt: skip
    finding = Finding(
        id="input_output", title=title, weight="chapter", code="dearer" if len(dearer) else "even" if len(counted) else "blind",
        severity="watch" if len(dearer) else "info", estimate=whole, unit=Unit("money", currency=currency), n=len(table),
        label=term("Spent in the month", "label of a finding"),
        text=Sentences.of(
            *told, say("{share} of the money goes into duties whose output nothing counts.", share=Percent(blind, 0)) if blind
            else None,
            say("The cost of a piece says nothing of what a piece is worth."),
        ),
        method=say("Lines of a duty's own categories, and its part of the lines for people by the hours of {file}; one month "
                   "against the one before, no interval: both are counted in full.", file=Written("team.yml")),
    )  # fmt: skip
    shown = table.assign(
        name=cells(Written(one) for one in table["name"]),
        output=cells(_metric(one) for one in table["output"]),
        share=table["cost"] / whole,
    )
    heads: dict[str, Sayable] = {
        "name": term("Duty", "heading"), "cost": term("Spent, {currency}", "column", currency=currency),
        "share": term("Share", "column"), "output": term("What it makes", "column"), "made": term("Made", "column"),
        "per": term("Cost of one", "column"), "per_before": term("Month before", "column"),
    }  # fmt: skip
    forms: dict[str, Form] = {
        "cost": lambda value: Number(value, 0), "share": lambda value: Percent(value, 0), "made": _count,
        "per": lambda value: Number(value, 2), "per_before": lambda value: Number(value, 2),
    }  # fmt: skip
    caption = say("Input and output by duty, {period}", period=Period.of(*month))
    rows = tuple(
        (row["name"], Money(row["cost"], currency), row["output"], *(None if pd.isna(row[key]) else float(row[key])
         for key in ("made", "per", "per_before"))) for row in shown.to_dict("records")
    )  # fmt: skip
    listed = Listing("input_output", caption, tuple(heads[key] for key in ("name", "cost", "output", "made", "per", "per_before")),
                     rows)  # fmt: skip
    return Section.of(finding, charts.table(shown, columns=heads, formats=forms, caption=caption), handouts=(listed,))


def _dearer(row: Mapping[Hashable, Any]) -> Sayable:
    return say("{duty}: {now} for one, {before} the month before.", duty=Written(row["name"]), now=Number(row["per"], 2),
               before=Number(row["per_before"], 2))  # fmt: skip


def _count(value: float) -> Sayable:
    return Count(round(value))


def _metric(name: str | None) -> Sayable | None:
    if not isinstance(name, str):
        return None
    return metrics.metric(name).name if name in METRICS else Written(name)
