"""Charts of campaigns in rows: targets against their bands, money from cost to return, what it may have returned."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.rows.estimates import GREY, chart_of, records
from fanops_utils.charts.rows.marks import Mark, Panel, Row, band, bar, dot, interval
from fanops_utils.charts.words import Words
from fanops_utils.colours import BAND, MUTED, SERIES
from fanops_utils.text import Count, Form, Message, Percent, Signed, say, term

VERDICT_COLOURS = {"hit": SERIES[2], "miss": SERIES[3]}
QUANTILE_BARS = ((0.05, 0.95, 7, 0.35), (0.1, 0.9, 14, 0.55), (0.25, 0.75, 22, 1.0))  # from, to, how thick, how solid


def targets(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw each target's band and what was measured, with its interval: one row per target that is a fraction.

    *frame* is that of `metrics.target_table` with a column `change`: whether the value is a change, which has a sign,
    or a share. Metric and window may be messages. A target without an upper end has a band that runs to the edge. What
    was not measured keeps its row and says so.
    """
    drawn = frame[frame["unit"] == "fraction"].reset_index(drop=True)
    rows = []
    for row in records(drawn):
        name = term("{metric} ({window})", "row of a chart", metric=row["metric"], window=row["window"])
        aim = band(row["low"], row["high"] if np.isfinite(row["high"]) else np.inf)
        if not np.isfinite(row["estimate"]):
            rows.append(Row(name, (aim,), term("not measured", "target in a chart"), colour=MUTED))
            continue
        colour = VERDICT_COLOURS.get(row["verdict"], GREY)
        ends = [float(row[end]) if np.isfinite(row[end]) else np.nan for end in ("ci_lower", "ci_upper")]
        marks = (aim, interval(*ends, colour=colour), dot(row["estimate"], colour=colour))
        rows.append(Row(name, marks, _verdict(row), colour=colour))
    return chart_of([Panel(rows=rows, form=Signed, axis=words.axis, zero=True)], words=words, data=drawn)


def _verdict(row: dict[Hashable, Any]) -> Message:
    value = Signed(float(row["estimate"])) if row["change"] else Percent(float(row["estimate"]))
    if row["verdict"] == "hit":
        return term("{value} hit", "target in a chart", value=value)
    if row["verdict"] == "miss":
        return term("{value} miss", "target in a chart", value=value)
    return term("{value} cannot tell", "target in a chart", value=value)


def waterfall(frame: pd.DataFrame, *, words: Words, form: Form = Count) -> Chart:
    """Draw *frame* (item, amount, and total: whether the row is a sum of those above) as steps from top to bottom.

    Costs are negative amounts; a total is drawn from zero. The column item holds messages or names.
    """
    drawn = frame.dropna(subset=["amount"]).reset_index(drop=True)
    total, amount = drawn["total"].to_numpy(bool), drawn["amount"].to_numpy(float)
    sums = np.cumsum(np.where(total, 0.0, amount))
    starts, ends = np.where(total, 0.0, sums - amount), np.where(total, amount, sums)
    colours = np.where(total, SERIES[0], np.where(amount < 0, SERIES[3], SERIES[2])).tolist()
    rows = [
        Row(row["item"], (bar(end, start=start, colour=colour),), form(float(row["amount"])), strong=bool(row["total"]))
        for row, start, end, colour in zip(records(drawn), starts, ends, colours, strict=True)
    ]
    return chart_of([Panel(rows=rows, form=form, axis=words.axis, zero=True)], words=words, data=drawn)


def spread(quantiles: pd.DataFrame | None, *, words: Words) -> Chart:
    """Draw a distribution by its quantiles (quantile, roi): nested bars of half, eight and nine tenths, the median."""
    if quantiles is None or quantiles.empty:
        return Chart.nothing(words)
    at = quantiles.set_index("quantile")["roi"].astype(float)
    nested = [
        Mark("band", at[lower], at[upper], colour=SERIES[0] if solid == 1 else BAND, thick=thick, opacity=solid)
        for lower, upper, thick, solid in QUANTILE_BARS
    ]
    median = Mark("dot", at[0.5], colour=SERIES[1], thick=12)
    row = Row(say("median {value}", value=Signed(at[0.5])), (*nested, median), strong=True)
    paid = term("paid for itself", "from here on, in a chart")
    panel = Panel(rows=[row], form=Signed, axis=words.axis, zero=True, reference=0.0, reference_label=paid)
    return chart_of([panel], words=words, data=quantiles)
