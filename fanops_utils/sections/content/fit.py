"""Which format fits which platform, and which traits and combinations add something of their own?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.content import names
from fanops_utils.text import Listed, Percent, Period, Sayable, Sentences, Signed, say, say_n, term


def fit(table: pd.DataFrame, *, period: Period) -> Section:
    """Return which format fits which platform (*table*: `models.rank_on_platforms` over post_type)."""
    known = table.dropna(subset=["estimate"]) if len(table) else table
    if known.empty:
        return Section.of(Finding.nothing("fit", say("no platform has two formats with five posts to compare")))
    leaders = []
    for platform, part in known.groupby("platform", sort=False):
        best = part.sort_values("estimate", ascending=False).iloc[0]
        if best["mark"] == "above":
            leaders.append(
                say(
                    "{platform}: {format} ({gain})",
                    platform=words.platform(str(platform)),
                    format=words.posts_of(str(best["post_type"])),
                    gain=Signed(best["estimate"], 0),
                )
            )
    alone = [
        words.platform(str(name)) for name in dict.fromkeys(table["platform"]) if name not in set(known["platform"])
    ]
    finding = Finding(
        id="fit",
        code="clear" if leaders else "open",
        label=term("Format by platform", "label of a finding"),
        title=say("What works where: {leaders}", leaders=Listed.of(leaders))
        if leaders
        else say("On no platform is a format shown to do better"),
        text=Sentences.of(
            say("Each platform by its own definitions, against the average of its formats at equal reach or views."),
            say("One format only, nothing to compare: {platforms}.", platforms=Listed.of(alone)) if alone else None,
        ),
        n=int(known["n"].sum()),
        method=say("The regression of the formats, by itself on each platform."),
    )
    shown = table.assign(
        place=_column(table, [words.platform(str(name)) for name in table["platform"]]),
        format=_column(table, [words.posts_of(str(name), first=True) for name in table["post_type"]]),
    )
    heat = charts.heat_map(
        shown.dropna(subset=["estimate"]),
        x="format",
        y="place",
        value="estimate",
        form=Signed,
        centre=0.0,
        words=Words(
            title=say("Formats by platform, against the average of the platform's formats"),
            alt=finding.text,
            subtitle=say("At equal reach or views, {period}", period=period),
            axis=term("against the average", "axis"),
            x_axis=term("format", "axis"),
            caption=say("Empty: fewer than ten posts, or nothing to compare with"),
        ),
    )
    return Section.of(finding, heat if known["platform"].nunique() > 1 else None, _listed(shown))


def _listed(shown: pd.DataFrame) -> charts.Table:
    columns = {
        "place": term("Platform", "column"),
        "format": term("Format", "column"),
        "n": term("Posts", "column"),
        "estimate": term("Against the average", "column"),
        "ci_lower": term("90% from", "column"),
        "ci_upper": term("to", "column, upper end"),
    }
    signed = dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Signed)
    return charts.table(
        shown, columns=columns, formats=signed, caption=say("Formats by platform; empty where nothing can be compared")
    )


def captions(table: pd.DataFrame) -> Section:
    """Return which traits of captions go with more or fewer interactions (`models.read_captions`)."""
    if table.empty:
        return Section.of(Finding.nothing("captions", say("no trait of a caption varies over ten posts either way")))
    apart = table[table["apart"].astype(bool)]
    told = [
        say("{trait} ({gain})", trait=names.TRAITS[row["trait"]], gain=Signed(row["estimate"], 0))
        for _, row in apart.iterrows()
    ]
    finding = Finding(
        id="captions",
        code="apart" if told else "none",
        label=term("Captions", "label of a finding"),
        title=say("Captions that go with a difference: {traits}", traits=Listed.of(told))
        if told
        else say("Neither length, hashtags, emoji nor opening of the caption shows a difference"),
        text=say_n(
            "{n} trait of the captions was looked at, all else equal; at most one in twenty told apart is luck.",
            "{n} traits of the captions were looked at, all else equal; at most one in twenty told apart is luck.",
            n=len(table),
        ),
        n=int(table["n"].max()),
        method=say(
            "Each trait beside type, format, topic, hour, reach and age; errors that may differ by post; "
            "false-discovery rate 5% (Benjamini and Hochberg)."
        ),
    )
    label = [names.TRAITS[name] for name in table["trait"]]
    return Section.of(
        finding,
        _added(
            table.assign(label=_column(table, label)),
            term("Trait", "column"),
            say("What a trait of the caption adds, all else equal"),
        ),
    )


def combinations(table: pd.DataFrame) -> Section:
    """Return which combinations of type, time and format add to the sum of their parts (`models.read_combinations`)."""
    if table.empty:
        return Section.of(Finding.nothing("combinations", say("no combination of type, time and format has ten posts")))
    label = [
        say(
            "{first} × {second}",
            first=names.value(row["first"], row["first_value"]),
            second=names.value(row["second"], row["second_value"]),
        )
        for _, row in table.iterrows()
    ]
    named = table.assign(label=_column(table, label))
    apart = named[named["apart"].astype(bool)]
    told: list[Sayable] = [
        say("{trait} ({gain})", trait=row["label"], gain=Signed(row["estimate"], 0))
        for _, row in apart.head(4).iterrows()
    ]
    finding = Finding(
        id="combinations",
        code="apart" if told else "none",
        label=term("Type, time and format together", "label of a finding"),
        title=say("Combinations beyond their parts: {traits}", traits=Listed.of(told))
        if told
        else say("No combination of type, time and format goes beyond its parts"),
        text=say_n(
            "{n} combination was looked at; at most one in twenty told apart is luck.",
            "{n} combinations were looked at; at most one in twenty told apart is luck.",
            n=len(table),
        ),
        n=int(table["n"].sum()),
        method=say("Each combination beside its two parts and the other traits; false-discovery rate 5%."),
    )
    return Section.of(
        finding,
        _added(
            named.head(8),
            term("Combination", "column"),
            say("What a combination adds to its parts; the eight furthest from chance"),
        ),
    )


def _added(table: pd.DataFrame, heading: Sayable, caption: Sayable) -> charts.Table:
    columns = {
        "label": heading,
        "n": term("Posts", "column"),
        "estimate": term("Adds", "column"),
        "ci_lower": term("95% from", "column"),
        "ci_upper": term("to", "column, upper end"),
        "q_value": term("Share of luck among such", "column"),
    }
    signed = dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Signed)
    return charts.table(table, columns=columns, formats={**signed, "q_value": Percent}, caption=caption)


def _column(table: pd.DataFrame, values: Sequence[Sayable]) -> pd.Series:
    return pd.Series(values, index=table.index, dtype=object)
