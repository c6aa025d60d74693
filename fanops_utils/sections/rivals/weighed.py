"""Where are we ahead, and which rival left its usual range?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.rivals import names
from fanops_utils.text import (
    Listed,
    Message,
    Percent,
    Range,
    Sayable,
    Sentences,
    Signed,
    Written,
    say,
    say_n,
    term,
)


def standing(table: pd.DataFrame) -> Section:
    """Return where we stand against each rival, figure by figure (`models.standings`)."""
    if table.empty:
        return Section.of(Finding.nothing("standing", say("no figure is known of us and of a rival")))
    counted = table["verdict"].value_counts()
    ahead, behind, level = (int(counted.get(name, 0)) for name in ("ahead", "behind", "level"))
    weak, strong = _against(table, "behind"), _against(table, "ahead")
    finding = Finding(
        id="standing",
        code="behind" if behind > ahead else "ahead" if ahead > behind else "level",
        title=_title(table, ahead, behind),
        label=term("Us against the rivals", "label of a finding"),
        text=Sentences.of(
            say("Ahead: {figures}.", figures=Listed.of(strong)) if strong else None,
            say("Behind: {figures}.", figures=Listed.of(weak)) if weak else None,
            say_n("In {n} the two are not told apart.", "In {n} the two are not told apart.", n=level)
            if level
            else None,
        ),
        severity="watch" if behind > ahead else "info",
        n=len(table),
        weight="chapter",
        method=say(
            "Told apart where the difference is clear at 90%, all comparisons read together (Holm); shares of voice by the weeks "
            "of both, shares of interactions (likes, comments and shares of all brands' posts) by the posts of both; each other "
            "figure as defined in its own section."
        ),
    )
    shown = table.assign(
        label=_column(table, [names.FIGURES[name] for name in table["figure"]]),
        said=_column(table, [names.VERDICTS[name] for name in table["verdict"]]),
        ours=_column(table, [_range(row, "own") for _, row in table.iterrows()]),
        rivals=_column(table, [_range(row, "theirs") for _, row in table.iterrows()]),
    )
    columns = {
        "brand": term("Rival", "column"),
        "label": term("Figure", "column"),
        "said": term("Conclusion", "column"),
        "ours": term("Ours", "column"),
        "rivals": term("Theirs", "column"),
    }
    return Section.of(
        finding,
        charts.table(
            shown, columns=columns, caption=say("Strengths and weaknesses, each with its evidence (intervals)")
        ),
    )


def _title(table: pd.DataFrame, ahead: int, behind: int) -> Message:
    """Return the answer by figure where one figure is all that tells us apart from every rival."""
    told = table[table["verdict"].isin(["ahead", "behind"])]
    figures = told["figure"].unique()
    if len(figures) == 1 and told["verdict"].nunique() == 1 and set(told["brand"]) == set(table["brand"]):
        figure = names.FIGURES[str(figures[0])]
        if ahead:
            return say_n(
                "{figure}: ahead of the one rival; elsewhere not told apart",
                "{figure}: ahead of all {n} rivals; elsewhere not told apart",
                n=len(told),
                figure=figure,
            )
        return say_n(
            "{figure}: behind the one rival; elsewhere not told apart",
            "{figure}: behind all {n} rivals; elsewhere not told apart",
            n=len(told),
            figure=figure,
        )
    for_all = {verdict: _of_all(table, verdict) for verdict in ("ahead", "behind")}
    if all(for_all.values()) and set(figures) == {*for_all["ahead"], *for_all["behind"]}:
        return say(
            "Ahead of all rivals in {ahead}; behind all in {behind}",
            ahead=Listed.of(names.FIGURES[one] for one in for_all["ahead"]),
            behind=Listed.of(names.FIGURES[one] for one in for_all["behind"]),
        )
    return say(
        "Of {n} comparisons with rivals we lead in {ahead} and trail in {behind}",
        n=len(table),
        ahead=ahead,
        behind=behind,
    )


def _of_all(table: pd.DataFrame, verdict: str) -> list[str]:
    """Return the figures with *verdict* against every rival they are known of, every rival being known."""
    rivals = set(table["brand"])
    return [
        str(figure)
        for figure, part in table.groupby("figure", sort=False)
        if set(part["brand"]) == rivals and (part["verdict"] == verdict).all()
    ]


def _against(table: pd.DataFrame, verdict: str) -> list[Sayable]:
    """Return the figures with *verdict*, each once, with the rivals it holds against."""
    told: list[Sayable] = []
    for figure, part in table[table["verdict"] == verdict].groupby("figure", sort=False):
        rivals = Listed.of(Written(str(one)) for one in part["brand"])
        told.append(say("{figure} (against {rivals})", figure=names.FIGURES[str(figure)], rivals=rivals))
    return told


def _range(row: pd.Series, side: str) -> Range:
    form = Signed if row["figure"] == "growth" else Percent
    prefix = "own" if side == "own" else "their"
    return Range.of(row[f"{prefix}_lower"], row[f"{prefix}_upper"], form=form)


def moved(table: pd.DataFrame, *, brand: str) -> Section:
    """Return which rival left its own usual range in the last 28 days (`models.moves`)."""
    judged = table[table["judgment"].isin(["up", "down", "unclear"])] if len(table) else table
    if judged.empty:
        return Section.of(Finding.nothing("moved", say("no brand has 140 days of history to know its usual range by")))
    out = judged[judged["judgment"] != "unclear"]
    told: list[Sayable] = [
        say(
            "{rival} {figure} {change}",
            rival=Written(str(row["brand"])),
            figure=names.MOVED[row["figure"]],
            change=Signed(row["change"], 0),
        )
        for _, row in out.iterrows()
    ]
    theirs = bool((out["brand"] != brand).any())
    finding = Finding(
        id="moved",
        about=Listed.of(Written(str(one)) for one in out["brand"].unique()) if len(out) else None,
        code="moved" if len(out) else "quiet",
        label=term("Rivals outside their usual range", "label of a finding"),
        title=say("Outside its usual range: {moves}", moves=Listed.of(told))
        if told
        else say("No brand left its usual range in the last 28 days"),
        text=say_n(
            "{n} figure was judged, together, against its own past 28-day changes.",
            "{n} figures were judged, together, against their own past 28-day changes.",
            n=len(judged),
        ),
        severity="watch" if theirs else "info",
        n=len(judged),
        weight="chapter" if told else "row",
        method=say(
            "Log ratio of the last 28 days to the 28 before, over the root mean square of the brand's own past changes; "
            "Holm at 10%."
        ),
    )
    shown = judged.assign(
        label=_column(judged, [names.MOVED[name] for name in judged["figure"]]),
        said=_column(judged, [names.JUDGED[_judged(row)] for _, row in judged.iterrows()]),
    )
    columns = {
        "brand": term("Brand", "column"),
        "label": term("Figure", "column"),
        "change": term("On the 28 days before", "column"),
        "swing": term("Usual swing, ±", "column"),
        "said": term("Reading", "column"),
    }
    forms = {"change": Signed, "swing": Percent}
    return Section.of(
        finding,
        charts.table(shown, columns=columns, formats=forms, caption=say("Last 28 days against each brand's own past")),
    )


def _judged(row: pd.Series) -> str:
    """Return how a figure moved; a single one beyond its usual swing is not yet a move, nor is it as usual."""
    beyond = row["judgment"] == "unclear" and abs(row["change"]) > row["swing"]
    return "far" if beyond else str(row["judgment"])


def _column(table: pd.DataFrame, values: list[Any]) -> pd.Series:
    return pd.Series(values, index=table.index, dtype=object)
