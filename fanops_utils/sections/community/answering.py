"""Who waits for an answer, how long, what the bot does, and how many questions to expect."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.intervals import difference_of
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import CASES, SMALL, lacking, named
from fanops_utils.text import (
    Number,
    Percent,
    Period,
    Range,
    Sayable,
    Sentences,
    Span,
    Unit,
    Written,
    in_words,
    say,
    say_n,
    term,
)

SHOWN_HOURS = 24.0
GOAL = 0.90


def answering(table: pd.DataFrame, curves: pd.DataFrame, *, agreed: int, period: Period) -> Section:
    """Return how fast questions, complaints and suggestions of *period* are answered against *agreed* minutes.

    *table* and *curves*: `models.answer_times`.
    """
    known = table[(table["kind"] == "all") & (table["n"] >= SMALL)]
    if known.empty:
        return Section.of(Finding.nothing("answering", lacking("cases")))
    finding = _finding(known.iloc[0], agreed, period)
    shown = curves[curves["hours"] <= SHOWN_HOURS]
    drawn = shown.assign(name=cells(named(CASES, kind) for kind in shown["kind"]))
    chart = charts.step_curve(
        drawn[["hours", "waiting", "name"]],
        x="hours",
        y="waiting",
        series="name",
        words=Words(
            title=say("Still waiting for a first answer"),
            axis=term("share waiting", "axis"),
            x_axis=term("hours since it was asked", "axis"),
            alt=finding.text,
            caption=say("Whoever still waits is counted as waiting"),
        ),
    )
    return Section.of(finding, chart, _table(table, agreed))


def minutes(value: float) -> Sayable:
    """Return a wait in the unit people use for it: minutes, hours or days."""
    if value < 90:
        return say("{n} min", n=Number(value, 0))
    return say("{n} h", n=Number(value / 60, 1)) if value < 2880 else say("{n} days waited", n=Number(value / 1440, 1))


def _finding(row: pd.Series, agreed: int, period: Period) -> Finding:
    share, interval = Percent(row["in_time"], 0), Span.of(row["lower"], row["upper"])
    late = row["upper"] < GOAL
    told = {"share": share, "agreed": minutes(agreed)}
    p90: Sayable = minutes(row["p90"]) if row["p90"] == row["p90"] else Written("—")
    return Finding(
        id="answering",
        code="late" if late else "in_time",
        severity="watch" if late else "good",
        weight="chapter",
        label=term("First answer in the time agreed", "label of a finding"),
        title=say("{share} get a first answer within {agreed}, {period}", period=period, **told),
        text=Sentences.of(
            say(
                "Half are answered within {median}, nine in ten within {p90}. {share} ({interval}) within the {agreed} agreed.",
                median=minutes(row["median"]),
                p90=p90,
                interval=interval,
                **told,
            ),
            say_n("{n} still waits.", "{n} still wait.", n=int(row["open"])),
        ),
        estimate=float(row["in_time"]),
        ci_lower=float(row["lower"]),
        ci_upper=float(row["upper"]),
        unit=Unit("share", term("of cases", "unit")),
        n=int(row["n"]),
        method=say(
            "Questions, complaints and suggestions; bot answers included. Cases without an answer count as waiting to the "
            "end of the data (Kaplan-Meier). Under nine in ten in time is shown as late: this bar is assumed."
        ),
    )


def _table(table: pd.DataFrame, agreed: int) -> charts.Table:
    own = table[table["kind"] != "all"].copy()
    own["name"] = cells(named(CASES, kind) for kind in own["kind"])
    for name in ("median", "p90"):
        own[name] = cells(minutes(value) if value == value else Written("—") for value in own[name])
    heads = {
        "name": term("Kind", "column"),
        "n": term("Cases", "column"),
        "median": term("Half within", "column"),
        "p90": term("Nine in ten within", "column"),
        "in_time": term("Within {agreed}", "column", agreed=minutes(agreed)),
        "open": term("Still waiting", "column"),
    }
    return charts.table(own, columns=heads, formats={"in_time": Percent}, caption=say("First answers by kind"))


def bot(shares: pd.DataFrame) -> Section:
    """Return what the bot settles and what comes back (*shares*: `metrics.by_bot`)."""
    by = {(row["who"], row["measure"]): row for row in shares.to_dict("records")}
    handed, again, people = (by.get(key) for key in (("bot", "handed_over"), ("bot", "again"), ("people", "again")))
    if handed is None or again is None or people is None or handed["n"] < SMALL:
        return Section.of(Finding.nothing("bot", say("no ten questions answered by a bot in table cases")))
    worse = difference_of(again, people).ci_lower > 0
    told = {
        "kept": Percent(1 - handed["estimate"], 0),
        "again": Percent(again["estimate"], 0),
        "people": Percent(people["estimate"], 0),
    }
    title = (
        say(
            "People ask again more often after answers of the bot: {again}, after answers by people {people}, in all cases so far",
            again=told["again"],
            people=told["people"],
        )
        if worse
        else say("The bot settles {kept} of all its questions so far", kept=told["kept"])
    )
    return Section.of(
        Finding(
            id="bot",
            code="worse" if worse else "alike",
            severity="watch" if worse else "info",
            title=title,
            label=term("Questions asked again after the bot", "label of a finding"),
            text=say(
                "The bot takes {n} questions and settles {kept} without a colleague. Within a day {again} ({interval}) ask again, "
                "after an answer by people {people}. Ratings: bot {first}, people {second} of 5.",
                n=int(handed["n"]),
                interval=Span.of(again["ci_lower"], again["ci_upper"]),
                first=Number(again["rating"], 1),
                second=Number(people["rating"], 1),
                **told,
            ),
            estimate=float(again["estimate"]),
            ci_lower=float(again["ci_lower"]),
            ci_upper=float(again["ci_upper"]),
            unit=Unit("share", term("of questions", "unit")),
            n=int(again["n"]),
            method=say(
                "Wilson intervals. The bot gets other questions than people: part of the difference may lie there."
            ),
        )
    )


def expected(table: pd.DataFrame) -> Section:
    """Return how many questions a week to expect by topic (*table*: `models.expected_questions`)."""
    if table.empty:
        return Section.of(Finding.nothing("expected", say("fewer than 16 whole weeks with questions in table cases")))
    total, better = float(table["expected"].sum()), int((table["error"] < table["naive_error"]).sum())
    finding = Finding(
        id="expected",
        code="level",
        label=term("Questions to expect a week", "label of a finding"),
        estimate=total,
        unit=Unit("number", term("questions a week", "unit")),
        n=int(table["n"].max()),
        title=say("Plan for about {n} questions a week in the next four weeks", n=Number(total, 0)),
        text=say(
            "On the last eight starts, a smoothed level erred less than repeating the last four weeks in {better} of "
            "{topics} topics; "
            "each topic takes what erred less.",
            better=better,
            topics=len(table),
        ),
        method=say(
            "Mean of the next four weeks; ranges hold the largest error of the eight starts. No season is assumed."
        ),
    )
    frame = table.assign(
        range=cells(
            Range.of(low, high, form=lambda v: Number(v, 1))
            for low, high in zip(table["lower"], table["upper"], strict=True)
        ),
        topic=cells(in_words(str(topic)) for topic in table["topic"]),
    )
    heads = {
        "topic": term("Topic", "column"),
        "last_four": term("A week, last four", "column"),
        "expected": term("A week, expected", "column"),
        "range": term("Range", "column"),
        "error": term("Mean error", "column"),
        "naive_error": term("Error of repeating", "column"),
    }
    one = lambda v: Number(v, 1)  # noqa: E731
    forms = {"last_four": one, "expected": one, "error": one, "naive_error": one}
    return Section.of(finding, charts.table(frame, columns=heads, formats=forms, caption=say("Questions by topic")))
