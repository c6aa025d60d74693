"""What is asked for, and is it posted? Topics against their share of the posts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import Demand
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.cells import cells
from fanops_utils.sections.market.content.white_space import white_space
from fanops_utils.text import (
    Day,
    Listed,
    Message,
    Percent,
    Points,
    Sentences,
    Signed,
    Unit,
    in_words,
    say,
    say_n,
    term,
)

MARKS: dict[str, Message] = {
    "gap": term("asked for, seldom posted", "reading of a topic"),
    "more": term("asked for", "reading of a topic"),
    "less": term("earns less", "reading of a topic"),
    "even": term("as others", "reading of a topic"),
    "": term("too few posts", "reading of a topic"),
}


def demand(found: Demand, *, denominator: str, space: pd.DataFrame | None = None, until: date | None = None) -> Section:
    """Return which topics are asked for and seldom posted (*found*: `models.topic_demand`).

    *space*: `models.demand_less_supply`, shown beside it: shares of interactions less shares of posts. *until*: the last day
    of the posts, all of which count from the first imported on.
    """
    table = found.table
    if table.empty:
        why = say("the posts have no topics; tags of posts (content_tags) or a column with topics bring them")
        return Section.of(Finding.nothing("demand", why))
    gaps = [in_words(one) for one in table.loc[table["mark"] == "gap", "topic"]]
    first = table.iloc[0]
    told: dict[str, Any] = {
        "topic": in_words(str(first["topic"])),
        "change": Signed(first["estimate"]),
        "share": Percent(first["share"]),
    }
    code = "gap" if gaps else "few" if not found.marked else "even"
    if gaps:
        title = say("{topic} earns {change} on the average topic, and is {share} of the posts", **told)
    elif code == "few":
        title = say("Too few posts with a topic to mark a gap; the topics are shown")
    else:
        title = say("No topic is asked for and seldom posted")
    finding = Finding(
        id="demand",
        about=gaps[0] if gaps else None,
        label=term("Topic most asked for", "label of a finding"),
        code=code,
        title=title,
        verdict=say("{sentence}.", sentence=title),
        weight="chapter" if gaps else None,
        severity="good" if gaps else "info",
        text=Sentences.of(
            say("Asked for and posted less than an even share: {topics}.", topics=Listed.of(gaps)) if gaps else None,
            say_n(
                "{n} post has no topic and is left out.", "{n} posts have no topic and are left out.", n=found.n_untold
            )
            if found.n_untold
            else None,
            _room(space),
            say("Posts chose their topic: what earns more on few posts may earn less on many."),
        ),
        estimate=first["estimate"],
        ci_lower=first["ci_lower"],
        ci_upper=first["ci_upper"],
        unit=Unit("change", term("against the average topic", "unit")),
        n=found.n,
        method=say(
            "Log of interactions on topic, format and log of {per}, topics shrunk to their mean; 90%. Share of posts by "
            "Wilson, against an even "
            "share. Marks from 80 posts, topics from ten.",
            per=words.column(denominator),
        ),
    )
    return Section.of(finding, _earned(table, finding, until), _read(table), white_space(space))


def _room(space: pd.DataFrame | None) -> Message | None:
    """Return the topics whose part of the interactions is clearly above their part of the posts."""
    if space is None or space.empty:
        return None
    wide = space[space["ci_lower"] > 0].to_dict("records")
    if not wide:
        return None
    return say(
        "A larger part of the interactions than of the posts, formats and reach not held equal: {topics}.",
        topics=Listed.of(
            say("{topic} {gap}", topic=in_words(str(one["topic"])), gap=Points(float(one["gap"]))) for one in wide
        ),
    )


def _read(table: pd.DataFrame) -> charts.Table:
    columns = {
        "name": term("Topic", "column"),
        "n": term("Posts", "column"),
        "share": term("Share of posts", "column"),
        "estimate": term("Earns", "column"),
        "said": term("Reading", "column"),
    }
    shown = table.assign(
        name=cells(in_words(str(one)) for one in table["topic"]), said=cells(MARKS[one] for one in table["mark"])
    )
    return charts.table(
        shown,
        columns=columns,
        formats={"share": Percent, "estimate": Signed},
        caption=say("Topics, most asked for first"),
    )


def _earned(table: pd.DataFrame, finding: Finding, until: date | None) -> charts.Chart:
    window = say("Against the average topic, 90% intervals")
    if until is not None:
        window = say("Against the average topic, 90% intervals; all posts imported, to {day}", day=Day.of(until))
    return charts.intervals(
        table.assign(label=cells(in_words(str(one)) for one in table["topic"]))[
            ["label", "estimate", "ci_lower", "ci_upper", "n"]
        ],
        label="label",
        form=Signed,
        reference=0,
        reference_label=term("average topic", "line in a chart"),
        words=Words(
            title=say("What topics earn at equal reach and format"),
            subtitle=window,
            axis=term("against the average topic", "axis"),
            alt=finding.text,
            caption=say("n = posts; grey below 30"),
        ),
    )
