"""Charts of trials, plans and portfolios: what they say, how much they draw, that all of it lies inside the picture."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from fanops_utils import charts
from fanops_utils.charts import Chart, Words
from fanops_utils.text import Written

TEXT = Words(
    title=Written("What is seen"), subtitle=Written("Metric, per fan"), axis=Written("of its own"),
    alt=Written("What is seen, in words"), caption=Written("How"),
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
HALF_LINE = 14.0  # a word is set from its corner: a line of it may lie beyond


def words(chart: Chart) -> str:
    return " ".join(text.text or "" for text in ET.fromstring(chart.svg("en")).iter(f"{SVG}text"))


def marks(chart: Chart, kind: str) -> int:
    """Count what Matplotlib drew of a *kind*: PathCollection (dots), LineCollection (bars of intervals), patch, …"""
    return sum(
        1 for group in ET.fromstring(chart.svg("en")).iter(f"{SVG}g") if group.get("id", "").startswith(f"{kind}_")
    )


def shapes(chart: Chart, kind: str) -> int:
    """Count the shapes of a *kind* in a light drawing: circle, rect, path."""
    return sum(1 for _ in ET.fromstring(chart.svg("en")).iter(f"{SVG}{kind}"))


def inside(chart: Chart) -> None:
    """Every word starts inside the picture, every line and dot lies inside the axes that would cut it off."""
    root = ET.fromstring(chart.svg("en"))
    left, top, width, height = (float(part) for part in root.get("viewBox", "").split())
    for text in root.iter(f"{SVG}text"):
        place = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", text.get("transform", ""))
        x, y = (float(part) for part in place.groups()) if place else (float(text.get("x", 0)), float(text.get("y", 0)))
        assert -HALF_LINE <= x <= width + HALF_LINE, text.text
        assert -HALF_LINE <= y <= height + HALF_LINE, text.text
    clips = {one.get("id"): next(iter(one)).attrib for one in root.iter(f"{SVG}clipPath")}
    frames = {f"url(#{name})": [float(at[key]) for key in ("x", "y", "width", "height")] for name, at in clips.items()}
    for group in root.iter(f"{SVG}g"):
        frame = frames.get(group.get("clip-path", ""), [left, top, width, height])
        for shape in group:
            x, y, wide, high = frames.get(shape.get("clip-path", ""), frame)
            if shape.tag == f"{SVG}path":
                numbers = [
                    float(one) for one in re.findall(r"-?\d+\.?\d*", re.sub("[A-Za-z]", " ", shape.get("d", "")))
                ]
            elif shape.tag == f"{SVG}use" and shape.get("x") != "0":  # an area has its corners in its definition
                numbers = [float(shape.get("x", 0)), float(shape.get("y", 0))]
            else:
                continue
            assert all(x - 1 <= one <= x + wide + 1 for one in numbers[::2]), ET.tostring(shape)
            assert all(y - 1 <= one <= y + high + 1 for one in numbers[1::2]), ET.tostring(shape)


def sound(chart: Chart, *said: str) -> Chart:
    seen = words(chart)
    for text in said:
        assert text in seen, text
    assert "nan" not in seen.split()
    inside(chart)
    return chart


def differences() -> pd.DataFrame:
    return pd.DataFrame({
        "metric": ["opened", "spent", "spent"], "label": ["Opened", "Spent, b", "Spent, c"], "share": [True, False, False],
        "estimate": [0.03, 1.8, -0.4], "ci_lower": [0.01, 0.9, -1.5], "ci_upper": [0.05, 2.7, 0.7],
        "smallest_effect": [0.02, np.nan, np.nan], "margin": [np.nan, -1.0, -1.0],
    })  # fmt: skip


def test_each_metric_has_an_axis_of_its_own_unit() -> None:
    chart = sound(
        charts.metric_differences(differences(), words=TEXT), "+3.00", "+1.8", "matters from here", "tolerated harm"
    )
    assert "+1.50" in words(chart) and "−1.5" in words(chart), "a scale each: percentage points, its own unit"
    assert shapes(chart, "circle") == 3
    assert words(chart).count("tolerated harm") == 1, "named once for both arms"
    assert "percentage points" in words(chart)
    assert len(chart.data) == 3


def test_looks_are_drawn_with_the_bound_each_had_to_pass() -> None:
    looks = pd.DataFrame({"fraction": [0.25, 0.5, 1.0], "bound": [4.33, 2.96, 1.97], "z": [1.0, 1.6, 2.4]})
    chart = sound(charts.look_bounds(looks, words=TEXT), "z +2.40", "bound to pass", "share of the planned data")
    assert "100%" in words(chart)
    spent = charts.look_bounds(looks.assign(bound=np.inf), words=TEXT)
    assert "bound to pass" not in words(sound(spent))


def test_segments_show_their_own_estimate_and_the_shrunk_one() -> None:
    frame = pd.DataFrame({
        "label": ["market US", "market DE"], "estimate": [0.05, -0.01], "ci_lower": [0.01, -0.05], "ci_upper": [0.09, 0.03],
        "shrunk": [0.03, np.nan], "shrunk_lower": [0.01, np.nan], "shrunk_upper": [0.05, np.nan], "n": [4000, 900],
    })  # fmt: skip
    chart = sound(charts.segment_effects(frame, share=True, words=TEXT), "(n=4,000)", "+3.00")
    assert shapes(chart, "circle") == 2 + 1, "two of their own, and the key"
    assert shapes(chart, "path") == 1 + 1, "one that was shrunk, and the key"
    assert "drawn to the mean" in words(chart)


def test_days_are_drawn_around_their_mean() -> None:
    days = pd.DataFrame({"day": pd.date_range("2026-08-03", periods=9), "estimate": np.linspace(0.4, 0.2, 9)})
    days = days.assign(standard_error=0.1, ci_lower=days["estimate"] - 0.2, ci_upper=days["estimate"] + 0.2)
    chart = sound(charts.daily_effects(days, share=False, words=TEXT), "mean +0.3")
    assert len(chart.data) == 9
    inside(charts.daily_effects(days.head(1), share=False, words=TEXT))


def test_power_is_drawn_for_every_effect_against_the_power_planned() -> None:
    units = np.arange(100, 1100, 100)
    frame = pd.concat(
        [pd.DataFrame({"units": units, "power": np.minimum(units / 1000 * k, 1), "times": k}) for k in (2.0, 1.0)]
    )
    chart = sound(
        charts.power_curves(frame, names=["twice", "as registered"], power=0.8, words=TEXT), "planned 80%", "twice"
    )
    assert "units per arm" in words(chart)
    with pytest.raises(ValueError, match="2 curves, 1 names"):
        charts.power_curves(frame, names=["twice"], power=0.8, words=TEXT)


@pytest.mark.parametrize(("share", "said"), [(True, "+1.20"), (False, "+0.012")])
def test_what_a_week_more_finds_is_drawn_against_what_matters(share: bool, said: str) -> None:
    frame = pd.DataFrame({"weeks": [1, 2, 3, 4], "per_arm": [10, 20, 30, 40], "effect": [np.nan, 0.03, 0.02, 0.012]})
    chart = sound(
        charts.reach_by_week(frame, share=share, wanted=0.02, words=TEXT),
        said,
        "matters from here",
        "weeks of exposure",
    )
    assert len(chart.data) == 4, "what could not be found stays in the data"
    assert "matters" not in words(charts.reach_by_week(frame, share=share, wanted=None, words=TEXT))


def test_invalid_tests_are_bars_in_front_of_all_tests() -> None:
    frame = pd.DataFrame(
        {"when": [f"2026-{month:02d}" for month in range(1, 13)], "tests": 5, "faults": [0] * 11 + [4]}
    )
    chart = sound(charts.fault_periods(frame, words=TEXT), "■ tests", "■ invalid", "period of the test", "2026-01")
    assert marks(chart, "patch") - marks(charts.fault_periods(frame.head(1), words=TEXT), "patch") == 2 * 11
    assert words(chart).count("2026-") == 6, "every second month is named"


def test_effects_are_spread_as_measured_and_as_drawn_to_the_mean() -> None:
    lift = np.linspace(-0.1, 0.5, 20)
    frame = pd.DataFrame(
        {"test": [str(place) for place in range(20)], "lift": lift, "shrunk": 0.2 + 0.3 * (lift - 0.2)}
    )
    chart = sound(charts.effect_spread(frame, words=TEXT), "■ as measured", "□ with luck taken out")
    assert chart.data.columns.tolist() == ["test", "lift", "shrunk"]
    alone = charts.effect_spread(frame.head(1), words=TEXT)
    assert alone.empty, "two valid experiments with an effect are needed"


def test_rates_are_drawn_against_their_promise() -> None:
    frame = pd.DataFrame({
        "label": ["Welch t", "plain t"], "rate": [0.05, 0.11], "nominal": [0.05, 0.05], "band_lower": [0.04, 0.04],
        "band_upper": [0.06, 0.06], "within": [True, False], "valid": [True, False],
    })  # fmt: skip
    chart = sound(charts.against_promise(frame, words=TEXT), "5.0%", "11.0%", "Welch t")
    assert shapes(chart, "circle") == 1
    assert shapes(chart, "rect") == 2


EMPTY: dict[str, Callable[[], Chart]] = {
    "differences": lambda: charts.metric_differences(pd.DataFrame(), words=TEXT),
    "looks": lambda: charts.look_bounds(pd.DataFrame({"z": [np.nan]}), words=TEXT),
    "segments": lambda: charts.segment_effects(pd.DataFrame({"estimate": [], "ci_lower": []}), share=True, words=TEXT),
    "days": lambda: charts.daily_effects(pd.DataFrame(), share=True, words=TEXT),
    "power": lambda: charts.power_curves(pd.DataFrame(), names=[], power=0.8, words=TEXT),
    "reach": lambda: charts.reach_by_week(pd.DataFrame({"effect": [np.nan]}), share=True, wanted=None, words=TEXT),
    "faults": lambda: charts.fault_periods(pd.DataFrame(), words=TEXT),
    "spread": lambda: charts.effect_spread(pd.DataFrame(), words=TEXT),
    "promise": lambda: charts.against_promise(pd.DataFrame(), words=TEXT),
}


@pytest.mark.parametrize("name", EMPTY)
def test_without_data_there_is_no_chart(name: str) -> None:
    chart = EMPTY[name]()
    assert chart.empty
    assert chart.data.empty
    assert chart.svg("en") == ""
