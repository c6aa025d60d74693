"""What is liked here that is not liked elsewhere: topics against the other markets, and how people react."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.text import (
    Count,
    Listed,
    Message,
    Percent,
    Period,
    Sentences,
    Signed,
    Unit,
    in_words,
    say,
    say_n,
    term,
)

MARKS: dict[str, Message] = {
    "more": term("liked more here", "reading of a topic in a market"),
    "less": term("liked less here", "reading of a topic in a market"),
    "": term("as elsewhere", "reading of a topic in a market"),
    "thin": term("too few posts here", "reading of a topic in a market"),
}
KINDS: dict[str, Message] = {
    "likes": term("Likes", "kind of interaction"),
    "comments": term("Comments", "kind of interaction"),
    "shares": term("Shares", "kind of interaction"),
    "saves": term("Saves", "kind of interaction"),
}


def local(table: pd.DataFrame, habits: pd.DataFrame, *, period: Period) -> Section:
    """Return what this market likes that others do not (`models.local_preference`, `models.interaction_habits`)."""
    if table.empty:
        why = say("two markets with posts that have a topic are needed; tags of posts (content_tags) bring topics")
        return Section.of(Finding.nothing("local", why), _reactions(habits))
    more, less = (table[table["mark"] == mark] for mark in ("more", "less"))
    first = (more if len(more) else less if len(less) else table).iloc[0]
    told: dict[str, Any] = {"topic": in_words(str(first["topic"])), "change": Signed(first["estimate"], 0)}
    code = "more" if len(more) else "less" if len(less) else "as_elsewhere"
    title = {
        "more": say("{topic} is worth {change} here against the other markets", **told),
        "less": say("{topic} is worth {change} here against the other markets", **told),
        "as_elsewhere": say("No topic is shown to be liked more or less here than elsewhere"),
    }[code]
    thin = int((table["mark"] == "thin").sum())
    finding = Finding(
        id="local",
        label=term("Topic liked most against other markets", "label of a finding"),
        code=code,
        title=title,
        verdict=say("{sentence}.", sentence=title),
        weight="row" if code == "as_elsewhere" else None,
        severity="good" if code == "more" else "info",
        text=Sentences.of(
            _named(say("Liked more here: {topics}.", topics=_topics(more)), more),
            _named(say("Liked less here: {topics}.", topics=_topics(less)), less),
            say_n(
                "{n} topic has under ten posts here and is read from the other markets.",
                "{n} topics have under ten posts here and are read from the other markets.",
                n=thin,
            )
            if thin
            else None,
            say("Posts chose their topic: make more of one before calling it a taste."),
        ),
        estimate=first["estimate"],
        ci_lower=first["ci_lower"],
        ci_upper=first["ci_upper"],
        unit=Unit("change", term("against the other markets", "unit")),
        n=int(table["n"].sum()),
        method=say(
            "Log of interactions on the topic of each market, format and log of reach; a topic's effects over the markets drawn "
            "together, the spread between markets integrated over; each market against its topic in the middle; 90%. "
            "Marked: at most one false mark in twenty reports (Holm)."
        ),
    )
    return Section.of(finding, _drawn(table, finding, period), _listed(table), _reactions(habits))


def _named(sentence: Message, rows: pd.DataFrame) -> Message | None:
    return sentence if len(rows) else None


def _topics(rows: pd.DataFrame) -> Listed:
    return Listed.of(in_words(str(one)) for one in rows["topic"])


def _drawn(table: pd.DataFrame, finding: Finding, period: Period) -> charts.Chart:
    shown = table.assign(label=cells(in_words(str(one)) for one in table["topic"]))
    return charts.intervals(
        shown[["label", "estimate", "ci_lower", "ci_upper", "n"]],
        label="label",
        form=Signed,
        reference=0,
        reference_label=term("as elsewhere", "line in a chart"),
        words=Words(
            title=say("What topics are worth here, against the other markets"),
            subtitle=say("At equal reach and format, 90% intervals, {period}", period=period),
            axis=term("against the other markets", "axis"),
            alt=finding.text,
            caption=say("n = posts here; grey below 30"),
        ),
    )


def _listed(table: pd.DataFrame) -> charts.Table:
    columns = {
        "name": term("Topic", "column"),
        "n": term("Posts here", "column"),
        "own": term("Worth here", "column"),
        "everywhere": term("Worth in all markets", "column"),
        "estimate": term("Against the others", "column"),
        "said": term("Reading", "column"),
    }
    shown = table.assign(
        name=cells(in_words(str(one)) for one in table["topic"]), said=cells(MARKS[one] for one in table["mark"])
    )
    forms = {"n": Count, "own": Signed, "everywhere": Signed, "estimate": Signed}
    caption = say("Worth: interactions of a post against the average topic, at equal reach and format")
    return charts.table(shown, columns=columns, formats=forms, caption=caption)


def _reactions(habits: pd.DataFrame) -> charts.Table | None:
    """Return how people react here and elsewhere; None where only one kind of interaction is told."""
    if len(habits) < 2 or habits["here"].isna().all():
        return None
    columns = {
        "name": term("Interaction", "column"),
        "here": term("Share here", "column"),
        "ci_lower": term("95% from", "column"),
        "ci_upper": term("to", "column, upper end"),
        "elsewhere": term("In the other markets", "column"),
    }
    shown = habits.assign(name=cells(KINDS[one] for one in habits["kind"]))
    forms = dict.fromkeys(["here", "ci_lower", "ci_upper", "elsewhere"], Percent)
    return charts.table(
        shown, columns=columns, formats=forms, caption=say("How people react: parts of all interactions")
    )
