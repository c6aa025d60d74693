"""What works for rivals: their formats and topics at equal followers, and what their best posts share."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.content import names
from fanops_utils.text import (
    Listed,
    Period,
    Sayable,
    Sentences,
    Signed,
    Times,
    Written,
    say,
    term,
)

TOLD = 0.05


def best_posts(ranked: pd.DataFrame, top: pd.DataFrame, *, brand: str, period: Period) -> Section:
    """Return what works for rivals: formats and topics in order (`models.rank_rivals`), and what their best tenth shares
    (`models.top_posts`).
    """
    theirs, tenth = ranked[ranked["brand"] != brand], top[top["brand"] != brand]
    if theirs.empty:
        why = say("no rival has enough posts with followers, formats or topics")
        return Section.of(Finding.nothing("best_posts", why))
    lead = theirs[theirs["leads"].astype(bool)].sort_values("estimate", ascending=False)
    told: list[Sayable] = [
        say(
            "{rival}: {value} ({gain})",
            rival=Written(str(row["brand"])),
            value=_trait(row),
            gain=Signed(row["estimate"], 0),
        )
        for _, row in lead.iterrows()
    ]
    shared = tenth[(tenth["q_value"] <= TOLD) & (tenth["times"] > 1)] if len(tenth) else tenth
    often: list[Sayable] = [
        say(
            "{rival}: {value} ({times})", rival=Written(str(row["brand"])), value=_trait(row), times=Times(row["times"])
        )
        for _, row in shared.iterrows()
    ]
    finding = Finding(
        id="best_posts",
        code="shared" if told else "none",
        label=term("What works for rivals", "label of a finding"),
        title=say("What works for rivals: {traits}", traits=Listed.of(told[:3]))
        if told
        else say("For no rival is a format or topic shown to do best"),
        text=Sentences.of(
            say(
                "Against the average of the brand's own formats or topics, at equal followers, {period}.", period=period
            ),
            say("More frequent among the best tenth than among all: {traits}.", traits=Listed.of(often))
            if often
            else None,
            say("For the others nothing is told apart.") if told else None,
        ),
        n=int(theirs.groupby(["brand", "trait"])["n"].sum().groupby("brand").max().sum()),
        weight="chapter" if told else "row",
        method=say(
            "Each brand by itself: log interactions, followers with a free slope, the other trait and trend held equal, kinds "
            "shrunk to their mean, 90% intervals. Best tenth: Fisher's exact test, false-discovery rate 5% over all brands."
        ),
    )
    return Section.of(finding, _table(theirs, tenth))


def _table(theirs: pd.DataFrame, tenth: pd.DataFrame) -> charts.Table:
    label = pd.Series([_trait(row) for _, row in theirs.iterrows()], index=theirs.index, dtype=object)
    lift = tenth.set_index(["brand", "trait", "value"])["times"] if len(tenth) else pd.Series(dtype=float)
    keys = list(zip(theirs["brand"], theirs["trait"], theirs["value"], strict=True))
    shown = theirs.assign(label=label, times=[lift.get(key, float("nan")) for key in keys])
    columns = {
        "brand": term("Brand", "column"),
        "label": term("Format or topic", "column"),
        "n": term("Posts", "column"),
        "estimate": term("Against the average", "column"),
        "ci_lower": term("90% from", "column"),
        "ci_upper": term("to", "column, upper end"),
        "times": term("Times as frequent among the best tenth", "column"),
    }
    forms = {**dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Signed), "times": Times}
    ordered = shown.sort_values("estimate", ascending=False).head(12)
    caption = say("Formats and topics of rivals, best first")
    return charts.table(ordered, columns=columns, formats=forms, caption=caption)


def _trait(row: pd.Series) -> Sayable:
    return names.value(str(row["trait"]), str(row["value"]))
