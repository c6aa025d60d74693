"""How loud are we? The brand's share of all mentions of it and of its rivals."""

from __future__ import annotations

import pandas as pd

from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.unmentioned import unmentioned
from fanops_utils.text import Message, Percent, Sentences, Span, Unit, say, say_n, term


def voice(table: pd.DataFrame, *, brand: str) -> Section:
    """Return the share of voice of *brand* (*table*: `metrics.share_of_voice`)."""
    return Section.of(_finding(table, brand=brand))


def _finding(table: pd.DataFrame, *, brand: str) -> Finding:
    ours = table[table["is_ours"].astype(bool)]
    if ours.empty:
        return Finding.nothing("voice", unmentioned(brand, others=not table.empty))
    row = ours.iloc[0]
    share, interval = Percent(row["estimate"]), Span.of(row["ci_lower"], row["ci_upper"])
    position = say_n(
        "{brand} has {share} ({interval}) of {n} mention: rank {rank} of {brands}.",
        "{brand} has {share} ({interval}) of {n} mentions: rank {rank} of {brands}.",
        n=int(row["n"]),
        brand=brand,
        share=share,
        interval=interval,
        rank=int((table["estimate"] > row["estimate"]).sum()) + 1,
        brands=len(table),
    )
    return Finding(
        id="voice",
        weight="chapter",
        label=term("Share of voice", "label of a finding"),
        code="share",
        title=say("{brand} holds {share} of the conversation", brand=brand, share=share),
        verdict=say(
            "{brand} holds {share} of the conversation ({interval}).", brand=brand, share=share, interval=interval
        ),
        text=Sentences.of(position, _largest_rival(table)),
        estimate=row["estimate"],
        ci_lower=row["ci_lower"],
        ci_upper=row["ci_upper"],
        unit=Unit("share", term("of mentions", "unit")),
        n=int(row["n"]),
        method=say(
            "Mentions of us divided by mentions of us and of the named rivals, Wilson interval; copies of a post count each."
        ),
    )


def _largest_rival(table: pd.DataFrame) -> Message | None:
    rivals = table[~table["is_ours"].astype(bool)].sort_values("estimate", ascending=False)
    if rivals.empty:
        return None
    first = rivals.iloc[0]
    return say(
        "The largest rival, {rival}, holds {share}.", rival=str(first["brand"]), share=Percent(first["estimate"])
    )
