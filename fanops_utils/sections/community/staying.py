"""Do newcomers stay? Retention in three definitions, the newest against those before, and the rule of the plans."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import MetricSeries
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import SMALL, lacking
from fanops_utils.text import Day, Message, People, Percent, Points, Range, Sentences, Span, Unit, say, term

RETENTION = (
    "retention_d1",
    "retention_d7",
    "retention_d30",
    "retention_rolling_d1",
    "retention_rolling_d7",
    "retention_rolling_d30",
    "retention_d1_7",
    "retention_d8_14",
    "retention_d15_30",
)


def staying(
    defined: Sequence[MetricSeries], changed: pd.DataFrame, triangle: pd.DataFrame, *, as_of: date | None
) -> Section:
    """Return whether newcomers stay, and what the plans say to do where they do not.

    *defined* are the metrics RETENTION over one period, *changed* `models.retention_moved`, *triangle* the fold
    `cohort_triangle` by week.
    """
    rows = [
        (one.metric.name, *one.table.iloc[-1][["estimate", "ci_lower", "ci_upper", "n"]])
        for one in defined
        if len(one.table)
    ]
    if as_of is None or not rows:
        return Section.of(Finding.nothing("staying", lacking("fans")))
    finding = _finding(changed)
    return Section.of(finding, _definitions(rows), _newest(changed), _triangle(triangle, finding, as_of))


def _finding(changed: pd.DataFrame) -> Finding:
    by_day = changed.set_index("day").to_dict("index")
    if not {1, 30} <= by_day.keys():
        return Finding.nothing("staying", say("fewer than ten newcomers on one side of the comparison"))
    early, late = by_day[1], by_day[30]
    fell = {day: bool(by_day[day]["falls"]) for day in (1, 30)}
    code = "both" if fell[1] and fell[30] else "early" if fell[1] else "late" if fell[30] else "holds"
    if early["n"] < SMALL or early["n_before"] < SMALL:
        return Finding.nothing("staying", say("fewer than ten newcomers on one side of the comparison"))
    low = late if code == "late" else early
    return Finding(
        id="staying",
        code=code,
        weight="chapter",
        severity="info" if code == "holds" else "watch",
        label=term("Newcomers who stay", "label of a finding"),
        title=_title(code, early, late),
        text=Sentences.of(_change(early, late), _rule(code)),
        estimate=float(low["estimate"]),
        unit=Unit("share", term("of newcomers", "unit")),
        n=People(int(low["n"])),
        method=say(
            "Seen on exactly that day after joining; members of the last 180 days against all before; whoever has not "
            "had the day is left out. Intervals of the difference after Newcombe, level corrected for two comparisons."
        ),
    )


def _change(early: dict[Hashable, Any], late: dict[Hashable, Any]) -> Message:
    """Return by how much newcomers differ from those before; day 30 only where both sides have had one."""
    first: dict[str, Any] = {
        "first": Points(early["difference"]),
        "interval": Span.of(early["ci_lower"], early["ci_upper"], form=Points),
    }
    if not late["n"] or not late["n_before"]:
        return say(
            "Against those who joined before: day 1 {first} ({interval}); day 30 is not over on both sides.", **first
        )
    return say(
        "Against those who joined before: day 1 {first} ({interval}), day 30 {later} ({other}).",
        **first,
        later=Points(late["difference"]),
        other=Span.of(late["ci_lower"], late["ci_upper"], form=Points),
    )


def _title(code: str, early: dict[Hashable, Any], late: dict[Hashable, Any]) -> Message:
    told = {"d1": Percent(early["estimate"]), "d30": Percent(late["estimate"])}
    if code == "holds" and not late["n"]:
        return say(
            "Of those who joined in the last 180 days, {d1} were back on day 1: not clearly fewer than before",
            d1=told["d1"],
        )
    match code:
        case "both":
            return say(
                "Fewer of those who joined in the last 180 days were back on day 1 ({d1}) and on day 30 ({d30}) than before",
                d1=told["d1"],
                d30=told["d30"],
            )
        case "early":
            return say(
                "Fewer of those who joined in the last 180 days were back on day 1: {d1}, before {d1_before}",
                d1=told["d1"],
                d1_before=Percent(early["before"]),
            )
        case "late":
            return say(
                "Fewer of those who joined in the last 180 days were there on day 30: {d30}, before {d30_before}",
                d30=told["d30"],
                d30_before=Percent(late["before"]),
            )
    return say(
        "Of those who joined in the last 180 days, {d1} were back on day 1 and {d30} on day 30: not clearly fewer than before",
        d1=told["d1"],
        d30=told["d30"],
    )


def _rule(code: str) -> Message:
    match code:
        case "both":
            return say("The rule of the plans: work on the welcome first, then on content and incentives.")
        case "early":
            return say("The rule of the plans: a low day 1 asks for a better welcome.")
        case "late":
            return say("The rule of the plans: a low day 30 asks for content and incentives, not for a better welcome.")
    return say("The rule of the plans (low day 1: welcome; low day 30: content) asks for nothing now.")


def _definitions(rows: list[tuple]) -> charts.Table:
    frame = pd.DataFrame(rows, columns=["name", "estimate", "ci_lower", "ci_upper", "n"])
    frame["interval"] = cells(
        Range.of(low, high) for low, high in zip(frame["ci_lower"], frame["ci_upper"], strict=True)
    )
    frame["n"] = frame["n"].astype("int64")
    heads = {
        "name": term("Definition", "column"),
        "estimate": term("Share", "column"),
        "interval": term("95% interval", "column"),
        "n": term("Members old enough", "column"),
    }
    return charts.table(
        frame,
        columns=heads,
        formats={"estimate": Percent},
        small="n",
        caption=say("Three definitions; never compare one with another"),
    )


def _newest(changed: pd.DataFrame) -> charts.Table:
    heads = {
        "day": term("Day after joining", "column"),
        "estimate": term("Joined in the last 180 days", "column"),
        "before": term("Joined before", "column"),
        "difference": term("Difference", "column"),
        "n": term("Newcomers", "column"),
    }
    forms = {"estimate": Percent, "before": Percent, "difference": Points}
    return charts.table(
        changed, columns=heads, formats=forms, small="n", caption=say("The newest against those before")
    )


def _triangle(triangle: pd.DataFrame, finding: Finding, as_of: date) -> charts.Chart:
    frame = triangle[(triangle["n"] > 0) & (triangle["age"] > 0)]
    sizes = triangle[triangle["age"] == 0].set_index("cohort")["n"]
    frame = frame[frame["n"] >= SMALL].assign(share=frame["active"] / frame["n"], joined=frame["cohort"].map(sizes))
    frame = frame[frame["cohort"] > pd.Timestamp(as_of) - pd.Timedelta(days=370)]
    drawn = frame.assign(cohort=cells(Day.of(day, form="month") for day in frame["cohort"]))
    return charts.cohort_triangle(
        drawn[["cohort", "age", "share", "joined"]],
        cohort="cohort",
        age="age",
        value="share",
        size="joined",
        words=Words(
            title=say("Who is still there, by month of joining"),
            subtitle=say("Seen in that week after joining; week 0 is left out"),
            axis=term("share seen", "axis"),
            x_axis=term("weeks after joining", "axis"),
            alt=finding.text,
            caption=say("Only members who have had the whole week; cells of fewer than ten are empty"),
        ),
    )
