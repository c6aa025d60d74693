"""What each form of shares, cells, time and process says and leaves out."""

from __future__ import annotations

import itertools
import re
from datetime import date
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from chart_gallery import Case

from fanops_utils import charts
from fanops_utils.charts import Chart
from fanops_utils.charts.pen import NARROW, WIDE
from fanops_utils.colours import SERIES
from fanops_utils.text import Count, Signed, Written

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Case().words()
OWN, OTHER = SERIES[0], SERIES[5]


def shapes(chart: Chart, kind: str, colour: str, *, narrow: bool = False) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(chart.svg("en", narrow=narrow))
    return [one for one in root.iter(f"{SVG}{kind}") if colour in one.get("style", "")]


def said(chart: Chart, *, narrow: bool = False) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(chart.svg("en", narrow=narrow)).iter(f"{SVG}text")]


def widths(chart: Chart, colour: str = OWN) -> list[float]:
    return [float(one.get("width", "")) for one in shapes(chart, "rect", colour)]


@pytest.mark.parametrize("narrow", [False, True])
def test_both_drawings_have_the_width_they_are_shown_at(narrow: bool) -> None:
    frame = pd.DataFrame({"label": ["a"], "value": [1.0]})
    svg = charts.bars(frame, label="label", value="value", words=WORDS).svg("en", narrow=narrow)
    assert ElementTree.fromstring(svg).get("width") == f"{NARROW if narrow else WIDE:.0f}"


def test_only_the_own_market_is_coloured() -> None:
    frame = pd.DataFrame({"label": ["BR", "DE", "FR"], "value": [3.0, 2.0, 1.0], "own": [False, True, False]})
    chart = charts.bars(frame, label="label", value="value", form=Count, words=WORDS)
    assert (len(widths(chart)), len(widths(chart, OTHER))) == (1, 2)
    assert "own" not in chart.data, "it is how it is drawn, not what"


def test_a_funnel_starts_at_zero_and_tells_each_step_against_the_one_before() -> None:
    frame = pd.DataFrame({"step": ["seen", "clicked", "bought"], "people": [1000.0, 250.0, 50.0]})
    chart = charts.funnel(frame, label="step", value="people", words=WORDS)
    first, second, third = widths(chart)
    assert second / first == pytest.approx(0.25, abs=0.01)
    assert third / first == pytest.approx(0.05, abs=0.01)
    assert "25.0%" in " ".join(said(chart)) and "20.0%" in " ".join(said(chart))


def test_a_step_that_was_not_measured_is_not_zero_and_no_share_rests_on_it() -> None:
    frame = pd.DataFrame({"step": ["seen", "clicked", "bought"], "people": [1000.0, np.nan, 50.0]})
    chart = charts.funnel(frame, label="step", value="people", words=WORDS)
    assert len(widths(chart)) == 2
    assert "%" not in " ".join(said(chart))


def test_stacked_pieces_lie_end_to_end_and_the_small_one_carries_no_number() -> None:
    frame = pd.DataFrame({"market": ["BR"] * 3, "kind": ["a", "b", "c"], "share": [0.6, 0.39, 0.01]})
    chart = charts.stacked_shares(frame, label="market", part="kind", value="share", words=WORDS)
    pieces = [shapes(chart, "rect", colour)[-1] for colour in SERIES[:3]]
    ends = [(float(one.get("x", "")), float(one.get("x", "")) + float(one.get("width", ""))) for one in pieces]
    assert all(one[1] == pytest.approx(other[0], abs=0.2) for one, other in itertools.pairwise(ends))
    assert "60%" in said(chart) and "1%" not in said(chart)


def test_a_phase_without_an_end_is_a_milestone() -> None:
    frame = pd.DataFrame(
        {"label": ["pre-heat", "launch"], "start": ["2026-03-02", "2026-04-13"], "end": ["2026-04-12", None]}
    )
    chart = charts.timeline(frame, label="label", on=date(2026, 3, 20), words=WORDS)
    assert len(shapes(chart, "rect", OWN)) == 1
    assert len(shapes(chart, "path", SERIES[1])) == 1
    assert "2 Mar – 12 Apr" in said(chart) and "13 Apr" in said(chart)


