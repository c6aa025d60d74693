"""Replies per topic that people ask about, and the monthly review of conflicts."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import CASES, SMALL, lacking
from fanops_utils.sections.playbooks.shared import first_few
from fanops_utils.text import (
    Form,
    Listed,
    Message,
    People,
    Percent,
    Period,
    Sentences,
    Unit,
    Written,
    in_words,
    is_few,
    say,
    say_n,
    term,
)

STATES: dict[str, Message] = {
    "own": term("its own", "reply to a topic"), "general": term("the general one", "reply to a topic"),
    "none": term("none", "reply to a topic"),
}  # fmt: skip
MOVED: dict[str, Message] = {
    "more": term("more", "conflicts against the month before"), "fewer": term("fewer", "conflicts against the month before"),
    "alike": term("not told apart", "conflicts against the month before"),
    "few": term("too few to tell", "conflicts against the month before"),
}  # fmt: skip


def replies(table: pd.DataFrame, *, period: Period) -> Section:
    """Return which topics of complaints and questions have a reply agreed beforehand (*table*: `reply_table`)."""
    if table.empty:
        return Section.of(Finding.nothing("replies", lacking("cases")))
    without, general = table[table["state"] == "none"], table[table["state"] == "general"]
    code = "none" if len(without) else "general" if len(general) else "own"
    title = {
        "none": say_n("For {n} topic there is no reply", "For {n} topics there is no reply", n=len(without)),
        "general": say("{n} of {all} topics have only the general reply", n=len(general), all=len(table)),
        "own": say("Each topic has a reply of its own"),
    }[code]
    first = (without if len(without) else general).head(1)
    finding = Finding(
        id="replies", title=title, code=code, weight="chapter", n=len(table), estimate=float(len(without) + len(general)),
        severity={"none": "watch", "general": "info", "own": "good"}[code],  # type: ignore[arg-type]
        text=Sentences.of(
            say("Most often asked without a reply of its own: {topic}.", topic=in_words(str(first.iloc[0]["topic"])))
            if len(first) else None,
            say("The order stays: feel with the person, say how it is, say what is done. The words are your own."),
            say("A file in {folder} with the topic's name under {key} is its own reply.", folder=Written("templates/"),
                key=Written("topic")),
        ),
        unit=Unit("count", term("topics", "unit")), label=term("Topics without a reply of their own", "label of a finding"),
        about=first_few([in_words(str(one)) for one in without["topic"]]),
    )  # fmt: skip
    shown = table.assign(
        topic=cells(in_words(one) for one in table["topic"]), state=cells(STATES[one] for one in table["state"]),
        reply=cells(Written(one.name) if one else None for one in table["reply"]), asked=table["complaint"] + table["question"],
    )  # fmt: skip
    shown["part"] = (shown["answered"] / shown["asked"]).where(shown["asked"] >= SMALL)
    heads = {
        "topic": term("Topic", "column"), "complaint": CASES["complaint"], "question": CASES["question"],
        "part": term("Answered", "column"), "state": term("Reply", "column"), "reply": term("Text", "column"),
    }  # fmt: skip
    forms: dict[str, Form] = {"complaint": People, "question": People, "part": Percent}
    table_ = charts.table(
        shown, columns=heads, formats=forms, caption=say("Topics and replies, {period}", period=period)
    )
    return Section.of(finding, table_)


def conflicts(table: pd.DataFrame, *, month: tuple[date, date]) -> Section:
    """Return the complaints and violations of the last whole *month* against the one before (*table*: `conflict_review`)."""
    if table.empty:
        return Section.of(Finding.nothing("conflicts", lacking("cases")))
    more = table[table["state"] == "more"]
    total, before = int(table["now"].sum()), int(table["before"].sum())
    kinds = [
        say("{kind} ({topic})", kind=CASES[row["kind"]], topic=in_words(row["topic"]))
        for row in more.to_dict("records")
    ]
    finding = Finding(
        id="conflicts", weight="chapter", code="more" if len(more) else "even", severity="watch" if len(more) else "info",
        title=say_n("{n} kind of conflict clearly grew", "{n} kinds of conflict clearly grew", n=len(more)) if len(more)
            else say("No kind of conflict clearly grew"),
        text=Sentences.of(
            say("Grew: {kinds}.", kinds=Listed.of(kinds)) if kinds else None,
            say("{now} complaints and violations in the month, {before} in the one before.", now=People(total),
                before=People(before)),
            say("The review asks of each: which rule was missing, who closes the gap, by when; then the service's instructions "
                "are changed."),
        ),
        about=first_few(kinds), estimate=None if is_few(total) else float(total), n=People(total + before),
        unit=Unit("count", term("cases", "unit")),
        label=term("Complaints and violations of the month", "label of a finding"),
        method=say("Cases for the messages written in each month, exact test, corrected for the number of kinds; under ten in both "
                   "months nothing is told."),
    )  # fmt: skip
    shown = table.assign(
        kind=cells(CASES[one] for one in table["kind"]), topic=cells(in_words(one) for one in table["topic"]),
        moved=cells(MOVED[one] for one in table["state"]),
    )  # fmt: skip
    heads = {
        "kind": term("Kind", "column"), "topic": term("Topic", "column"), "before": term("Month before", "column"),
        "now": term("This month", "column"), "moved": term("Against the month before", "column"),
    }  # fmt: skip
    review = (
        *heads.values(), term("Gap in the rules", "column of a review"), term("What is changed", "column of a review"),
        term("Who", "column of a review"), term("By", "column of a review"),
    )  # fmt: skip
    rows = tuple((row["kind"], row["topic"], People(row["before"]), People(row["now"]), row["moved"], None, None, None, None)
                 for row in shown.to_dict("records"))  # fmt: skip
    caption = say("Conflicts, {period}", period=Period.of(*month))
    return Section.of(
        finding, charts.table(shown, columns=heads, formats={"before": People, "now": People}, caption=caption),
        handouts=(Listing("conflict_review", say("Monthly review of conflicts"), review, rows),),
    )  # fmt: skip
