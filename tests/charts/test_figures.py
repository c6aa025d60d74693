"""Charts as a reader gets them: valid SVG, words as words and inside the picture, the same bytes for the same data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from unicodedata import east_asian_width
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from chart_gallery import (
    CASES,
    DRAW,
    SHORT,
    Case,
    differences,
    draw_bars,
    draw_campaign_gap,
    draw_hour_curve,
    draw_intervals,
    draw_lines,
    draw_metric_differences,
    draw_placebos,
    estimates,
    gaps,
    series,
    waves,
)  # fmt: skip
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from pandas.testing import assert_frame_equal

from fanops_utils import charts, colours
from fanops_utils.charts import Chart
from fanops_utils.text import Signed, Texts, read, say, speak, term
from fanops_utils.text.catalogue import languages

SVG = "{http://www.w3.org/2000/svg}"
SLACK = 2.0
NO_AXIS = {"metric_differences", "look_bounds", "power_curves", "fault_periods"}  # they name their axes themselves
drawn_cases = pytest.mark.parametrize("case", [name for name in CASES if name != "empty"])
every_chart = pytest.mark.parametrize("name", DRAW)


@dataclass(frozen=True)
class Word:
    """One text element and the box it covers."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


HARD = {
    "long word": Case(names=("x" * 300, "Rindfleischetikettierungsüberwachung" * 3, "search")),
    "many": Case(rows=30, names=tuple(f"Market number {place} of the thirty" for place in range(30))),
    "Arabic": Case(names=("متجر الشاي للأعضاء الجدد في الرياض", "عملاء العودة", "بحث")),
}


def transform(text: str) -> np.ndarray:
    """Return the affine matrix of an SVG transform attribute."""
    whole = np.eye(3)
    for kind, numbers in re.findall(r"(\w+)\(([^)]*)\)", text):
        value = [float(one) for one in re.split(r"[ ,]+", numbers.strip())]
        one = np.eye(3)
        if kind == "translate":
            one[:2, 2] = (*value, 0.0)[:2]
        elif kind == "scale":
            one[0, 0], one[1, 1] = value[0], value[-1]
        elif kind == "matrix":
            one[:2] = np.array(value).reshape(3, 2).T
        elif kind == "rotate":
            turn, centre = np.deg2rad(value[0]), np.array((*value[1:], 0.0, 0.0)[:2])
            one[:2, :2] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
            one[:2, 2] = centre - one[:2, :2] @ centre
        else:
            raise AssertionError(f"unknown transform {kind}")
        whole = whole @ one
    return whole


def width(text: str, size: float, *, bold: bool) -> float:
    """Return the width of *text*: the font's own advances; East Asian characters, which it lacks, are one em wide."""
    return sum(advance(letter, bold=bold) for letter in filter(str.isprintable, text)) * size / 100


@cache
def advance(letter: str, *, bold: bool) -> float:
    """Return how far *letter* advances in a font of size 100."""
    if east_asian_width(letter) in "WF":
        return 100.0
    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    font.set_size(100, 72)
    return font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536


@cache
def drawn(name: str, case: str, *, narrow: bool = False) -> str:
    """Return the chart *name* of a case, drawn once for all tests that only look at it."""
    return DRAW[name](CASES[case]).svg("en", narrow=narrow)


def words(svg: str) -> Iterator[Word]:
    """Yield every text of *svg* with its box, rotations and groups taken into account."""
    yield from _words(ElementTree.fromstring(svg.encode()), np.eye(3))


def _words(element: ElementTree.Element, outer: np.ndarray) -> Iterator[Word]:
    matrix = outer @ transform(element.get("transform", ""))
    if element.tag == f"{SVG}text":
        text = "".join(element.itertext())
        style = " ".join(one.get("style", "") for one in element.iter())
        size = max(float(one) for one in re.findall(r"font(?:-size)?:[^;]*?([\d.]+)px", style))
        length = width(text, size, bold=bool(re.search(r"bold|700", style)))
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        anchor = re.search(r"text-anchor: (\w+)", style)
        x -= {"middle": length / 2, "end": length}.get(anchor.group(1) if anchor else "", 0.0)
        corners = [(x + dx, y + dy, 1) for dx in (0, length) for dy in (-0.76 * size, 0.22 * size)]
        across, down, _ = matrix @ np.array(corners).T
        yield Word(text, across.min(), down.min(), across.max(), down.max())
    for child in element:
        yield from _words(child, matrix)


