"""Charts of an experiment's read-out in rows: differences per metric, quantiles, segments."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.forms import difference
from fanops_utils.charts.rows.estimates import GREY, chart_of, counted, intervals, records
from fanops_utils.charts.rows.marks import Key, Panel, Row, dot, interval
from fanops_utils.charts.words import Words
from fanops_utils.colours import SERIES
from fanops_utils.text import Sayable, term

LIMITS = {
    "smallest_effect": (term("matters from here", "limit in a chart"), SERIES[1]),
    "margin": (term("tolerated harm", "limit in a chart"), SERIES[4]),
}


def metric_differences(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw the differences of *frame*, each metric on an axis of its own unit.

    Columns: metric, label (messages or names), share, estimate, ci_lower, ci_upper, smallest_effect, margin. Shares in
    percentage points, other metrics in their own unit. Ticks are the smallest effect that matters and the tolerated
    harm.
    """
    if frame.empty:
        return Chart.nothing(words)
    drawn = frame.reset_index(drop=True)
    panels = []
    for _, group in drawn.groupby("metric", sort=False):
        form = difference(share=bool(group["share"].iloc[0]))
        rows = [Row(_with_unit(row), _marks(row), form(float(row["estimate"]))) for row in records(group)]
        panels.append(Panel(rows=rows, form=form, zero=True))
    keys = [Key("tick", text, colour) for name, (text, colour) in LIMITS.items() if drawn[name].notna().any()]
    return chart_of(panels, words=words, data=drawn, keys=keys)


def _marks(row: dict[Hashable, Any]) -> tuple[Any, ...]:
    limits = [dot(row[name], colour=colour, kind="tick") for name, (_, colour) in LIMITS.items() if pd.notna(row[name])]
    return (interval(row["ci_lower"], row["ci_upper"]), *limits, dot(row["estimate"]))


def _with_unit(row: dict[Hashable, Any]) -> Sayable:
    if row["share"]:
        return term("{name}, percentage points", "row of a chart", name=row["label"])
    return term("{name}, own unit", "row of a chart", name=row["label"])


def quantile_differences(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw the differences of quantiles of *frame*: label (messages or names), estimate, ci_lower, ci_upper, n."""
    if frame.empty:
        return Chart.nothing(words)
    return intervals(frame, label="label", reference=0, form=difference(share=False), words=words)


def segment_effects(frame: pd.DataFrame, *, share: bool, words: Words) -> Chart:
    """Draw each segment's own estimate with its interval, grey, and what it shrinks to, blue (label, …, shrunk, n)."""
    form, rows = difference(share=share), []
    for row in records(frame.dropna(subset=["estimate", "ci_lower"])):
        alone = (interval(row["ci_lower"], row["ci_upper"], colour=GREY, track=0.8),
                 dot(row["estimate"], colour=GREY, track=0.8))  # fmt: skip
        shrunk = (interval(row["shrunk_lower"], row["shrunk_upper"], track=-0.8),
                  dot(row["shrunk"], kind="diamond", track=-0.8))  # fmt: skip
        said = form(float(row["estimate"] if pd.isna(row["shrunk"]) else row["shrunk"]))
        rows.append(Row(counted(row, "label"), (*alone, *shrunk), said))
    keys = [Key("diamond", term("drawn to the mean", "key of a chart"), SERIES[0]),
            Key("dot", term("on its own", "key of a chart"), GREY)]  # fmt: skip
    panel = Panel(rows=rows, form=form, axis=words.axis, zero=True)
    return chart_of([panel], words=words, data=frame.reset_index(drop=True), keys=keys)
