"""The room that words around axes need, measured by their letters: a second pass of the layout would cost as much again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fanops_utils.charts.lettering import room

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEADING, PAD, TICK = 1.25, 4.0, 4.0  # of the letters; points
LEAST = 60.0  # points of height for each of the axes, whatever stands above and below them
Sides = dict[str, float]  # points beyond each side of the axes


def measured(figure: Figure) -> dict[str, float]:
    """Return the margins, as fractions of *figure*, that leave its words whole; it grows where they leave it too little."""
    wide, tall = (float(side) * 72 for side in figure.get_size_inches())
    panels: list[Axes] = figure.axes
    around = dict.fromkeys(("left", "right", "top", "bottom"), 8.0)
    fixed = [(axes, _around(axes, last=axes is panels[-1])) for axes in panels]
    for _ in range(3):  # what a word beside a mark needs depends on how wide the axes are
        across = wide - around["left"] - around["right"]
        around["right"] = 8.0
        for axes, sides in fixed:
            beyond = _beyond(axes, across)
            for side in around:
                if (side == "top" and axes is not panels[0]) or (side == "bottom" and axes is not panels[-1]):
                    continue
                around[side] = max(around[side], sides[side], beyond[side] + PAD)
    if (grown := LEAST * len(panels) + around["top"] + around["bottom"]) > tall:
        figure.set_size_inches(wide / 72, grown / 72)
        tall = grown
    between = max((_beyond(axes, 1.0)["top"] for axes in panels[1:]), default=0.0)
    within = (tall - around["top"] - around["bottom"]) / len(panels)
    return {
        "left": min(around["left"] / wide, 0.45), "right": max(1 - around["right"] / wide, 0.5),
        "bottom": around["bottom"] / tall, "top": 1 - around["top"] / tall,
        **({"hspace": (between + 14) / max(within - between - 14, 20)} if len(panels) > 1 else {}),
    }  # fmt: skip


def _around(axes: Axes, *, last: bool) -> Sides:
    """Return the room of what belongs to the axes themselves: labels of ticks, the name of the x axis."""
    across, up = _ticks(axes.xaxis), _ticks(axes.yaxis)
    size = float(axes.xaxis.get_ticklabels()[0].get_fontsize()) if across else 9.0
    half = max((room(text, size) / 2 for text in across), default=0.0)
    turned = bool(across) and axes.xaxis.get_ticklabels()[0].get_rotation() not in (0, 360)
    lines = max((text.count("\n") + 1 for text in across), default=0) if last else 0
    below = lines * size * LEADING + TICK
    if turned:
        below = max(room(text, size) for text in across) * 0.5 + size + TICK
    name = axes.xaxis.label
    if name.get_text():
        below += (name.get_text().count("\n") + 1) * float(name.get_fontsize()) * LEADING + 6
    left = max((room(text, 9.0) for text in up), default=0.0) + (TICK + 4 if up else 2)
    return {
        "left": max(left, half * 0.8, half * 1.9 if turned else 0),
        "right": half * 0.8 + 2,
        "top": PAD,
        "bottom": below + PAD,
    }


def _ticks(axis: Any) -> list[str]:
    """Return what stands at the ticks of *axis* that are seen."""
    low, high = sorted(axis.get_view_interval())
    slack = (high - low) * 1e-6
    places = [place for place in axis.get_majorticklocs() if low - slack <= place <= high + slack]
    if not axis.get_tick_params().get("labelbottom", True):
        return []
    return [text for text in axis.get_major_formatter().format_ticks(places) if text]


def _beyond(axes: Axes, across: float) -> Sides:
    """Return how far the words written in *axes*, *across* points wide, reach beyond them."""
    sides = {"left": 0.0, "right": 0.0, "top": 0.0, "bottom": 0.0}
    texts: list[Any] = list(axes.texts)
    for text in texts:
        wide = room(text.get_text(), text.get_fontsize(), bold=text.get_fontweight() == "bold")
        tall = (text.get_text().count("\n") + 1) * text.get_fontsize() * LEADING
        x, y, shift = _anchor(axes, text)
        if x is not None:
            start = x * across + shift[0] - wide * {"left": 0.0, "center": 0.5, "right": 1.0}[text.get_ha()]
            sides["left"], sides["right"] = max(sides["left"], -start), max(sides["right"], start + wide - across)
        if y == 1 and text.get_va() == "bottom":
            sides["top"] = max(sides["top"], shift[1] + tall)
    return sides


def _anchor(axes: Axes, note: Any) -> tuple[float | None, float | None, tuple[float, float]]:
    """Return where *note* is tied to, as fractions of *axes* where it is, and by how many points it is moved."""
    if not hasattr(note, "xycoords"):
        return None, None, (0.0, 0.0)
    kinds = note.xycoords if isinstance(note.xycoords, tuple) else (note.xycoords,) * 2
    at: list[float | None] = []
    for place, (kind, axis, value) in enumerate(zip(kinds, (axes.xaxis, axes.yaxis), note.xy, strict=True)):
        if kind == "axes fraction":
            at.append(float(value))
        elif kind == "data":
            low, high = axes.get_xlim() if place == 0 else axes.get_ylim()
            at.append((float(axis.convert_units(value)) - low) / ((high - low) or 1.0))
        else:
            at.append(None)
    return at[0], at[1], (float(note.xyann[0]), float(note.xyann[1]))