@pytest.mark.parametrize(
    ("name", "case"),
    [(name, case) for name in ("lines", "step_curve", "small_multiples", "heat_map") for case in HARD]
    + [("stacked_shares", "long word"), ("stacked_shares", "Arabic")],  # of three parts in the gallery
)
@pytest.mark.parametrize("narrow", [False, True])
def test_names_of_any_length_and_number_stay_in_the_picture(name: str, case: str, narrow: bool) -> None:
    svg = DRAW[name](HARD[case]).svg("en", narrow=narrow)
    across, down = picture(svg)
    slack = 6.0 if case == "Arabic" else SLACK  # letters measured one by one are wider than joined ones
    for word in words(svg):
        assert (
            -slack <= word.left and word.right <= across + slack and -slack <= word.top and word.bottom <= down + slack
        )


def picture(svg: str) -> tuple[float, float]:
    _, _, across, down = ElementTree.fromstring(svg.encode()).get("viewBox").split()
    return float(across), float(down)


def spoken(svg: str) -> str:
    return " ".join(word.text for word in words(svg))


def tick_labels(svg: str, axis: str) -> list[tuple[float, float]]:
    """Return (number written, place) of each tick of *axis* ("xtick" or "ytick")."""
    root, found = ElementTree.fromstring(svg.encode()), []
    for group in root.iter(f"{SVG}g"):
        text = group.find(f".//{SVG}text")
        if re.fullmatch(rf"{axis}_\d+", group.get("id", "")) and text is not None:
            number = float(re.sub(r"[,%]", "", text.text or "").replace("−", "-"))
            found.append((number, float(text.get("x" if axis == "xtick" else "y"))))
    return found


def strokes(svg: str, colour: str) -> list[str]:
    """Return the outlines drawn in *colour*."""
    paths = ElementTree.fromstring(svg.encode()).iter(f"{SVG}path")
    return [path.get("d", "") for path in paths if f"stroke: {colour}" in path.get("style", "")]


@drawn_cases
@every_chart
def test_every_chart_is_valid_svg_with_its_words_as_words(name: str, case: str) -> None:
    svg = drawn(name, case)
    assert ElementTree.fromstring(svg.encode()).tag == f"{SVG}svg"
    if CASES[case].axis and name not in NO_AXIS:
        squeezed = re.sub(r"\s", "", spoken(svg))
        assert re.sub(r"\s", "", CASES[case].axis) in squeezed, "text stays text, and whole"
    assert "Interactions per person reached" not in svg, "the title stands in the page, not in the picture"


@every_chart
def test_a_chart_carries_both_drawings_its_title_and_its_alt_text(name: str) -> None:
    chart = DRAW[name](Case())
    bundle = chart._repr_mimebundle_()
    carried = bundle["application/vnd.fanops.chart+json"]
    assert carried["svg"] == {"en": drawn(name, "normal")}, "the same data give the same bytes"
    assert carried["narrow"] == {"en": drawn(name, "normal", narrow=True)}
    assert carried["alt"] == chart.words.alt.to_json()
    assert "Interactions per person reached" in bundle["text/html"]


@pytest.mark.parametrize(("case", "narrow"), [
    *((case, False) for case in CASES if case != "empty"), ("normal", True), ("long names", True), ("CJK axis", True),
])  # fmt: skip
@every_chart
def test_no_text_is_cut_off(name: str, case: str, narrow: bool) -> None:
    svg = drawn(name, case, narrow=narrow)
    across, down = picture(svg)
    outside = [
        (word.text, round(word.left), round(word.top), round(word.right), round(word.bottom))
        for word in words(svg)
        if min(word.left, word.top) < -SLACK or word.right > across + SLACK or word.bottom > down + SLACK
    ]
    assert not outside, f"picture {across:.0f} x {down:.0f}"


@every_chart
def test_other_data_give_another_drawing(name: str) -> None:
    assert drawn(name, "normal") != DRAW[name](Case(rows=1, sign=-1)).svg("en")


