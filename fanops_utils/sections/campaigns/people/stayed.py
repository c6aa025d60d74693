"""Do those who joined in the live days stay as those before them did?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.intervals import difference_of
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns.people.joined import SMALL
from fanops_utils.text import Message, People, Percent, Sayable, Sentences, Span, say, term

TOO_FEW = term("fewer than ten joined members have been there long enough", "why there is no data")
METHOD = say("Back on that day or in the fourteen days after it; who has not had the time is left out.")


def stayed(table: pd.DataFrame | None) -> Section:
    """Return whether those who joined in the live days stayed, drawn by when they joined (*table*: `metrics.stayed`)."""
    finding = answer(table)
    drawn = Words(
        title=say("Who came back, by when they joined"),
        subtitle=say("Members active on that day or in the fourteen days after; 95% intervals"),
        axis=term("came back", "axis"),
        alt=finding.title,
        caption=say("Fewer than ten are not shown, fewer than thirty grey"),
    )
    return Section.of(finding, charts.intervals(rows(table), label="label", words=drawn))


def answer(table: pd.DataFrame | None) -> Finding:
    """Return who came back after how many days, in the campaign and before it."""
    known = table[table["n"] >= SMALL] if table is not None and len(table) else None
    if known is None or known.empty:
        return Finding.nothing("stayed", TOO_FEW)
    code = _code(known)
    return Finding(
        id="stayed",
        title=_title(code),
        text=Sentences.of(*(_said(row) for _, part in known.groupby("day") for row in part.to_dict("records"))),
        n=People(int(known["n"].sum())),
        method=METHOD,
        code=code,
    )


def _code(known: pd.DataFrame) -> str:
    if set(known["window"]) != {"before", "campaign"}:
        return "one_group"
    for _, part in known.groupby("day"):
        of = {row["window"]: row for row in part.to_dict("records")}
        if len(of) == 2:
            change = difference_of(of["campaign"], of["before"])
            if change.ci_lower > 0 or change.ci_upper < 0:
                return "more" if change.ci_lower > 0 else "fewer"
    return "not_clear"


def _title(code: str) -> Message:
    match code:
        case "one_group":
            return say("Only one group is large and old enough to be followed")
        case "more":
            return say("More of those who joined in the live days came back than of those before them")
        case "fewer":
            return say("Fewer of those who joined in the live days came back than of those before them")
    return say("No clear difference in who stays: joined in the live days, or before")


def _said(row: Mapping[Any, Any]) -> Message:
    share, interval = Percent(row["estimate"]), Span.of(row["ci_lower"], row["ci_upper"])
    values: dict[str, Sayable | int] = {
        "day": int(row["day"]),
        "n": int(row["n"]),
        "share": share,
        "interval": interval,
    }
    if row["window"] == "campaign":
        return say("Day {day}: of {n} who joined in the live days, {share} came back ({interval}).", **values)
    return say("Day {day}: of {n} who joined in as many days before, {share} came back ({interval}).", **values)


def rows(table: pd.DataFrame | None) -> pd.DataFrame:
    """Return who stayed as rows to be drawn: label, estimate, ci_lower, ci_upper, n."""
    columns = ["label", "estimate", "ci_lower", "ci_upper", "n"]
    if table is None or table.empty:
        return pd.DataFrame(columns=columns)
    labels = pd.Series([_label(row) for row in table.to_dict("records")], index=table.index, dtype=object)
    return table.assign(label=labels)[columns]


def _label(row: Mapping[Any, Any]) -> Message:
    if row["window"] == "campaign":
        return term("day {day}, joined in the live days", "row of a chart", day=int(row["day"]))
    return term("day {day}, joined before", "row of a chart", day=int(row["day"]))
