"""Whether the tests hold where data are as real data are: clusters of unequal size, skewed values, unequal arms."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.experiments.simulation.hard import ICC, UNITS
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Level, Listed, Message, Number, Percent, Sayable, Sentences, say, say_n, term

SHAPES: dict[str, Message] = {
    "even": term("all of one size", "shape of simulated data"),
    "varied": term("sizes somewhat apart", "shape of simulated data"),
    "uneven": term("sizes far apart", "shape of simulated data"),
    "extreme": term("a few very large", "shape of simulated data"),
    "lognormal": term("heavily skewed amounts", "shape of simulated data"),
    "buyers": term("one in twenty buys", "shape of simulated data"),
    "rare_buyers": term("one in a hundred buys", "shape of simulated data"),
    "pareto": term("amounts with a heavy tail", "shape of simulated data"),
    "few_large": term("some five units a thousand times as large", "shape of simulated data"),
    "ratio": term("clicks per view, views skewed", "shape of simulated data"),
}
TESTS: dict[str, Message] = {
    "welch": term("Welch's t", "method of a test"), "drawn": term("assignment drawn again", "method of a test"),
}  # fmt: skip


def hard(table: pd.DataFrame) -> Section:
    """Return whether the read-out's tests keep their error rate in the hard cells, from *table* of `hard_grid`."""
    finding, size = _kept(table), int(table["simulations"].min())
    words = Words(
        title=say("False effects in hard shapes, the worst of each split"),
        subtitle=say(
            "Share of {n} tests without an effect that found one; promised {level}", n=size, level=Level(0.05)
        ),
        axis=term("share of tests without an effect", "axis"),
        alt=finding.text,
        caption=say("Below the band is careful, not wrong: few clusters, or tests that are refused"),
    )
    labels = pd.Series([_label(row) for row in table.to_dict("records")], index=table.index, dtype=object)
    named = table.assign(label=labels)
    worst = table.groupby(["design", "treated", "control"], sort=False)["errors"].idxmax()
    drawn = named.loc[worst].assign(rate=lambda rows: rows["errors"], nominal=0.05, valid=True).reset_index(drop=True)
    return Section.of(finding, charts.against_promise(drawn, words=words), _listed(named))


def covered(table: pd.DataFrame) -> Section:
    """Return what the hard cells of *table* covered, and what nothing here covers."""
    clusters, units = (table[table["design"] == design] for design in ("clusters", "units"))
    text = Sentences.of(
        say("Clusters: {splits} in treatment and control, of {shapes}, correlation within {icc}.", splits=_splits(clusters),
            shapes=_shapes(clusters), icc=Number(ICC)),
        say("Units: {splits} of {n} in treatment and control; {shapes}.", splits=_splits(units), n=UNITS, shapes=_shapes(units)),
        say("Easy shapes: equal arms with shares, skewed amounts, ratios, ten clusters an arm, a switchback, planned looks."),
        say(
            "Not covered: more than two arms, looks at values drawn again, covariates with clusters, blocks of clusters, clusters "
            "lost in one arm, units that act on one another, and effects that make an arm vary more without moving its mean."
        ),
    )  # fmt: skip
    cells = len(table)
    title = say_n("{n} hard shape was tried, others may break it", "{n} hard shapes were tried, others may break it",
                  n=cells)  # fmt: skip
    return Section.of(Finding(id="experiment_covered", title=title, text=text, n=cells, code="covered"))


def _kept(table: pd.DataFrame) -> Finding:
    broken = table[~table["within"].astype(bool)].to_dict("records")
    size, told = int(table["simulations"].min()), table[table["told"] < 1]
    worst = table.sort_values("errors").to_dict("records")[-1]
    text = Sentences.of(
        say("{kept} of {cells} cells do not exceed the band of {simulations} simulations; the highest is {rate} ({cell}).",
            kept=len(table) - len(broken), cells=len(table), simulations=size, rate=Percent(worst["errors"]), cell=_label(worst)),
        *(say("{cell}: {rate}.", cell=_label(row), rate=Percent(row["errors"])) for row in broken),
        say("Where one unit or too few buyers would decide, nothing is told: in {share} of the tests of {cell}, at most.",
            share=Percent(1 - told["told"].min()), cell=_label(told.sort_values("told").to_dict("records")[0]))
        if len(told) else None,
    )  # fmt: skip
    if broken:
        title = say_n(
            "In {n} hard shape tests find more than they should", "In {n} hard shapes tests find more than they should",
            n=len(broken),
        )  # fmt: skip
    else:
        title = say("Tests keep their error rate in every hard shape tried")
    return Finding(
        id="experiment_hard", title=title, verdict=say("{answer}.", answer=title), text=text, n=size,
        severity="watch" if broken else "good", code="broken" if broken else "kept",
        about=Listed.of(say("{test} in hard shapes", test=TESTS[code]) for code in dict.fromkeys(row["method"] for row in broken)),
        method=say("Every cell by the rule of the read-out, refusals included. Bands hold 99.9% of what a method that keeps its "
                   "promise would show."),
    )  # fmt: skip


def _label(row: dict[Any, Any]) -> Message:
    told: dict[str, Any] = {"treated": row["treated"], "control": row["control"], "shape": SHAPES[row["shape"]]}
    if row["design"] == "clusters":
        return say("{treated} against {control} clusters, {shape}", **told)
    return say("{treated} against {control} units, {shape}", **told)


def _splits(table: pd.DataFrame) -> Listed:
    pairs = table[["treated", "control"]].drop_duplicates().to_dict("records")
    return Listed.of(
        say("{treated} against {control}", treated=row["treated"], control=row["control"]) for row in pairs
    )


def _shapes(table: pd.DataFrame) -> Listed:
    return Listed.of(SHAPES[str(shape)] for shape in table["shape"].unique())


def _listed(table: pd.DataFrame) -> charts.Table:
    columns: dict[str, Sayable] = {
        "label": term("Shape", "column"), "method": term("Test", "column"), "errors": term("False effects", "column"),
        "coverage": term("Holds the truth", "column"), "power": term("Power", "column"), "told": term("Told at all", "column"),
    }  # fmt: skip
    forms = dict.fromkeys(("errors", "coverage", "power", "told"), Percent)
    tests = pd.Series([TESTS[str(code)] for code in table["method"]], index=table.index, dtype=object)
    return charts.table(
        table.assign(method=tests), columns=columns, formats=forms, caption=say("Hard shapes, cell by cell")
    )
