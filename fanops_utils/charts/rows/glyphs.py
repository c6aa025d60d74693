"""The marks themselves, drawn on a sheet at a height."""

from __future__ import annotations

from fanops_utils.charts.canvas import SMALL, Canvas
from fanops_utils.charts.lettering import room
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.rows.marks import Mark
from fanops_utils.charts.scale import Scale
from fanops_utils.colours import INK

RADIUS = 5.0


def draw_mark(sheet: Canvas, mark: Mark, across: Scale, y: float, pen: Pen | None = None) -> None:
    """Draw *mark* on *sheet* around the height *y*; what lies beyond the scale ends where it ends."""
    if mark.kind in ("interval", "band", "bar"):
        _stretch(sheet, mark, across, y, pen)
        return
    x, colour = across.within(mark.at), mark.colour
    if mark.kind == "dot":
        sheet.disc((x, y), (mark.thick or 2 * RADIUS) / 2, colour=colour, opacity=mark.opacity)
    elif mark.kind == "ring":
        sheet.disc((x, y), RADIUS, colour=colour, hollow=True)
    elif mark.kind == "diamond":
        sheet.area([(x - 6, y), (x, y - 6), (x + 6, y), (x, y + 6)], colour=colour)
    elif mark.kind == "cross":
        for up in (-1, 1):
            sheet.line((x - 4.5, y - 4.5 * up), (x + 4.5, y + 4.5 * up), colour=colour, thick=2.6)
    else:
        sheet.line((x, y - 9), (x, y + 9), colour=colour, thick=2.2)


def _stretch(sheet: Canvas, mark: Mark, across: Scale, y: float, pen: Pen | None) -> None:
    first, last = sorted((across.within(mark.at), across.within(mark.at if mark.to is None else mark.to)))
    if mark.kind == "interval":
        sheet.line((first, y), (last, y), colour=mark.colour, thick=mark.thick or 3)
        return
    tall = mark.thick or (18.0 if mark.kind == "bar" else 20.0)
    sheet.box(first, y - tall / 2, max(last - first, 0.8), tall, colour=mark.colour, opacity=mark.opacity)
    text = pen.text(mark.inside) if pen and mark.inside is not None else ""
    if text and room(text, SMALL, bold=True) + 6 <= last - first:
        sheet.words(
            text, ((first + last) / 2, y + 4.2), size=SMALL, anchor="middle", colour=INK, bold=True, inside=True
        )
