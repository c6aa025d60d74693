"""Charts of many experiments: faults by period, effects before and after shrinkage, rates against their promise."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.charts import axes as ax
from fanops_utils.charts.chart import Chart, finish, new_figure, nothing
from fanops_utils.colours import BAND, MUTED, SERIES

MOST_TICKS = 7
TAIL = 0.99  # effects beyond this quantile are drawn at it


def fault_periods(frame: pd.DataFrame, *, title: str, subtitle: str, alt: str, caption: str) -> Chart:
    """Draw tests per period as bars, those that were invalid in orange: when, tests, faults."""
    if frame.empty:
        return nothing(title=title, subtitle=subtitle)
    figure, (axes,) = new_figure(height=3.2)
    places = np.arange(len(frame))
    axes.bar(places, frame["tests"], color=BAND, width=0.85)
    axes.bar(places, frame["faults"], color=SERIES[3], width=0.85)
    step = max(1, -(-len(frame) // MOST_TICKS))
    axes.set_xticks(places[::step], [str(name) for name in frame["when"]][::step])
    if len(frame) > 1 and max(len(str(name)) for name in frame["when"]) > 6:
        axes.tick_params(axis="x", labelrotation=30)
    for number, (text, colour) in enumerate((("■ tests", MUTED), ("■ invalid", SERIES[3]))):
        ax.word(axes, text, (0.3 * number, 1.0), shift=(0, 4), xycoords="axes fraction", color=colour, fontweight="bold",
                va="bottom")  # fmt: skip
    ax.caption(axes, "period of the test")
    ax.caption(axes, "experiments", which="y")
    ax.ticks(axes, ax.whole, which="y")
    ax.soften(axes, grid="y")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))


def effect_spread(frame: pd.DataFrame, *, title: str, subtitle: str, axis: str, alt: str, caption: str) -> Chart:
    """Draw how effects are spread as measured (grey) and after shrinkage (blue): lift and shrunk, fractions."""
    drawn = frame.dropna(subset=["lift", "shrunk"]) if len(frame) else frame
    if len(drawn) < 2:
        return nothing(title=title, subtitle=subtitle, why="Two valid experiments with an effect are needed.")
    top = float(max(drawn["lift"].quantile(TAIL), drawn["shrunk"].max()))
    low = float(min(drawn["lift"].min(), drawn["shrunk"].min(), 0))
    edges = np.linspace(low, top, 31 if len(drawn) > 60 else 13).tolist()
    figure, (axes,) = new_figure(height=3.2)
    axes.hist(drawn["lift"].clip(upper=top), bins=edges, color=SERIES[5], alpha=0.55)
    axes.hist(drawn["shrunk"], bins=edges, histtype="step", color=SERIES[0], linewidth=2)
    for number, (text, colour) in enumerate((("■ as measured", SERIES[5]), ("□ drawn to the mean", SERIES[0]))):
        ax.word(axes, text, (0.42 * number, 1.0), shift=(0, 4), xycoords="axes fraction", color=colour, fontweight="bold",
                va="bottom")  # fmt: skip
    ax.caption(axes, axis)
    ax.ticks(axes, ax.signed, which="x")
    ax.caption(axes, "experiments", which="y")
    ax.ticks(axes, ax.whole, which="y")
    ax.soften(axes, grid="y")
    data = drawn[["test", "lift", "shrunk"]].reset_index(drop=True) if "test" in drawn else drawn
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=data.head(200))


def against_promise(frame: pd.DataFrame, *, title: str, subtitle: str, axis: str, alt: str, caption: str) -> Chart:
    """Draw simulated rates against what is promised: label, rate, nominal, band_lower, band_upper, within, valid.

    The band is where a method that keeps its promise ends up; dots outside it are orange, methods known to be not valid
    are crosses.
    """
    if frame.empty:
        return nothing(title=title, subtitle=subtitle)
    labels = ax.folded(frame["label"].astype(str).iloc[::-1].tolist())
    figure, (axes,) = new_figure(height=1.4 + max(0.42, ax.row_height(labels)) * len(frame))
    for place, row in enumerate(frame.iloc[::-1].to_dict("records")):
        if pd.notna(row["nominal"]):
            axes.barh(
                place, row["band_upper"] - row["band_lower"], left=row["band_lower"], height=0.62, color=BAND, alpha=0.7
            )
            axes.vlines(row["nominal"], place - 0.31, place + 0.31, color=MUTED, linewidth=1.2)
        kept = pd.isna(row["within"]) or bool(row["within"])
        colour, mark = SERIES[0] if kept else SERIES[3], "o" if row["valid"] else "X"
        axes.scatter([row["rate"]], [place], color=colour, marker=mark, s=40, zorder=3)
        beside = np.nanmax([row["rate"], row["band_upper"]])  # a number on the band would be crossed by the promise
        ax.word(axes, f"{row['rate']:.1%}", (beside, place), shift=(7, 0), va="center", fontsize=9)
    ax.names(axes, range(len(frame)), labels)
    axes.set_ylim(-0.6, len(frame) - 0.4)
    axes.margins(x=0.16)
    ax.caption(axes, axis)
    ax.ticks(axes, lambda value: f"{100 * value:g}%", which="x")
    ax.soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))