@every_chart
@pytest.mark.parametrize("case", ["normal", "negative"])
def test_colours_are_those_of_the_theme(name: str, case: str) -> None:
    used = re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"url\(#\w+\)|xlink:href=\"#\w+\"", "", drawn(name, case)))
    assert used
    assert {colour.lower() for colour in used} <= {*colours.CSS_VARIABLES, "#ffffff"}


@every_chart
def test_without_data_there_is_no_chart(name: str) -> None:
    chart = DRAW[name](Case(rows=0))
    assert chart.empty
    assert chart.data.empty
    assert chart.svg("en") == str(chart.html("en")) == ""


@pytest.mark.parametrize("name", ["intervals", "bars", "metric_differences", "lines"])
@pytest.mark.parametrize("case", ["normal", "CJK names", "hostile"])
def test_names_stand_in_the_chart_as_written(name: str, case: str) -> None:
    said = re.sub(r"\s", "", spoken(DRAW[name](CASES[case]).svg("en")))
    for one in CASES[case].names:
        assert re.sub(r"\s", "", one) in said


@pytest.mark.parametrize("letter", ["\x00", "\x0b"])
def test_letters_that_xml_forbids_do_not_break_the_chart(letter: str) -> None:
    chart = draw_intervals(Case(names=(f"a{letter}b", "c", "d")))
    assert ElementTree.fromstring(chart.svg("en").encode()) is not None


def test_the_data_behind_are_those_drawn() -> None:
    case = Case()
    assert_frame_equal(draw_intervals(case).data, estimates(case))
    assert_frame_equal(draw_bars(case).data, estimates(case))
    assert_frame_equal(draw_lines(case).data, series(case).reset_index(drop=True))
    assert_frame_equal(draw_campaign_gap(case).data, gaps(case))
    assert draw_metric_differences(case).data["estimate"].tolist() == estimates(case)["estimate"].tolist()
    placebos = draw_placebos(case).data
    assert placebos["effect"].tolist() == pytest.approx([*np.expm1(np.linspace(-0.05, 0.05, 18)), 0.2])
    assert placebos["window"].iloc[-1] != placebos["window"].iloc[0], "the campaign is told from the windows"


def test_the_plain_averages_drawn_beside_the_curve_are_in_its_data() -> None:
    curve, naive = waves(Case())
    data = draw_hour_curve(Case()).data
    shown = {round(float(value), 9) for column in data.select_dtypes("number") for value in data[column].dropna()}
    assert {round(float(value), 9) for value in curve["effect"]} <= shown
    assert {round(float(value), 9) for value in naive.loc[naive["n"] >= 5, "effect"]} <= shown


def test_the_bundle_carries_the_data_as_values_under_named_columns() -> None:
    frame = series(Case(rows=1)).assign(kept=[True])
    carried = charts.lines(frame, x="day", y="value", words=Case().words()).to_json()
    assert [speak(read(column)) for column in carried["columns"]] == ["Day", "Name", "Value", "kept"]
    assert carried["rows"] == [["2026-03-01", "images", 1000.0, term("yes", "cell of a table").to_json()]]


def test_drawing_leaves_its_input_alone() -> None:
    frame = estimates(Case())
    before = frame.copy(deep=True)
    charts.intervals(frame, label="label", words=Case().words())
    charts.bars(frame, label="label", value="estimate", words=Case().words())
    charts.metric_differences(
        frame.assign(metric="opened", share=True, smallest_effect=0.01, margin=np.nan), words=Case().words()
    )
    assert_frame_equal(frame, before)


def test_each_estimate_is_written_beside_its_mark() -> None:
    said = spoken(draw_intervals(Case()).svg("en"))
    assert all(text in said for text in ("3.00%", "4.50%", "6.00%", "n=120", "all posts"))
    assert all(text in spoken(draw_bars(Case(sign=-1)).svg("en")) for text in ("−3.00%", "−4.50%", "−6.00%"))
    assert all(text in spoken(draw_metric_differences(Case()).svg("en")) for text in ("+3.00", "+4.50", "+6.00"))


