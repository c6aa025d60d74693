"""Charts of a plan: power by units, and the smallest effect by weeks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fanops_utils.charts import axes as ax
from fanops_utils.charts.chart import Chart, finish, new_figure, nothing
from fanops_utils.charts.trials import plain, points
from fanops_utils.colours import MUTED, SERIES

NO_PLAN = "History gives no baseline to plan on."


def power_curves(
    frame: pd.DataFrame, *, names: Sequence[str], power: float, title: str, subtitle: str, alt: str, caption: str
) -> Chart:
    """Draw power over units per arm (units, power, times), one curve per multiple of the effect, named by *names*.

    The planned *power* is a dashed line.
    """
    if frame.empty:
        return nothing(title=title, subtitle=subtitle, why=NO_PLAN)
    figure, (axes,) = new_figure(height=3.5)
    axes.axhline(power, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
    most = float(frame["units"].max())
    ax.word(axes, f"planned {power:.0%}", (most, power), shift=(0, 3), ha="right", color=MUTED, fontsize=9)
    for number, (name, (_, group)) in enumerate(zip(names, frame.groupby("times", sort=False), strict=True)):
        axes.plot(group["units"], group["power"], color=SERIES[number], linewidth=1.9)
        end = float(group["power"].iloc[-1])
        ax.word(axes, name, (most, end), shift=(6, -9 * number if end > 0.9 else 0), color=SERIES[number],
                va="center", fontweight="bold")  # fmt: skip
    axes.set_xlim(0, most)
    axes.set_ylim(0, 1.04)
    ax.ticks(axes, ax.whole, which="x")
    ax.caption(axes, "units per arm")
    ax.caption(axes, "chance to find it", which="y")
    ax.ticks(axes, lambda value: f"{value:.0%}", which="y")
    ax.soften(axes, grid="y")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))


def reach_by_week(
    frame: pd.DataFrame,
    *,
    share: bool,
    wanted: float | None,
    title: str,
    subtitle: str,
    axis: str,
    alt: str,
    caption: str,
) -> Chart:
    """Draw the smallest effect found after each week (weeks, effect), the effect that matters as a dashed line."""
    drawn = frame.dropna(subset=["effect"])
    if drawn.empty:
        return nothing(title=title, subtitle=subtitle, why="History gives no traffic to plan on.")
    form = points if share else plain
    figure, (axes,) = new_figure(height=3.3)
    axes.plot(drawn["weeks"], drawn["effect"], color=SERIES[0], linewidth=1.8, marker="o", markersize=5)
    if wanted is not None:
        axes.axhline(wanted, color=SERIES[1], linewidth=1.4, linestyle=(0, (4, 3)))
        last = float(drawn["weeks"].max())
        ax.word(axes, "matters from here", (last, wanted), shift=(0, 3), ha="right", color=SERIES[1], fontsize=9)
    final = drawn.iloc[-1]
    ax.word(axes, form(final["effect"]), (final["weeks"], final["effect"]), shift=(8, 0), va="center")
    axes.set_ylim(bottom=0)
    axes.set_xticks(drawn["weeks"].tolist())
    ax.caption(axes, "weeks of exposure")
    ax.caption(axes, axis, which="y")
    ax.ticks(axes, form, which="y")
    ax.soften(axes, grid="y")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))
