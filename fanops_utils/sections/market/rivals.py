"""Who is talked about, and does it shift? Shares of the conversation over weeks, against the weeks before and a year before."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import Conversation
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.unmentioned import unmentioned
from fanops_utils.text import Count, Listed, Message, Number, Percent, Points, Sentences, Span, Unit, Written, say, term

MUCH = 0.05  # change of a share that is told though it is not clear
EVEN = 1.15  # sum of squares against that of equal shares, below which nobody dominates


def rivals(found: Conversation, *, brand: str) -> Section:
    """Return how loud the brand and its rivals are, and who moved (*found*: `models.conversation`)."""
    ours = found.table[found.table["is_ours"]]
    if ours.empty or not ours.iloc[0]["mentions"]:
        heard = bool(found.table["mentions"].sum())
        why = say("no mention of {brand} in the last twelve weeks", brand=brand)
        return Section.of(Finding.nothing("rivals", unmentioned(brand, others=True) if heard else why))
    row, others = ours.iloc[0], found.table[~found.table["is_ours"] & (found.table["moved"] != "unclear")]
    told: dict[str, Any] = {"brand": brand, "share": Percent(row["share"]), "change": Points(row["change"])}
    code = str(row["moved"]) if row["moved"] != "unclear" else "rival" if len(others) else "steady"
    title = {
        "up": say("{brand} is louder: {share} of the conversation, {change} on the twelve weeks before", **told),
        "down": say("{brand} is quieter: {share} of the conversation, {change} on the twelve weeks before", **told),
        "rival": say("{brand} holds {share} of the conversation; a rival moved", **told),
        "steady": say("{brand} holds {share} of the conversation; nobody clearly moved", **told),
    }[code]
    finding = Finding(
        id="rivals",
        label=term("Share of the conversation", "label of a finding"),
        code=code,
        title=title,
        text=_text(found, row, others, told),
        verdict=say("{sentence}.", sentence=title),
        severity="watch" if code == "down" else "good" if code == "up" else "info",
        weight="chapter",
        estimate=row["share"],
        ci_lower=row["ci_lower"],
        ci_upper=row["ci_upper"],
        unit=Unit("share", term("of mentions", "unit")),
        n=int(row["mentions"]),
        method=say(
            "Mentions of us and of the named rivals, weeks as units (news makes hundreds of mentions at once), t, 90%; "
            "a move is called over all "
            "brands together. Of brands followed: no market shares."
        ),
    )
    columns = {
        "brand": term("Brand", "column"),
        "mentions": term("Mentions, 12 weeks", "column"),
        "share": term("Share", "column"),
        "change": term("On 12 weeks before", "column"),
        "year": term("A year before", "column"),
    }
    forms = {"mentions": Count, "share": Percent, "change": Points, "year": Percent}
    return Section.of(
        finding,
        _weeks(found, finding, brand),
        charts.table(found.table, columns=columns, formats=forms, caption=say("The brands followed")),
    )


def _text(found: Conversation, row: pd.Series, others: pd.DataFrame, told: dict[str, Any]) -> Sentences:
    return Sentences.of(
        say(
            "{brand}: {share} ({interval}) of the mentions in twelve weeks.",
            interval=Span.of(row["ci_lower"], row["ci_upper"], level=0.9),
            brand=told["brand"],
            share=told["share"],
        ),
        say(
            "Moved: {rivals}.",
            rivals=Listed.of(
                say("{brand} {change}", brand=Written(str(one["brand"])), change=Points(one["change"]))
                for one in others.to_dict("records")
            ),
        )
        if len(others)
        else _loud(found),
        say("A year before it was {share}.", share=Percent(row["year"])) if row["year"] == row["year"] else None,
        say("Nobody dominates among the brands followed.")
        if found.hhi < EVEN / len(found.table)
        else say(
            "The shares are uneven: concentration (HHI) {hhi}, {even} if all had alike.",
            hhi=Number(found.hhi, digits=2),
            even=Number(1 / len(found.table), digits=2),
        ),
    )


def _loud(found: Conversation) -> Message | None:
    """Return the largest change that is none for sure, where it is large: a single loud week makes one."""
    largest = found.table.iloc[int(found.table["change"].astype(float).abs().fillna(0).to_numpy().argmax())]
    if not abs(float(largest["change"])) >= MUCH:
        return None
    return say(
        "{brand} stands {change} against the twelve weeks before, no clear move: single loud weeks make as much.",
        brand=Written(str(largest["brand"])), change=Points(largest["change"]),
    )  # fmt: skip


def _weeks(found: Conversation, finding: Finding, brand: str) -> charts.Chart:
    return charts.lines(
        found.weekly.dropna(subset=["share"]),
        x="week_start",
        y="share",
        series="brand",
        form=Percent,
        words=Words(
            title=say("Share of the conversation by week"),
            subtitle=say("{brand} and its named rivals, a year", brand=brand),
            axis=term("share of mentions", "axis"),
            alt=finding.text,
            caption=say("Mentions as the listening tool finds them"),
        ),
    )