def test_hidden_missing_and_tiny_rows_are_not_drawn() -> None:
    frame = estimates(Case()).assign(n=[120, 29, 9])
    tiny = charts.intervals(frame, label="label", words=Case().words())
    assert tiny.data["label"].tolist() == ["images", "short videos"], "below ten a cell is hidden"
    assert colours.SERIES[5] in tiny.svg("en"), "below thirty it is grey"
    hidden = charts.intervals(
        estimates(Case()).assign(hidden=[False, True, False]), label="label", words=Case().words()
    )
    assert hidden.data["label"].tolist() == ["images", "carousels"]
    frame.loc[0, "estimate"] = np.nan
    missing = charts.bars(frame, label="label", value="estimate", words=Case().words())
    assert missing.data["label"].tolist() == ["short videos", "carousels"], "missing is no bar of length zero"


@pytest.mark.parametrize("sign", [1, -1])
def test_bars_begin_at_zero(sign: int) -> None:
    ticks = dict(tick_labels(draw_bars(Case(sign=sign)).svg("en"), "xtick"))
    assert 0.0 in ticks
    assert min(ticks) <= 0 <= max(ticks)
    places = [place for _, place in sorted(ticks.items())]
    assert places == sorted(places), "larger numbers stand further right"


def small_lines(top: float) -> Chart:
    frame = pd.DataFrame({"day": pd.date_range("2026-03-01", periods=8), "value": np.linspace(0, top, 8)})
    return charts.lines(frame, x="day", y="value", words=Case().words("negative mentions"))


def small_curve() -> Chart:
    curve, naive = waves(Case())
    shrunk = curve.assign(effect=curve["effect"] / 5, ci_lower=curve["ci_lower"] / 10, ci_upper=curve["ci_upper"] / 10)
    return charts.hour_curve(shrunk, naive.assign(effect=0.01), words=Case().words("interactions"))


SCALES: dict[str, tuple[Callable[[], Chart], str]] = {
    "few mentions": (lambda: small_lines(5), "ytick"),
    "hardly any mention": (lambda: small_lines(2), "ytick"),
    "many mentions": (lambda: small_lines(12_345), "ytick"),
    "rates": (lambda: draw_intervals(Case()), "xtick"),
    "bars": (lambda: draw_bars(Case()), "xtick"),
    "a weak hour": (small_curve, "ytick"),
    "small placebos": (lambda: charts.placebos([-0.01, 0.004, 0.02], effect=0.015, words=Case().words("effect")), "xtick"),
    "small differences": (
        lambda: charts.metric_differences(differences(
            Case(), estimate=0.001, ci_lower=-0.004, ci_upper=0.006), words=Case().words()), "xtick",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCALES)
def test_the_numbers_on_an_axis_lie_where_they_say(name: str) -> None:
    draw, axis = SCALES[name]
    numbers, places = (np.array(column) for column in zip(*tick_labels(draw().svg("en"), axis), strict=True))
    assert len(numbers) >= 3
    slope, start = np.polyfit(places, numbers, 1)
    assert np.abs(slope * places + start - numbers).max() < 0.03 * np.ptp(numbers)


def line_frame(values: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"day": pd.date_range("2026-03-01", periods=len(values)), "value": values})


def test_missing_values_leave_gaps() -> None:
    values = [5.0, 6.0, 7.0, np.nan, 5.0, 6.0, 7.0]
    chart = charts.lines(line_frame(values), x="day", y="value", words=Case().words("mentions"))
    pieces = " ".join(strokes(chart.svg("en"), colours.SERIES[0]))
    assert pieces.count("M") == 2, "the line is not drawn through a day without data"


def test_a_line_is_cut_where_the_metric_changed() -> None:
    day = pd.Timestamp("2026-03-04")
    chart = charts.lines(
        line_frame([5.0, 6.0, 7.0, 8.0, 9.0]),
        x="day",
        y="value",
        breaks=[(day, "renamed")],
        words=Case().words("views"),
    )
    assert " ".join(strokes(chart.svg("en"), colours.SERIES[0])).count("M") == 2
    assert "renamed" in spoken(chart.svg("en"))


def test_a_lone_day_is_seen() -> None:
    chart = charts.lines(line_frame([5.0]), x="day", y="value", words=Case().words("mentions"))
    marks = [
        one
        for one in ElementTree.fromstring(chart.svg("en").encode()).iter(f"{SVG}use")
        if colours.SERIES[0] in one.get("style", "")
    ]
    assert marks or any("L" in outline for outline in strokes(chart.svg("en"), colours.SERIES[0]))


