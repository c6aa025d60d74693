"""Who stays, by how they came? Members still active thirty days after joining, and how fast newcomers fade."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.multiple import side_of_all
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Message, People, Percent, Sayable, Sentences, Span, Unit, say, term

SMALL = 10


def staying(table: pd.DataFrame, curve: pd.DataFrame, *, day: int, as_of: date | None) -> Section:
    """Return which way of joining keeps fewest fans until *day*.

    *table* is `metrics.retention` by acquisition, *curve* `metrics.retention_curve` by acquisition.
    """
    finding = _finding(table, day=day)
    if as_of is None:
        return Section.of(finding)
    return Section.of(finding, _kept(table, finding, day=day, as_of=as_of), _fading(curve))


def _finding(table: pd.DataFrame, *, day: int) -> Finding:
    shown = table[table["n"] >= SMALL].sort_values("estimate")
    if len(shown) < 2:
        return Finding.nothing(
            "staying", say("fewer than two ways of joining have ten mature members (exports: fans, member events)")
        )
    worst, best = shown.iloc[0], shown.iloc[-1]
    clear = side_of_all(worst, shown.iloc[1:]) < 0
    told: dict[str, Any] = {
        "way": words.way(str(worst["acquisition"])),
        "share": Percent(worst["estimate"]),
        "days": day,
        "interval": Span.of(worst["ci_lower"], worst["ci_upper"]),
    }
    return Finding(
        id="staying",
        about=told["way"],
        weight="chapter",
        label=term("Retention of the weakest way of joining", "label of a finding"),
        code="clear" if clear else "unclear",
        title=_title(told, clear=clear),
        verdict=_verdict(told, clear=clear),
        text=_reading(told, worst, best, clear=clear),
        severity="watch" if clear else "info",
        estimate=worst["estimate"],
        ci_lower=worst["ci_lower"],
        ci_upper=worst["ci_upper"],
        unit=Unit("share", term("of members", "unit")),
        n=People(int(worst["n"])),
        method=say(
            "Seen on day {day} after joining or later, members who joined at least {day} days ago, Wilson interval. How a "
            "member came was not assigned at random: this is an association.",
            day=day,
        ),
    )


def _title(told: dict[str, Any], *, clear: bool) -> Message:
    if clear:
        return say("Fewest stay of those who come through {way}: {share} after {days} days", **told)
    return say("No way of joining clearly keeps fewer members than the others")


def _verdict(told: dict[str, Any], *, clear: bool) -> Message:
    if clear:
        return say("Fewest stay of those who come through {way}: {share} after {days} days ({interval}).", **told)
    return say("No way of joining clearly keeps fewer members than the others (lowest: {share}, {interval}).", **told)


def _reading(told: dict[str, Any], worst: pd.Series, best: pd.Series, *, clear: bool) -> Sentences:
    lowest = say(
        "Of {n} members who came through {way}, {share} ({interval}) were seen {days} days after joining or later.",
        n=People(int(worst["n"])),
        **told,
    )
    highest = say(
        "Of {n} who came through {way}, it is {share} ({interval}).",
        n=People(int(best["n"])),
        way=words.way(str(best["acquisition"])),
        share=Percent(best["estimate"]),
        interval=Span.of(best["ci_lower"], best["ci_upper"]),
    )
    apart = say("All other ways of joining keep clearly more.")
    return Sentences.of(lowest, highest, apart if clear else say("The difference may be chance."))


def _named(frame: pd.DataFrame) -> pd.Series:
    names: list[Sayable] = [words.way(str(way)) for way in frame["acquisition"]]
    return pd.Series(names, index=frame.index, dtype=object)


def _kept(table: pd.DataFrame, finding: Finding, *, day: int, as_of: date) -> charts.Chart:
    ordered = table.assign(label=_named(table)).sort_values("estimate", ascending=False)
    return charts.intervals(
        ordered[["label", "estimate", "ci_lower", "ci_upper", "n"]],
        label="label",
        words=Words(
            title=say("Members seen {days} days after joining or later, by how they came", days=day),
            subtitle=say(
                "Seen on day {days} or later, members who joined at least {days} days before {day}, 95% intervals",
                days=day,
                day=as_of,
            ),
            axis=term("share of members", "axis"),
            alt=finding.text,
            caption=say("Members who joined long enough ago; n = members"),
        ),
    )


def _fading(curve: pd.DataFrame) -> charts.Chart:
    return charts.lines(
        curve.assign(series=_named(curve), age_days=curve["day"])[["series", "age_days", "estimate"]],
        x="age_days",
        y="estimate",
        series="series",
        form=Percent,
        dates=False,
        words=Words(
            title=say("How fast newcomers fade"),
            subtitle=say("Seen on exactly that day after joining, members who joined long enough ago"),
            axis=term("share of members seen", "axis"),
            x_axis=term("days after joining", "axis"),
            alt=say("Share of members seen 1, 3, 7, 14 and 30 days after joining, one line per way of joining."),
            caption=say("Later days rest on fewer, older members"),
        ),
    )
