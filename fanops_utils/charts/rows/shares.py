"""Charts of parts of a whole in rows: a funnel from step to step, shares stacked to one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.rows.estimates import GREY, chart_of, is_own, records
from fanops_utils.charts.rows.marks import Key, Panel, Row, bar, interval
from fanops_utils.charts.words import Words
from fanops_utils.colours import MUTED, SERIES
from fanops_utils.text import Count, Form, People, Percent, Sayable, is_few, say, term

SOLID = 0.55  # words stand on these bars


def funnel(
    frame: pd.DataFrame, *, label: str, value: str, words: Words, form: Form = Count, people: bool = False
) -> Chart:
    """Draw the steps of *frame*, first on top, as zero-based bars, each with its share of the step before.

    The column *label* holds messages or names, *value* counts of the same people or events. ci_lower and ci_upper, where
    there, are drawn. A step that was not measured keeps its row; the step after it tells no share. With *people* a step
    that fewer than ten got to says so, and is not drawn.
    """
    drawn = frame.reset_index(drop=True)
    few = drawn[value].map(is_few) if people else pd.Series(data=False, index=drawn.index)
    drawn[value] = drawn[value].astype(float).mask(few)
    if drawn.empty or drawn[value].isna().all():
        return Chart.nothing(words)
    before, rows = np.nan, []
    for row, hidden in zip(records(drawn), few, strict=True):
        count = float(row[value])
        unknown: Sayable = People(1) if hidden else term("not measured", "row of a chart")
        said = unknown if np.isnan(count) else form(count)
        if np.isfinite(count) and before > 0:
            said = say("{count}, {share} of the step before", count=form(count), share=Percent(count / before))
        marks = [bar(count, colour=SERIES[0] if is_own(row) else GREY)]
        if "ci_lower" in row and "ci_upper" in row:
            marks.append(interval(row["ci_lower"], row["ci_upper"], colour=MUTED))
        rows.append(Row(row[label], tuple(marks), said))
        before = count
    return chart_of([Panel(rows=rows, form=form, axis=words.axis, zero=True, ticks=False)], words=words, data=drawn)


def stacked_shares(frame: pd.DataFrame, *, label: str, part: str, value: str, words: Words) -> Chart:
    """Draw shares that add up to one: a row per value of *label*, a piece per value of *part*, in their order.

    *value* is a fraction of the row's whole; a row whose pieces add up to less ends short. Labels and parts are messages
    or names; up to six parts are told apart, further ones are grey. A piece with room for it carries its share.
    """
    drawn = frame.dropna(subset=[value]).reset_index(drop=True)
    if drawn.empty:
        return Chart.nothing(words)
    parts = list(dict.fromkeys(drawn[part]))
    colours = {name: SERIES[min(place, len(SERIES) - 1)] for place, name in enumerate(parts)}
    rows = []
    groups: list[tuple[Any, pd.DataFrame]] = list(drawn.groupby(label, sort=False))
    for name, group in groups:
        sizes = group.groupby(part, sort=False)[value].sum()
        ends = np.cumsum([sizes.get(each, 0.0) for each in parts])
        pieces = [bar(end, start=end - sizes[each], colour=colours[each], inside=Percent(sizes[each], 0), opacity=SOLID)
                  for each, end in zip(parts, ends, strict=True) if each in sizes]  # fmt: skip
        rows.append(Row(name, tuple(pieces)))
    keys = [Key("bar", each, colours[each], SOLID) for each in parts]
    panel = Panel(rows=rows, axis=words.axis, zero=True, limits=(0.0, 1.0))
    return chart_of([panel], words=words, data=drawn, keys=keys)