def test_a_timeline_tells_the_year_where_it_changes() -> None:
    frame = pd.DataFrame(
        {
            "label": ["a", "b", "c"],
            "start": ["2025-11-03", "2025-12-01", "2026-01-05"],
            "end": ["2025-11-30", "2026-01-04", None],
        }
    )
    told = said(charts.timeline(frame, label="label", words=WORDS))
    assert {"3 Nov 2025 – 30 Nov", "1 Dec – 4 Jan 2026", "5 Jan"} <= set(told)


def cells(chart: Chart, *, narrow: bool = False) -> int:
    key = 5
    root = ElementTree.fromstring(chart.svg("en", narrow=narrow))
    return sum(1 for _ in root.iter(f"{SVG}rect")) - key


def test_a_cell_that_is_missing_or_rests_on_too_few_is_empty() -> None:
    frame = pd.DataFrame({"hour": [0, 1, 2, 3], "day": "Mon", "rate": [0.1, np.nan, 0.3, 0.9], "n": [40, 40, 40, 9]})
    chart = charts.heat_map(frame, x="hour", y="day", value="rate", words=WORDS)
    assert cells(chart) == 2
    assert not {"90.0%", "—", "0.00%"} & set(said(chart))


def test_a_map_wider_than_a_phone_is_turned_there() -> None:
    frame = pd.DataFrame([(f"{hour:02d}", day, hour / 24) for day in ("Mon", "Tue") for hour in range(24)],
                         columns=["hour", "day", "rate"])  # fmt: skip
    chart = charts.heat_map(frame, x="hour", y="day", value="rate", words=WORDS)
    assert cells(chart) == cells(chart, narrow=True) == 48
    assert sum(one in {f"{hour:02d}" for hour in range(24)} for one in said(chart, narrow=True)) == 24, (
        "every hour a row"
    )


def test_rows_are_headed_by_their_brief_names_where_a_map_is_turned() -> None:
    frame = pd.DataFrame([(hour, day, hour / 24) for day in ("Monday", "Tuesday") for hour in range(24)],
                         columns=["hour", "day", "rate"])  # fmt: skip
    chart = charts.heat_map(frame, x="hour", y="day", value="rate", brief=["Mon", "Tue"], words=WORDS)
    assert {"Monday", "Tuesday"} <= set(said(chart)) and {"Mon", "Tue"} <= set(said(chart, narrow=True))
    assert not {"Mon", "Tue"} & set(said(chart)) and not {"Monday", "Tuesday"} & set(said(chart, narrow=True))


def test_below_the_centre_is_another_colour() -> None:
    frame = pd.DataFrame({"x": ["a", "b"], "y": "c", "change": [-0.1, 0.2]})
    chart = charts.heat_map(frame, x="x", y="y", value="change", form=Signed, centre=0.0, words=WORDS)
    assert shapes(chart, "rect", SERIES[1]) and shapes(chart, "rect", SERIES[0])


def test_cohorts_are_triangles_and_small_ones_are_left_out() -> None:
    rows = [
        (f"2026-0{place + 1}", age, 1 / (1 + age), n)
        for place, n in enumerate((120, 9, 80))
        for age in range(3 - place)
    ]
    chart = charts.cohort_triangle(pd.DataFrame(rows, columns=["joined", "age", "kept", "n"]), cohort="joined", age="age",
                                   value="kept", words=WORDS)  # fmt: skip
    assert cells(chart) == 3 + 1
    assert "2026-02" not in " ".join(said(chart))


def test_who_stayed_is_framed() -> None:
    frame = pd.DataFrame({"from": ["on", "on", "off"], "to": ["on", "off", "off"], "share": [0.7, 0.3, 1.0]})
    chart = charts.migration_matrix(frame, origin="from", target="to", share="share", words=WORDS)
    root = ElementTree.fromstring(chart.svg("en"))
    assert sum(1 for _ in root.iter(f"{SVG}path")) == 2
    assert cells(chart) == 3


