"""The trust panel and everything a report shows as HTML: worst first, folded, escaped, carried as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from fanops_utils.playbook import Check, Finding, Play, PlayList, Result, TrustPanel

HOSTILE = """<script>alert("1")</script><img src=x onerror='alert(2)'> & </section>"""
GOOD, DOUBTFUL, BAD = (
    Check("a", "PASS", "fine"),
    Check("b", "REVIEW", "odd", "look"),
    Check("c", "FAIL", "wrong", "stop"),
)
PLAY = Play("Test the hour", "Interactions per reach", "up to +20.0%", "market lead", date(2026, 11, 28), "hours")


def finding(name: str = "growth", **options: Any) -> Finding:
    return Finding(name, "It grows", "By 4 %", **options)


def conclude(*findings: Finding, **options: Any) -> Result:
    given = {"plays": (), "trust": TrustPanel.of(GOOD), "facts": {"Market": "United States"}, **options}
    return Result.conclude(("It grows.", "good"), findings=findings, **given)


def page(shown: Any) -> BeautifulSoup:
    return BeautifulSoup(shown._repr_html_(), "html.parser")


def test_the_worst_check_comes_first_and_the_order_is_otherwise_kept() -> None:
    second = Check("d", "FAIL", "wrong too")
    panel = TrustPanel.of(GOOD, [DOUBTFUL, BAD], None, second)
    assert panel.checks == (BAD, second, DOUBTFUL, GOOD)
    assert panel.status == "FAIL"
    assert TrustPanel.of(GOOD, DOUBTFUL).status == "REVIEW"
    assert TrustPanel.of(GOOD).status == "PASS"
    assert TrustPanel.of([], None).checks == ()


def test_checks_that_passed_are_folded_and_the_others_are_not() -> None:
    shown = page(TrustPanel.of(GOOD, BAD, GOOD))
    folded = shown.details.extract()
    assert "2" in folded.summary.get_text()
    assert len(folded.find_all("li")) == 2
    assert [item.b.get_text() for item in shown.find_all("li")] == ["c"]
    assert "stop" in shown.get_text()
    assert page(TrustPanel.of(BAD)).details is None
    assert [item.b.get_text() for item in page(TrustPanel.of(GOOD)).details.find_all("li")] == ["a"]


HOSTILE_THINGS = {
    "check": TrustPanel.of(Check(HOSTILE, "FAIL", HOSTILE, HOSTILE), Check(HOSTILE, "PASS", HOSTILE, HOSTILE)),
    "finding": Finding("id", HOSTILE, HOSTILE, method=HOSTILE),
    "verdict": Result(HOSTILE),
    "plays": PlayList((Play(HOSTILE, HOSTILE, HOSTILE, HOSTILE, date(2026, 11, 28), HOSTILE),)),
}


@pytest.mark.parametrize(("name", "times"), [("check", 6), ("finding", 3), ("verdict", 1), ("plays", 5)])
def test_hostile_text_stays_text(name: str, times: int) -> None:
    shown = page(HOSTILE_THINGS[name])
    assert shown.find(["script", "img"]) is None
    assert shown.get_text().count(HOSTILE) == times
    assert not [tag for tag in shown.find_all() for value in tag.attrs.values() if "alert" in str(value)]


def test_a_result_is_json_with_the_keys_that_others_read() -> None:
    one = finding(estimate=0.04, ci_lower=0.03, ci_upper=0.05, n=363)
    kept = conclude(one, plays=(PLAY,), market="US", as_of=date(2026, 10, 31)).to_dict()
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    assert set(kept) == {
        "schema_version", "status", "verdict", "severity", "market", "data_as_of", "facts", "trust", "checks", "findings",
        "plays", "metrics",
    }  # fmt: skip
    assert (kept["status"], kept["verdict"], kept["severity"], kept["trust"]) == ("ok", "It grows.", "good", "PASS")
    assert (kept["market"], kept["data_as_of"], kept["metrics"]) == ("US", "2026-10-31", {"growth": 0.04})
    assert kept["checks"] == [{"name": "a", "status": "PASS", "finding": "fine", "action": ""}]
    assert kept["findings"] == [asdict(one)]
    assert kept["plays"][0]["review"] == "2026-11-28"


def test_a_result_without_anything_is_json_too() -> None:
    kept = Result("There is no data.").to_dict()
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    assert (kept["market"], kept["data_as_of"], kept["findings"], kept["metrics"]) == (None, None, [], {})


def test_numbers_that_are_not_known_are_null_in_json() -> None:
    nan = float("nan")
    kept = conclude(finding(estimate=0.04, ci_lower=nan, ci_upper=nan), finding("tone", estimate=nan)).to_dict()
    text = json.dumps(kept, allow_nan=False)
    assert json.loads(text)["findings"][0]["ci_lower"] is None
    assert kept["metrics"].get("tone") is None


def test_findings_are_listed_worst_first() -> None:
    findings = [finding(name, severity=name) for name in ("info", "good", "alert", "watch")]
    assert [one["id"] for one in conclude(*findings).to_dict()["findings"]] == ["alert", "watch", "good", "info"]


def test_without_a_finding_that_has_data_the_result_says_no_data() -> None:
    nothing = Finding.nothing("growth", "no daily counts")
    assert nothing.status == "no_data"
    assert "no daily counts" in nothing.title
    assert conclude(nothing, Finding.nothing("tone", "no mentions")).status == "no_data"
    assert conclude().status == "no_data"
    assert conclude(nothing, finding()).status == "ok"
    assert conclude(nothing).to_dict()["metrics"] == {}


def test_facts_without_a_value_are_left_out() -> None:
    kept = conclude(finding(), facts={"Market": "United States", "Data as of": "", "Period": "2026"}).to_dict()
    assert list(kept["facts"].items()) == [("Market", "United States"), ("Period", "2026")]


@pytest.mark.parametrize("shown", [TrustPanel.of(GOOD), finding(), conclude(finding())])
def test_what_is_shown_is_carried_as_text_and_json_too(shown: Any) -> None:
    bundle = shown._repr_mimebundle_()
    assert bundle["text/html"] == shown._repr_html_()
    assert bundle["text/plain"]
    (own,) = [name for name in bundle if name.startswith("application/vnd.fanops.")]
    json.dumps(bundle[own], allow_nan=False)


def test_no_play_is_said_rather_than_an_empty_table() -> None:
    assert page(PlayList(())).table is None
    assert page(PlayList(())).get_text().strip()
    cells = [cell.get_text() for cell in page(PlayList((PLAY,))).tbody.find_all("td")]
    assert cells == ["Test the hour", "Interactions per reach", "up to +20.0%", "market lead", "2026-11-28", "hours"]
