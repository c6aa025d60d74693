"""Sparklines: gaps stay gaps, the last value is marked, nothing leaves the picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from fanops_utils import charts, colours
from fanops_utils.reports.page.svg import safe_svg

SVG = "{http://www.w3.org/2000/svg}"


def outlines(svg: str) -> list[str]:
    return [path.get("d", "") for path in ElementTree.fromstring(svg).iter(f"{SVG}path")]


def test_a_missing_value_is_a_gap_and_the_last_known_one_a_dot() -> None:
    svg = charts.sparkline([1.0, 2.0, 3.0, None, 2.0, 1.0, np.nan])
    assert len(outlines(svg)) == 2
    (dot,) = ElementTree.fromstring(svg).iter(f"{SVG}circle")
    last = re.findall(r"[\d.]+", outlines(svg)[1])[-2:]
    assert [dot.get("cx"), dot.get("cy")] == last


@pytest.mark.parametrize("values", [[1.0], [5.0, 5.0, 5.0], [-3.0, 8.0, 1e9], [None, 2.0, None]])
def test_it_stays_in_its_picture(values: list[float | None]) -> None:
    svg = charts.sparkline(values)
    root = ElementTree.fromstring(svg)
    _, _, wide, tall = (float(one) for one in root.get("viewBox", "").split())
    dots = [(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in root.iter(f"{SVG}circle")]
    points = [float(one) for line in outlines(svg) for one in re.findall(r"-?[\d.]+", line)]
    pairs = [*dots, *zip(points[::2], points[1::2], strict=True)]
    assert pairs and all(0 <= x <= wide and 0 <= y <= tall for x, y in pairs)


def test_without_a_known_value_there_is_none() -> None:
    assert charts.sparkline([]) == charts.sparkline([None, np.nan]) == ""


def test_the_same_values_give_the_same_bytes_in_colours_that_follow_the_page() -> None:
    values = np.sin(np.arange(56) / 5).tolist()
    svg = charts.sparkline(values, lower=[one - 1 for one in values], upper=[one + 1 for one in values])
    assert svg == charts.sparkline(values, lower=[one - 1 for one in values], upper=[one + 1 for one in values])
    assert set(re.findall(r"#\w{6}", svg)) == {colours.SERIES[0], colours.BAND}
    assert set(re.findall(r"#\w{6}", charts.sparkline(values, own=False))) == {colours.SERIES[5]}
    on_page = safe_svg(svg, prefix="a", alt="")
    assert on_page.count("var(--series-1)") == 2 and len(on_page) < 2500
