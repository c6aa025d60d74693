"""What tends to work where."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics.multiple import side_of_all
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.portfolio.names import area, cells, no_tests
from fanops_utils.text import Message, Percent, Sayable, Sentences, Signed, Span, say, term

LEAST = 5  # finished tests: of fewer, intervals of a share promise too much


def areas(table: pd.DataFrame) -> Section:
    """Return what tends to work where, from *table* of `lessons.by_area`."""
    if table.empty:
        return Section.of(Finding.nothing("areas", no_tests()))
    code, title = _answer(table)
    finding = Finding(
        id="areas", title=title, text=Sentences.of(*(_area(row) for row in table.to_dict("records"))), code=code,
        method=say("Wilson intervals; lifts shrunk to the mean of all."),
    )  # fmt: skip
    return Section.of(finding, _listed(table))


def _answer(table: pd.DataFrame) -> tuple[str, Message]:
    rates = table.rename(columns={"win_rate": "estimate", "finished": "n"})
    best = rates.sort_values(["won", "typical"]).to_dict("records")[-1]
    named = area(best["area"])
    if best["n"] >= LEAST and side_of_all(best, rates[rates["area"] != best["area"]]) > 0:
        return "stands_out", say("More is won in “{area}” than elsewhere", area=named)
    if best["won"] and len(table) > 1:
        return "too_few", say("Most wins are in “{area}”: too few to say that more works there", area=named)
    return "none", say("No area stands out")


def _area(row: dict[Any, Any]) -> Message:
    told = {"area": area(row["area"])}
    if not row["finished"]:
        return say("{area}: none of {tests} is valid and finished.", **told, tests=row["tests"])
    counts: dict[str, Any] = {
        **told, "won": row["won"], "finished": row["finished"], "range": Span.of(row["ci_lower"], row["ci_upper"]),
    }  # fmt: skip
    if pd.isna(row["typical"]):
        return say("{area}: {won} of {finished} finished won ({range}).", **counts)
    lift = Signed(row["typical"])
    return say(
        "{area}: {won} of {finished} finished won ({range}), lift {lift} with luck taken out.", **counts, lift=lift
    )


def _listed(table: pd.DataFrame) -> charts.Table:
    columns: dict[str, Sayable] = {
        "area": term("Area", "column"), "tests": term("Experiments", "column"), "finished": term("Finished", "column"),
        "won": term("Won", "column"), "win_rate": term("Won, of finished", "column"),
        "ci_lower": term("Interval from", "column"), "ci_upper": term("Interval to", "column"),
        "typical": term("Lift, luck taken out", "column"),
    }  # fmt: skip
    rows = table.assign(area=cells(table["area"], area))
    forms = {"win_rate": Percent, "ci_lower": Percent, "ci_upper": Percent, "typical": Signed}
    caption = say("By the area named in the registers; 95% intervals of the rate")
    return charts.table(rows, columns=columns, formats=forms, caption=caption)
