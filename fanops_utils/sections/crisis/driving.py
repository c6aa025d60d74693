"""What drives it, where does it spread, and how do rivals stand beside us?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.models import spread_to
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.cells import cells
from fanops_utils.sections.content import names
from fanops_utils.text import (
    Count,
    Listed,
    Message,
    Number,
    Percent,
    Period,
    Sayable,
    Sentences,
    Span,
    Unit,
    Written,
    in_words,
    say,
    term,
)

KINDS: dict[str, Message] = {
    "topic": term("Topic", "what mentions are told by"),
    "platform": term("Network", "what mentions are told by"),
    "origin": term("Who wrote it", "what mentions are told by"),
    "market": term("Market", "what mentions are told by"),
    "language": term("Language of the market", "what mentions are told by"),
}
LEAD = 0.5  # of the negatives: then one value drives them


def driving(tables: Mapping[str, pd.DataFrame], *, period: Period) -> Section:
    """Return what the negatives of *period* are about (*tables*: `metrics.drivers` by topic, platform, origin, market, …)."""
    rows: list[dict[str, Any]] = []
    for by, table in tables.items():
        for row in table.head(3).to_dict("records"):
            told = {name: row[name] for name in ("negatives", "usual", "share")}
            rows.append({"kind": KINDS[by], "value": _named(by, row[by]), **told})
    columns = {
        "kind": term("Told by", "column"),
        "value": term("Which", "column"),
        "negatives": term("Negatives", "column"),
        "usual": term("Usual", "column"),
        "share": term("Share of negatives", "column"),
    }
    shown = pd.DataFrame(rows, columns=list(columns))
    formats = {"negatives": Count, "usual": lambda one: Number(one, 1), "share": Percent}
    listed = charts.table(
        shown,
        columns=columns,
        formats=formats,
        caption=say("Negative mentions of {period} against the eight weeks before", period=period),
    )
    return Section.of(_driver(tables, period), listed if rows else None)


def _named(by: str, value: Any) -> Sayable:
    match by:
        case "platform":
            return words.platform(str(value))
        case "language":
            return words.language(str(value))
        case "origin":
            return names.value("origin", str(value))
    return in_words(str(value))


def _driver(tables: Mapping[str, pd.DataFrame], period: Period) -> Finding:
    topics = tables.get("topic", pd.DataFrame())
    if topics.empty:
        return Finding.nothing("driver", say("no negative mention with a topic in this period"))
    top, total = topics.iloc[0], int(topics["negatives"].sum())
    places = spread_to(tables["market"], by="market") if len(tables.get("market", ())) else []
    leads = top["share"] >= LEAD and top["excess"] >= 5
    told = {"topic": in_words(str(top["topic"])), "share": Percent(top["share"], 0)}
    title = (
        say("One topic drives it: {topic}, {share} of the negatives", **told)
        if leads
        else say("No single topic drives the negatives")
    )
    seen = say(
        "{seen} of {total} negative mentions of {period} are about {topic}; the eight weeks before would bring {usual}.",
        seen=int(top["negatives"]),
        total=total,
        period=period,
        topic=told["topic"],
        usual=Number(top["usual"], 1),
    )
    wide = _wide([Written(one) for one in places])
    return Finding(
        id="driver",
        label=term("What drives the negatives", "label of a finding"),
        code="one_topic" if leads else "mixed",
        title=title,
        text=Sentences.of(seen, wide),
        severity="watch" if leads else "info",
        estimate=float(top["share"]),
        unit=Unit("share", term("of negatives", "unit")),
        n=total,
        method=say("Counts of labels; a post itself is not in the data, only what the tool says of it."),
    )


def _wide(places: list[Written]) -> Message:
    """Return in which markets negatives are doubled, by name: a reader of one market must not take another's for it."""
    if not places:
        return say("In no market are they doubled, and five or more.")
    told = Listed.of(places)
    if len(places) == 1:
        return say(
            "Of all markets negatives are at least doubled, and by five or more, in {markets} alone.", markets=told
        )
    return say("Negatives are at least doubled, and by five or more, in {markets}: it spreads.", markets=told)


def rivals(table: pd.DataFrame, levels: Mapping[str, int | None], *, brand: str, period: Period) -> Section:
    """Return brand and rivals by the same rules (*table*: `metrics.answers_to_negatives`; *levels*: worst of the period)."""
    caption = say("Brand and rivals in {period}, judged by the same rules", period=period)
    shares = wilson_frame(table["negatives"], table["labelled"])
    frame = table.join(shares[["estimate", "ci_lower", "ci_upper"]])
    frame["range"] = cells(Span.of(a, b) for a, b in zip(frame["ci_lower"], frame["ci_upper"], strict=True))
    frame["part"] = frame["answered"] / frame["negatives"].where(frame["negatives"] > 0)
    frame["level"] = cells(_level(levels.get(name)) for name in frame["brand"])
    frame["name"] = cells(Written(name) for name in frame["brand"])
    columns = {
        "name": term("Brand", "column"),
        "negatives": term("Negatives", "column"),
        "estimate": term("Share", "column"),
        "range": term("Interval", "column"),
        "part": term("Answered", "column"),
        "minutes": term("Minutes to the answer, median", "column"),
        "level": term("Worst level", "column"),
    }
    formats = {"negatives": Count, "estimate": Percent, "part": Percent, "minutes": Count}
    shown = charts.table(frame, columns=columns, formats=formats, caption=caption)
    return Section.of(_beside(frame, levels, brand), None if frame.empty else shown)


def _level(level: int | None) -> Sayable:
    return term("none", "level of a warning") if level is None else Count(level)


def _beside(frame: pd.DataFrame, levels: Mapping[str, int | None], brand: str) -> Finding:
    mine = frame[frame["brand"] == brand]
    if mine.empty or len(frame) < 2:
        return Finding.nothing("rivals", say("no mentions of rivals beside ours in this period"))
    hit = [name for name in frame["brand"] if name != brand and (levels.get(name) or 4) <= 2]
    ours = mine.iloc[0]
    title = (
        say("{rival} has a crisis of its own; it is not ours", rival=Written(hit[0]))
        if hit
        else say("No rival has a crisis")
    )
    text = say(
        "Of our mentions {share} ({interval}) were negative.",
        share=Percent(ours["estimate"]),
        interval=Span.of(ours["ci_lower"], ours["ci_upper"]),
    )
    return Finding(
        id="rivals",
        label=term("Rivals beside us", "label of a finding"),
        code="rival_crisis" if hit else "none",
        title=title,
        text=text,
        estimate=float(ours["estimate"]),
        ci_lower=float(ours["ci_lower"]),
        ci_upper=float(ours["ci_upper"]),
        unit=Unit("share", term("of mentions", "unit")),
        n=int(ours["labelled"]),
        method=say("The same labels and rules for every brand; Wilson intervals."),
    )
