"""Who carries the talk, is it good, and who could become a key voice?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.models.audience.community.carrying import Concentration
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import SMALL, lacking, short
from fanops_utils.sections.handing import people
from fanops_utils.text import Day, Number, People, Percent, Period, Sentences, Unit, say, term

FRAGILE = 0.5  # of the messages by the busiest hundredth
GOAL = 0.10
LISTED = 10


def talking(carried: Concentration | None, quality: pd.DataFrame, *, period: Period) -> Section:
    """Return how many carry the talk and how good it is (`models.concentration`, `metrics.quality`)."""
    if carried is None or carried.writers < SMALL:
        return Section.of(Finding.nothing("talking", lacking("messages")))
    fragile = carried.top_share > FRAGILE or carried.half_by < SMALL
    told = {"share": Percent(carried.top_share, 0), "half": People(carried.half_by), "writers": People(carried.writers)}
    finding = Finding(
        id="talking",
        code="fragile" if fragile else "carried",
        severity="watch" if fragile else "info",
        label=term("Messages by the busiest hundredth of writers", "label of a finding"),
        title=say(
            "{half} of {writers} writers wrote half of all messages, {period}",
            half=told["half"],
            writers=told["writers"],
            period=period,
        ),
        text=Sentences.of(
            say(
                "The busiest hundredth wrote {share}; unevenness (Gini, 0 even to 1 one alone) is {gini}.",
                share=told["share"],
                gini=Number(carried.gini, 2),
            ),
            say("If these few leave, the talk goes with them: know them by name and thank them.") if fragile else None,
        ),
        estimate=carried.top_share,
        unit=Unit("share", term("of messages", "unit")),
        n=carried.messages,
        method=say(
            "Messages per writer; Gini corrected for the number of writers. Half by fewer than ten writers, or over half by the "
            "busiest hundredth, is shown as fragile: this bar is assumed."
        ),
    )
    return Section.of(finding, _quality(quality))


def _quality(quality: pd.DataFrame) -> charts.Table | None:
    if quality.empty:
        return None
    frame = quality.tail(6).assign(
        answered_share=lambda f: f["answered"] / f["threads"].where(f["threads"] > 0),
        each=lambda f: f["replies"] / f["threads"].where(f["threads"] > 0),
    )
    frame["month"] = cells(Day.of(day, form="month") for day in frame["month"])
    heads = {
        "month": term("Month", "column"),
        "threads": term("Threads", "column"),
        "answered_share": term("With a reply", "column"),
        "each": term("Replies per thread", "column"),
        "words": term("Words per message", "column"),
    }
    if frame["rated"].sum():
        heads["rating"] = term("Rating by readers", "column")
    forms: dict[str, Any] = {
        "answered_share": Percent,
        "each": lambda v: Number(v, 2),
        "words": lambda v: Number(v, 1),
        "rating": lambda v: Number(v, 1),
    }
    caption = (
        say("Quality of the talk by month")
        if frame["rated"].sum()
        else say("Quality of the talk by month; no message was rated by a reader (column quality)")
    )
    return charts.table(frame, columns=heads, formats=forms, small="threads", caption=caption)


def key_voices(candidates: pd.DataFrame, stability: float, *, core: int) -> Section:
    """Return who could become a key voice (`models.key_voices`); *core* is the number of core members: loyal and active."""
    clear = candidates[candidates["clear"].astype(bool)]
    if candidates.empty:
        return Section.of(Finding.nothing("key_voices", say("no writer with ten messages in table messages")))
    steady = Number(stability, 2)
    finding = Finding(
        id="key_voices",
        code="some" if len(clear) else "none",
        label=term("Candidates for key voices", "label of a finding"),
        title=say("{n} members draw clearly more replies than others", n=len(clear))
        if len(clear)
        else say("Nobody draws clearly more replies than others"),
        text=Sentences.of(
            say(
                "The plans ask that 10% of the core members become key voices within 6 to 12 months: here that would be "
                "{goal} of {core}.",
                goal=Number(GOAL * core, 0),
                core=People(core),
            )
            if core >= SMALL
            else None,
            say(
                "Ranks of the two halves of the time agree at {steady} of 1: talk to those marked, do not read the order as merit.",
                steady=steady,
            )
            if stability == stability
            else None,
        ),
        estimate=float(len(clear)),
        unit=Unit("count", term("members", "unit")),
        n=len(candidates),
        method=say(
            "Replies by others per thread, drawn to the mean, weigh two thirds, answers given one third. Marked: more replies "
            "than chance gives, corrected for the number of writers. Whether answers are right is not in the data."
        ),
    )
    frame = candidates.head(LISTED).assign(
        name=cells(short(key) for key in candidates.head(LISTED)["member_key"]),
        mark=cells(term("yes", "cell of a table") if one else None for one in candidates.head(LISTED)["clear"]),
    )
    heads = {
        "name": term("Pseudonym", "column"),
        "mark": term("Clearly more", "column"),
        "threads": term("Threads", "column"),
        "replies": term("Replies drawn", "column"),
        "answers": term("Answers given", "column"),
        "score": term("Score", "column"),
    }
    table = charts.table(
        frame.assign(mark=cells(one or term("no", "cell of a table") for one in frame["mark"])),
        columns=heads,
        formats={"score": lambda v: Number(v, 2)},
        caption=say("To talk to first"),
    )
    listed = people(
        "key_voices", say("Members who draw clearly more replies than others"), clear.assign(score=clear["score"].round(3)),
        columns={name: head for name, head in heads.items() if name not in ("name", "mark")},
    )  # fmt: skip
    return Section.of(finding, table, handouts=(listed,))
