"""Light drawings: SVG written shape by shape, in CSS pixels, with its text as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import escape

from fanops_utils.charts.lettering import clean
from fanops_utils.colours import INK

FAMILIES = (
    "-apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    "'WenQuanYi Micro Hei', sans-serif"
)
LETTER, SMALL = 13.0, 12.0  # px: at 390 px and at 1,600 px neither falls below 11
LEADING = 16.0  # from line to line

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]


def number(value: float) -> str:
    """Return *value* in as few characters as a tenth of a pixel needs.

    >>> number(3.0), number(12.345), number(-0.01)
    ('3', '12.3', '0')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


@dataclass
class Canvas:
    """A sheet *width* pixels wide on which shapes and words are put, first ones below; `svg` returns it at a height."""

    width: float
    parts: list[str] = field(default_factory=list)

    def line(
        self, start: Point, end: Point, *, colour: str, thick: float = 1, dash: str = "", cap: str = "butt"
    ) -> None:
        """Draw a straight line."""
        at = " ".join(
            f'{name}="{number(value)}"' for name, value in zip(("x1", "y1", "x2", "y2"), start + end, strict=True)
        )
        self.parts.append(f'<line {at} style="{_stroke(colour, thick, dash)}; stroke-linecap: {cap}"/>')

    def trace(self, points: Sequence[Point], *, colour: str, thick: float = 1.7, dash: str = "") -> None:
        """Draw a line through *points*."""
        self.parts.append(f'<path d="{_through(points)}" style="fill: none; {_stroke(colour, thick, dash)}"/>')

    def area(self, points: Sequence[Point], *, colour: str, opacity: float = 1) -> None:
        """Fill the area within *points*."""
        self.parts.append(f'<path d="{_through(points)}Z" style="{_fill(colour, opacity)}"/>')

    def box(self, left: float, top: float, wide: float, tall: float, *, colour: str, opacity: float = 1) -> None:
        """Fill a rectangle."""
        at = f'x="{number(left)}" y="{number(top)}" width="{number(wide)}" height="{number(tall)}"'
        self.parts.append(f'<rect {at} style="{_fill(colour, opacity)}"/>')

    def disc(self, at: Point, radius: float, *, colour: str, hollow: bool = False, opacity: float = 1) -> None:
        """Draw a dot, or a ring where *hollow*."""
        look = f"fill: none; {_stroke(colour, 1.8, '')}" if hollow else _fill(colour, opacity)
        self.parts.append(f'<circle cx="{number(at[0])}" cy="{number(at[1])}" r="{number(radius)}" style="{look}"/>')

    def words(
        self,
        text: str,
        at: Point,
        *,
        size: float = LETTER,
        colour: str = INK,
        anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:
        """Write *text* with its first line on the baseline *at*, a line per line break."""
        weight = "; font-weight: 600" if bold else ""
        style = f"font-size: {number(size)}px; text-anchor: {anchor}; fill: {colour}{weight}"
        for place, line in enumerate(clean(text).split("\n")):
            where = f'x="{number(at[0])}" y="{number(at[1] + place * LEADING)}"'
            self.parts.append(f'<text {where} style="{style}">{escape(line)}</text>')

    def grouped(self, name: str, parts: Iterable[str]) -> None:
        """Put *parts* of another sheet of the same size as one group."""
        self.parts.append(f'<g id="{name}">{"".join(parts)}</g>')

    def svg(self, height: float) -> str:
        """Return the sheet, *height* pixels high, as SVG."""
        wide, tall = number(self.width), number(height)
        head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}"'
        return f'<svg {head} font-family="{FAMILIES}">{"".join(self.parts)}</svg>'


def _through(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _stroke(colour: str, thick: float, dash: str) -> str:
    return f"stroke: {colour}; stroke-width: {number(thick)}" + (f"; stroke-dasharray: {dash}" if dash else "")


def _fill(colour: str, opacity: float) -> str:
    return f"fill: {colour}" + (f"; fill-opacity: {opacity:.2f}" if opacity < 1 else "")