def test_no_window_is_stacked_out_of_the_picture() -> None:
    chart = charts.placebos([0.01] * 25, effect=0.2, words=Case().words("effect"))
    for narrow in (False, True):
        svg = chart.svg("en", narrow=narrow)
        _, tall = picture(svg)
        dots = [
            (float(one.get("cx", "")), float(one.get("cy", "")))
            for one in ElementTree.fromstring(svg.encode()).iter(f"{SVG}circle")
            if colours.SERIES[5] in one.get("style", "")
        ]
        assert len(set(dots)) == len(dots) == 26, "25 windows, each seen, and the key"
        assert all(4 <= y <= tall - 4 for _, y in dots)


def test_names_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    frame = pd.concat([line_frame([5.0, 6.0, 7.0 + place / 100]).assign(name=f"way {place}") for place in range(5)])
    chart = charts.lines(frame, x="day", y="value", series="name", words=Case().words("members"))
    tops = sorted(word.top for word in words(chart.svg("en")) if word.text.startswith("way "))
    assert len(tops) == 5
    assert np.diff(tops).min() > 7


def test_spans_mark_the_rows_that_hold_and_are_named_once() -> None:
    weeks = pd.DataFrame(
        {"week": pd.date_range("2026-03-02", periods=4, freq="7D"), "alarm": [False, True, False, True]}
    )
    first, second = charts.spans(weeks, start="week", days=7, where="alarm", note="alarm")
    assert first == (pd.Timestamp("2026-03-09"), pd.Timestamp("2026-03-16"), "alarm")
    assert second[:2] == (pd.Timestamp("2026-03-23"), pd.Timestamp("2026-03-30"))
    assert second[2] is None
    assert charts.spans(weeks.iloc[:1], start="week", days=7, where="alarm", note="alarm") == []


MARKET = Texts((("en", "Brazil and the neighbours"), ("zh-Hans", "巴西及邻近市场")))
two_languages = pytest.mark.skipif("zh-Hans" not in languages(), reason="there is no catalogue of zh-Hans")


def named(case: Case) -> pd.DataFrame:
    return estimates(case).assign(label=[MARKET, *case.names[1:]])


BOTH: dict[str, Callable[[], Chart]] = {
    "intervals": lambda: charts.intervals(named(Case()), label="label", words=Case().words()),
    "bars": lambda: charts.bars(named(Case()), label="label", value="estimate", words=Case().words()),
    "metric_differences": lambda: charts.metric_differences(
        differences(Case()).assign(label=[MARKET, *SHORT[1:]]), words=Case().words()
    ),
    "lines": lambda: charts.lines(
        series(Case()).replace({"name": {"images": MARKET}}), x="day", y="value", series="name", words=Case().words()
    ),
}


def shapes(svg: str) -> list[str]:
    """Return what marks of data are drawn, and in which colours, wherever they stand."""
    root = ElementTree.fromstring(svg.encode())
    styled = [element for element in root.iter() if element.tag in {f"{SVG}path", f"{SVG}use"} and element.get("style")]
    return [f"{element.tag} {element.get('style')}" for element in styled]


@two_languages
@pytest.mark.parametrize("name", BOTH)
def test_a_chart_holds_the_words_of_the_language_it_is_drawn_in_and_the_same_marks(name: str) -> None:
    english, chinese = BOTH[name]().svg("en"), BOTH[name]().svg("zh-Hans")
    assert "Braziland" in re.sub(r"\s", "", spoken(english)) and "巴西" not in spoken(english)
    assert "巴西及邻近市场" in re.sub(r"\s", "", spoken(chinese)) and "Brazil" not in spoken(chinese)
    assert shapes(english) == shapes(chinese)


def test_messages_of_the_same_words_are_one_line() -> None:
    days = pd.date_range("2026-03-01", periods=4)
    frame = pd.concat([
        pd.DataFrame({"day": days, "name": [say("change {change}", change=Signed(0.1))] * 4, "value": value})
        for value in (1.0, 2.0)
    ])  # fmt: skip
    svg = charts.lines(frame, x="day", y="value", series="name", words=Case().words()).svg("en")
    assert spoken(svg).replace("\n", " ").count("change") == 1