def test_multiples_share_a_scale_and_are_cut_at_breaks_and_gaps() -> None:
    days = pd.date_range("2026-03-01", periods=6)
    frame = pd.concat([pd.DataFrame({"day": days, "market": "BR", "value": [1, 2, np.nan, 4, 5, 6], "own": True}),
                       pd.DataFrame({"day": days, "market": "DE", "value": [60.0] * 6, "own": False})])  # fmt: skip
    chart = charts.small_multiples(frame, x="day", y="value", series="market", words=WORDS, breaks=[days[4]])
    low, high = ([float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", line.get("d", ""))]
                 for line in (shapes(chart, "path", OWN)[-1], shapes(chart, "path", OTHER)[0]))  # fmt: skip
    assert len(shapes(chart, "path", OWN)) + len(shapes(chart, "circle", OWN)) == 3, (
        "before the gap, the day between, after"
    )
    assert min(low) > max(high), "six of sixty lies far below sixty"


def test_a_point_in_a_crowd_stays_unnamed_and_the_own_one_is_named_first() -> None:
    frame = pd.DataFrame({"label": [f"market number {place}" for place in range(30)], "x": 1.0, "y": 1.0})
    frame = (
        pd.concat([frame, pd.DataFrame({"label": ["far"], "x": 2.0, "y": 2.0})])
        .assign(own=False)
        .reset_index(drop=True)
    )
    frame.loc[29, "own"] = True
    chart = charts.scatter(frame, x="x", y="y", label="label", words=WORDS)
    named = [one for one in said(chart) if one.startswith("market number") or one == "far"]
    assert "market number 29" in " ".join(said(chart)) and "far" in named and len(named) < 8
    assert len(chart.data) == 31


def test_bins_that_miss_their_promise_are_told() -> None:
    frame = pd.DataFrame(
        {"predicted": [0.2, 0.6], "observed": [0.2, 0.3], "ci_lower": [0.1, 0.2], "ci_upper": [0.3, 0.4], "n": 99}
    )
    assert SERIES[3] in charts.calibration(frame, words=WORDS).svg("en")
    assert SERIES[3] not in charts.calibration(frame.head(1), words=WORDS).svg("en")
    assert SERIES[5] in charts.calibration(frame.assign(n=12), words=WORDS).svg("en")


def test_alarms_are_marked_and_a_break_cuts_line_and_limits() -> None:
    days = pd.date_range("2026-03-01", periods=8)
    frame = pd.DataFrame({"day": days, "value": [5.0, 6, 5, 9, 5, 6, 5, 6], "centre": 5.0, "lower": 4.0, "upper": 7.0,
                          "alarm": [False] * 3 + [True] + [False] * 4})  # fmt: skip
    whole = charts.control_chart(frame, x="day", y="value", words=WORDS)
    cut = charts.control_chart(frame, x="day", y="value", words=WORDS, breaks=[(days[4], Written("renamed"))])
    lines = [one for one in shapes(cut, "path", f"stroke: {OWN}") if "fill: none" in one.get("style", "")]
    assert len(lines) == 1 + sum(
        "fill: none" in one.get("style", "") for one in shapes(whole, "path", f"stroke: {OWN}")
    )
    assert "renamed" in said(cut)
    assert SERIES[3] in whole.svg("en")
    assert SERIES[3] not in charts.control_chart(frame.assign(alarm=False), x="day", y="value", words=WORDS).svg("en")


def test_what_is_left_falls_in_steps() -> None:
    frame = pd.DataFrame({"day": [0, 7, 14], "left": [1.0, 0.6, 0.4], "censored": [0, 0, 3]})
    chart = charts.step_curve(frame, x="day", y="left", words=WORDS)
    (line,) = (one for one in shapes(chart, "path", f"stroke: {OWN}") if "fill: none" in one.get("style", "")
               and one.get("d", "").count("L") > 2)  # fmt: skip
    points = [tuple(map(float, one)) for one in re.findall(r"([\d.]+) ([\d.]+)", line.get("d", ""))]
    turns = [a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(points)]
    assert len(points) == 5 and all(turns), "it goes along or down, never across"
