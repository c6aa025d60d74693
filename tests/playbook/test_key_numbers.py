"""Key numbers: at most six, none twice, carried as JSON, never louder than their judgment."""

from __future__ import annotations

import json
import math
from datetime import date

import pytest
from bs4 import BeautifulSoup

from fanops_utils.playbook import Comparison, Finding, KeyNumber, KeyNumbers, Result, TrustPanel
from fanops_utils.playbook.key_numbers import Against, Judgment
from fanops_utils.text import Count, Percent, Sentences, Signed, read, say, speak, term


def number(name: str = "reach", **options: object) -> KeyNumber:
    given = {"label": term("Reach", "key number"), "value": Count(12_346), **options}
    return KeyNumber(id=name, **given)  # type: ignore[arg-type]


def test_a_strip_leaves_out_what_is_not_known_and_refuses_too_many_and_twice() -> None:
    assert [one.id for one in KeyNumbers.of(number("a"), None, [number("b"), number("c")]).numbers] == ["a", "b", "c"]
    with pytest.raises(ValueError, match="at most 6"):
        KeyNumbers.of(*(number(str(place)) for place in range(7)))
    with pytest.raises(ValueError, match="twice"):
        KeyNumbers.of(number(), number())


@pytest.mark.parametrize("against", ["before", "year"])
@pytest.mark.parametrize("judgment", ["up", "down", "unclear", "little_history", "unjudged"])
def test_every_comparison_says_its_change_in_both_languages(against: Against, judgment: Judgment) -> None:
    told = Comparison(against=against, change=0.07, swing=0.17, judgment=judgment)
    for language in ("en", "zh-Hans"):
        assert "+7%" in speak(told.said(), language)
    kept = told.to_json()
    assert (kept["against"], kept["judgment"], kept["change"], kept["swing"]) == (against, judgment, 0.07, 0.17)
    assert read(kept["said"]) == told.said()


def test_what_is_not_told_apart_reads_otherwise_than_what_is() -> None:
    said = {
        one: Comparison(against="before", change=0.07, swing=0.17, judgment=one).said().text
        for one in ("up", "unclear")
    }
    assert said["up"] != said["unclear"]
    assert (
        speak(Comparison(against="before", change=0.07, swing=0.17, judgment="unclear").said(), "en").count("17%") == 1
    )


@pytest.mark.parametrize(("change", "swing"), [(0.3, 0.21), (-0.3, 0.21), (1.6, 1.2)])
def test_a_change_beyond_the_usual_swing_is_not_called_usual(change: float, swing: float) -> None:
    within, beyond = (
        Comparison(against="before", change=moved, swing=swing, judgment="unclear").said()
        for moved in (change / 3, change)
    )
    assert within.text != beyond.text
    assert dict(beyond.values) == {"change": Signed(change, 0), "swing": Percent(swing, 0)}


def test_a_result_carries_its_figures_its_title_and_the_chart_beside_them() -> None:
    answer = Finding(id="growth", title=say("It grows"), text=say("By {change}", change=Percent(0.04)))
    moved = Comparison(against="before", change=0.1, judgment="unjudged")
    strip = KeyNumbers.of(number(note=say("in 28 days"), comparisons=(moved,), past=(1.0, math.nan, 3.0)))
    verdict = Sentences.of(say("It grows."), say("It cost nothing."))
    result = Result.conclude((verdict, "good"), answers=[answer], plays=(), trust=TrustPanel.of(), facts=(), as_of=date(2026, 1, 1),
                             key_numbers=strip, chart=answer)  # fmt: skip
    kept = result.to_json()
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    assert (read(kept["headline"]), read(kept["reading"])) == (say("It grows."), Sentences.of(say("It cost nothing.")))
    assert kept["chart"] == "growth"
    (tile,) = kept["key_numbers"]
    assert (tile["id"], read(tile["value"]), tile["past"], tile["target"]) == (
        "reach",
        Count(12_346),
        [1.0, None, 3.0],
        None,
    )
    assert [(one["against"], one["swing"]) for one in tile["comparisons"]] == [("before", None)]
    shown = BeautifulSoup(strip.html("en"), "html.parser")
    assert [one.get_text() for one in shown.select("dt, .figure")] == ["Reach", "12,346"]


def test_a_verdict_of_one_sentence_is_all_title() -> None:
    result = Result(verdict=say("It grows."))
    assert (result.headline, result.reading) == (say("It grows."), None)
    assert result.to_json()["key_numbers"] == []
