"""Charts of one value per row: estimates with their intervals, bars, what was measured beside what is drawn together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.rows.drawing import draw_rows
from fanops_utils.charts.rows.marks import Key, Mark, Panel, Row, band, bar, dot, interval
from fanops_utils.charts.words import Words
from fanops_utils.colours import MUTED, SERIES
from fanops_utils.text import Count, Form, Percent, Sayable, Signed, say, term

HIDDEN_BELOW, GREY_BELOW = 10, 30
GREY = SERIES[5]


def chart_of(panels: Sequence[Panel], *, words: Words, data: pd.DataFrame, keys: Sequence[Key] = ()) -> Chart:
    """Return the chart of *panels* of rows with the *data* behind it; nothing where no row is left."""
    if not any(panel.rows for panel in panels):
        return Chart.nothing(words)
    behind = data.drop(columns="own", errors="ignore")
    return Chart(words, lambda pen: draw_rows(pen, panels, keys=keys), behind)


def records(frame: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the rows of *frame* as dictionaries."""
    return frame.to_dict("records")


def counted(row: dict[Hashable, Any], label: str) -> Sayable | str:
    """Return the name of a *row* with the number of what it rests on, where that is known."""
    if "n" not in row or pd.isna(row["n"]):
        return row[label]
    return term("{name}  (n={n})", "row of a chart", name=row[label], n=Count(float(row["n"])))


def is_own(row: dict[Hashable, Any]) -> bool:
    """Return whether *row* is the report's own market: all rows are where the frame has no column own."""
    return bool(row.get("own", True))


def intervals(
    frame: pd.DataFrame, *, label: str, words: Words, form: Form = Percent, reference: float | None = None,
    reference_label: Sayable | None = None,
) -> Chart:  # fmt: skip
    """Draw one estimate with its interval per row of *frame* (label, estimate, ci_lower, ci_upper, n), first on top.

    The column *label* holds messages or names as written. Rows with fewer than 30 observations are grey, as are all but
    those where the column `own` holds; those with fewer than 10, or marked `hidden`, are left out. *reference* draws a
    labelled vertical line.
    """
    kept = frame[~frame["hidden"].astype(bool)] if "hidden" in frame else frame
    kept = kept[kept["n"] >= HIDDEN_BELOW] if "n" in kept else kept
    drawn = kept.dropna(subset=["estimate"]).reset_index(drop=True)
    rows = []
    for row in records(drawn):
        colour = SERIES[0] if is_own(row) and row.get("n", GREY_BELOW) >= GREY_BELOW else GREY
        marks = (interval(row["ci_lower"], row["ci_upper"], colour=colour), dot(row["estimate"], colour=colour))
        strong = "own" in row and is_own(row)
        rows.append(Row(counted(row, label), marks, form(float(row["estimate"])), strong=strong))
    panel = Panel(rows=rows, form=form, axis=words.axis, reference=reference, reference_label=reference_label)
    return chart_of([panel], words=words, data=drawn)


def bars(frame: pd.DataFrame, *, label: str, value: str, words: Words, form: Form = Percent) -> Chart:
    """Draw one zero-based bar per row of *frame*, in its order, each with its value; missing ones are left out.

    The column *label* holds messages or names as written. Where there is a column `own`, only its rows are coloured;
    ci_lower and ci_upper, where there, are drawn on the bars.
    """
    drawn = frame.dropna(subset=[value]).reset_index(drop=True)
    rows = []
    for row in records(drawn):
        marks = [bar(row[value], colour=SERIES[0] if is_own(row) else GREY)]
        if "ci_lower" in row and "ci_upper" in row:
            marks.append(interval(row["ci_lower"], row["ci_upper"], colour=MUTED))
        rows.append(Row(row[label], tuple(marks), form(float(row[value])), strong="own" in row and is_own(row)))
    return chart_of([Panel(rows=rows, form=form, axis=words.axis, zero=True)], words=words, data=drawn)


def drawn_together(frame: pd.DataFrame, *, label: str, words: Words, form: Form = Signed) -> Chart:
    """Draw each row's own estimate as a ring and its shrunken one, with its interval, as a dot; best on top.

    *frame* is that of `models.league_table`, its *label* messages or names. Rows without a shrunken estimate show the
    ring alone.
    """
    drawn = frame.dropna(subset=["estimate"]).reset_index(drop=True)
    rows = []
    for row in records(drawn):
        marks = (interval(row["ci_lower"], row["ci_upper"]), dot(row["shrunk"]),
                 dot(row["estimate"], colour=SERIES[1], kind="ring"))  # fmt: skip
        shown = row["estimate"] if pd.isna(row["shrunk"]) else row["shrunk"]
        rows.append(Row(row[label], marks, form(float(shown))))
    keys = [Key("ring", term("as measured", "key of a chart"), SERIES[1]),
            Key("dot", term("with luck taken out", "key of a chart"), SERIES[0])]  # fmt: skip
    return chart_of([Panel(rows=rows, form=form, axis=words.axis, zero=True)], words=words, data=drawn, keys=keys)


def against_promise(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw simulated rates against what is promised: label, rate, nominal, band_lower, band_upper, within, valid.

    The band is where a method that keeps its promise ends up; dots outside it are orange, methods known to be not valid
    are crosses. The column label holds messages or names. Without a row there is nothing to draw.
    """
    if frame.empty:
        return Chart.nothing(words)
    rows = []
    for row in records(frame):
        kept = pd.isna(row["within"]) or bool(row["within"])
        rate = dot(row["rate"], colour=SERIES[0] if kept else SERIES[3], kind="dot" if row["valid"] else "cross")
        promise = () if pd.isna(row["nominal"]) else (
            band(row["band_lower"], row["band_upper"]), dot(row["nominal"], colour=MUTED, kind="tick"))  # fmt: skip
        rows.append(Row(row["label"], (*promise, rate), Percent(row["rate"], 1)))
    return chart_of([Panel(rows=rows, axis=words.axis)], words=words, data=frame.reset_index(drop=True))


def placebos(effects: Sequence[float], *, effect: float | None, words: Words) -> Chart:
    """Draw log *effects* of windows in which nothing happened as dots, the estimated *effect* (a fraction) apart."""
    if not len(effects) or effect is None:
        return Chart.nothing(words)
    values = np.expm1(np.asarray(effects, dtype=float))
    apart = _apart(values, reach=float(np.ptp([*values, effect])))
    dots = [Mark("dot", float(value), colour=GREY, track=float(track), thick=8, opacity=0.85)
            for value, track in zip(values, apart, strict=True)]  # fmt: skip
    this = dot(effect, kind="diamond")
    row = Row(say("this campaign {effect}", effect=Signed(effect)), (*dots, this), colour=SERIES[0], strong=True)
    windows = [*[term("past window", "row of a chart")] * len(values), term("this campaign", "row of a chart")]
    keys = [Key("dot", term("past window", "row of a chart"), GREY),
            Key("diamond", term("this campaign", "row of a chart"), SERIES[0])]  # fmt: skip
    data = pd.DataFrame({"window": windows, "effect": [*values, effect]})
    return chart_of([Panel(rows=[row], form=Signed, axis=words.axis, zero=True)], words=words, data=data, keys=keys)


def _apart(values: np.ndarray, *, reach: float) -> np.ndarray:
    """Return tracks that keep dots of nearly the same value from covering each other, on an axis *reach* wide."""
    level = pd.Series(np.round(values / max(reach / 30, 1e-9)))
    turn = level.groupby(level).cumcount().to_numpy()
    return np.where(turn % 2, 1, -1) * ((turn + 1) // 2) * 0.9
