"""Where the answers of a notebook stand: by weight, by data, and what the result names comes first."""

from __future__ import annotations

from typing import Any

from fanops_utils.reports.page.layout import MOST_BESIDE, answers, laid_out
from fanops_utils.reports.page.outline import Section
from fanops_utils.reports.page.outputs import Block


def finding(name: str, severity: str = "good", **options: Any) -> Block:
    return Block(
        "finding", {"id": name, "severity": severity, "status": "ok", "weight": "chapter", "text": name, **options}
    )


def code(*, quiet: bool, number: int = 1) -> Block:
    return Block("code", {"source": "x", "number": number, "quiet": quiet})


CHART, TABLE = Block("chart", {"image": "<svg/>"}), Block("table", {"rows": []})


def test_each_finding_takes_its_own_chart_and_the_code_that_led_to_it() -> None:
    first, second = code(quiet=False, number=2), code(quiet=False, number=4)
    before, between = code(quiet=True, number=1), code(quiet=True, number=3)
    section = Section("Q", "q", "", [before, finding("a"), CHART, first, between, finding("b"), TABLE, second])
    one, two = answers(section)
    assert [(part.finding or {})["id"] for part in (one, two)] == ["a", "b"]
    assert [block.value["number"] for block in one.code] == [1, 2]
    assert [block.value["number"] for block in two.code] == [3, 4]
    assert (one.drawn, two.drawn) == ([CHART], [TABLE])
    assert one.slug != two.slug


def test_answers_stand_by_weight_and_those_without_data_apart() -> None:
    sections = [
        Section("", "", "intro"), Section("A", "a", "", [finding("light", "info", weight="row")]),
        Section("B", "b", "", [finding("good")]), Section("C", "c", "", [finding("grave", "alert")]),
        Section("D", "d", "", [finding("none", status="no_data"), CHART]), Section("E", "e", "", [TABLE]),
    ]  # fmt: skip
    layout = laid_out(sections, {"findings": []})
    assert [(one.finding or {})["id"] for one in layout.chapters] == ["grave", "good"]
    assert [(one.finding or {})["id"] for one in layout.rows] == ["light"]
    assert [(one.finding or {})["id"] for one in layout.unshown] == ["none"]
    assert [one.question for one in layout.others] == ["E"]
    assert layout.chart == [], "the chart of an answer without data is never shown"


def test_a_long_list_of_targets_stays_in_its_chapter() -> None:
    for rows, beside in ((MOST_BESIDE, 1), (MOST_BESIDE + 1, 0)):
        sections = [Section("A", "a", "", [finding("asked"), Block("table", {"rows": [[]] * rows})])]
        assert len(laid_out(sections, {"targets": "asked"}).targets) == beside


def test_the_named_chart_and_targets_move_beside_the_verdict() -> None:
    other = Block("chart", {"image": "other"})
    sections = [
        Section("A", "a", "", [finding("grave", "alert"), other]), Section("B", "b", "", [finding("lead"), CHART, other]),
        Section("C", "c", "", [finding("asked", "info", weight="row"), TABLE]),
    ]  # fmt: skip
    layout = laid_out(sections, {"chart": "lead", "targets": "asked"})
    assert (layout.chart, layout.targets) == ([CHART], [TABLE])
    assert [(one.finding or {})["id"] for one in layout.chapters] == ["lead", "grave"]
    assert layout.chapters[0].drawn == [other]


def test_an_answer_that_the_first_screen_holds_whole_is_no_chapter() -> None:
    sections = [Section("A", "a", "", [finding("lead"), CHART]), Section("B", "b", "", [finding("next")])]
    layout = laid_out(sections, {"chart": "lead", "reading": {"sentences": [["lead", "more"]]}})
    assert layout.lead is not None
    assert [(one.finding or {})["id"] for one in layout.chapters] == ["next"]


def test_a_section_whose_reading_stands_above_is_silent_unless_it_adds_words() -> None:
    note = Block("text", "more")
    sections = [
        Section("A", "a", "", [finding("lead"), CHART, TABLE]),
        Section("B", "b", "", [finding("next"), note, CHART]),
    ]
    above = {"sentences": [["lead", "next"]]}
    layout = laid_out(sections, {"chart": "lead", "reading": above})
    assert [(one.told, one.silent) for one in layout.chapters] == [(True, True), (True, False)]
    unsaid = laid_out([Section("A", "a", "", [finding("lead"), CHART, TABLE])], {"chart": "lead"})
    assert [one.silent for one in unsaid.chapters] == [False]


def test_an_answer_keeps_its_title_unless_the_page_is_titled_by_it() -> None:
    told = {"say": "It grew by {x}", "x": 4}
    first, second = finding("a", title=told), finding("b", title={"say": "It fell"})
    sections = [Section("A", "a", "", [first, CHART]), Section("B", "b", "", [second, TABLE])]
    layout = laid_out(sections, {"chart": "b", "headline": {"say": "{sentence}.", "values": {"sentence": told}}})
    assert {(one.finding or {})["id"]: one.titled for one in layout.chapters} == {"a": True, "b": False}


def test_without_a_result_checks_come_first_and_nothing_is_folded_away() -> None:
    sections = [Section("", "", "intro", [TABLE]), Section("", "checks", "trust", [Block("checks", {})]),
                Section("A", "a", "", [finding("one"), CHART])]  # fmt: skip
    layout = laid_out(sections, None)
    assert [one.kind for one in layout.trust] == ["trust"]
    assert [one.kind for one in layout.others] == ["intro"]
    assert (layout.about, layout.chart) == ([], [])
