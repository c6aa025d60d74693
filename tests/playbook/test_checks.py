"""The trust panel and everything a report shows as HTML: worst first, folded, escaped, carried as JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from fanops_utils.playbook import Check, Finding, Play, PlayList, Result, TrustPanel, facts
from fanops_utils.playbook.checks import Status
from fanops_utils.text import Percent, Signed, Unit, Written, read, say, term

HOSTILE = """<script>alert("1")</script><img src=x onerror='alert(2)'> & </section>"""


def check(name: str, status: Status, seen: str, action: str = "") -> Check:
    return Check(
        code=name, name=Written(name), status=status, finding=Written(seen), action=Written(action) if action else None
    )


GOOD, DOUBTFUL, BAD = (
    check("a", "PASS", "fine"),
    check("b", "REVIEW", "odd", "look"),
    check("c", "FAIL", "wrong", "stop"),
)
PLAY = Play(
    action=say("Test the hour"), metric=say("Interactions per reach"), expected=say("up to {change}", change=Signed(0.2)),
    owner="market lead", review=date(2026, 11, 28), because="hours",
)  # fmt: skip


def finding(name: str = "growth", **options: Any) -> Finding:
    return Finding(id=name, title=say("It grows"), text=say("By {change}", change=Percent(0.04)), **options)


def conclude(*findings: Finding, **options: Any) -> Result:
    given = {"plays": (), "trust": TrustPanel.of(GOOD), "facts": facts(market="United States"), **options}
    return Result.conclude((say("It grows."), "good"), answers=findings, **given)


def page(shown: Any) -> BeautifulSoup:
    return BeautifulSoup(shown._repr_mimebundle_()["text/html"], "html.parser")


def names(items: Any) -> list[str]:
    """Return the names of the checks in list *items*: what stands before the colon, after icon and status."""
    return [item.get_text().partition(":")[0].split()[-1] for item in items]


def test_the_worst_check_comes_first_and_the_order_is_otherwise_kept() -> None:
    second = check("d", "FAIL", "wrong too")
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
    assert names(shown.find_all("li")) == ["c"]
    assert "stop" in shown.get_text()
    assert page(TrustPanel.of(BAD)).details is None
    assert names(page(TrustPanel.of(GOOD)).details.find_all("li")) == ["a"]


WRITTEN = Written(HOSTILE)
HOSTILE_THINGS = {
    "check": TrustPanel.of(check(HOSTILE, "FAIL", HOSTILE, HOSTILE), check(HOSTILE, "PASS", HOSTILE, HOSTILE)),
    "finding": Finding(id="id", title=WRITTEN, text=WRITTEN, method=WRITTEN),
    "verdict": Result(WRITTEN),
    "plays": PlayList(
        (
            Play(
                action=WRITTEN,
                metric=WRITTEN,
                expected=WRITTEN,
                owner=HOSTILE,
                review=date(2026, 11, 28),
                because=HOSTILE,
            ),
        )
    ),
}


@pytest.mark.parametrize(("name", "times"), [("check", 6), ("finding", 3), ("verdict", 1), ("plays", 4)])
def test_hostile_text_stays_text(name: str, times: int) -> None:
    shown = page(HOSTILE_THINGS[name])
    assert shown.find(["script", "img"]) is None
    assert shown.get_text().count(HOSTILE) == times
    assert not [tag for tag in shown.find_all() for value in tag.attrs.values() if "alert(" in str(value)]


def test_a_result_is_json_with_the_keys_that_others_read() -> None:
    unit = Unit("change", term("per 28 days", "unit"))
    one = finding(estimate=0.04, ci_lower=0.03, ci_upper=0.05, n=363, unit=unit, code="grows")
    kept = conclude(one, plays=(PLAY,), market="US", as_of=date(2026, 10, 31)).to_json()
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    assert set(kept) == {
        "schema_version", "status", "verdict", "severity", "market", "data_as_of", "facts", "trust", "checks", "findings",
        "plays", "metrics", "holds_until", "handouts", "looks", "headline", "reading", "key_numbers", "chart",
        "targets",
    }  # fmt: skip
    assert (kept["status"], kept["severity"], kept["trust"], kept["schema_version"]) == ("ok", "good", "PASS", 3)
    assert read(kept["verdict"]) == say("It grows.")
    assert (kept["market"], kept["data_as_of"], kept["metrics"]) == ("US", "2026-10-31", {"growth": 0.04})
    (told,) = kept["checks"]
    assert (told["code"], told["status"], told["action"]) == ("a", "PASS", None)
    assert (read(told["name"]), read(told["finding"])) == (Written("a"), Written("fine"))
    assert kept["findings"] == [one.to_json()]
    (told,) = kept["findings"]
    assert (told["id"], told["code"], told["severity"], told["status"]) == ("growth", "grows", "info", "ok")
    assert [told[name] for name in ("estimate", "ci_lower", "ci_upper", "n", "method")] == [0.04, 0.03, 0.05, 363, None]
    assert (read(told["title"]), read(told["text"]), read(told["unit"])) == (one.title, one.text, unit)
    (told,) = kept["plays"]
    assert (told["review"], told["because"]) == ("2026-11-28", "hours")
    assert [read(told[name]) for name in ("action", "metric", "expected")] == [PLAY.action, PLAY.metric, PLAY.expected]
    assert read(told["owner"]) == term("market lead", "role")


def test_a_result_without_anything_is_json_too() -> None:
    kept = Result(say("There is no data.")).to_json()
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    assert (kept["market"], kept["data_as_of"], kept["findings"], kept["metrics"]) == (None, None, [], {})


def test_numbers_that_are_not_known_are_null_in_json() -> None:
    nan = float("nan")
    kept = conclude(finding(estimate=0.04, ci_lower=nan, ci_upper=nan), finding("tone", estimate=nan)).to_json()
    text = json.dumps(kept, allow_nan=False)
    assert json.loads(text)["findings"][0]["ci_lower"] is None
    assert kept["metrics"].get("tone") is None


def test_findings_are_listed_worst_first() -> None:
    findings = [finding(name, severity=name) for name in ("info", "good", "alert", "watch")]
    assert [one["id"] for one in conclude(*findings).to_json()["findings"]] == ["alert", "watch", "good", "info"]


def test_without_a_finding_that_has_data_the_result_says_no_data() -> None:
    nothing = Finding.nothing("growth", say("no daily counts"))
    assert nothing.status == "no_data"
    assert "no daily counts" in str(nothing.title)
    assert conclude(nothing, Finding.nothing("tone", say("no mentions"))).status == "no_data"
    assert conclude().status == "no_data"
    assert conclude(nothing, finding()).status == "ok"
    assert conclude(nothing).to_json()["metrics"] == {}


def test_facts_without_a_value_are_left_out() -> None:
    told = facts(period="2026", data_as_of="", owner=None, market="United States")
    kept = conclude(finding(), facts=told).to_json()
    assert [(str(read(label)), str(read(value))) for label, value in kept["facts"]] == [
        ("Market", "United States"), ("Period", "2026"),
    ]  # fmt: skip
    with pytest.raises(TypeError, match="no fact is called mood"):
        facts(mood="good")


@pytest.mark.parametrize("shown", [TrustPanel.of(GOOD), finding(), conclude(finding())])
def test_what_is_shown_is_carried_as_text_and_json_too(shown: Any) -> None:
    bundle = shown._repr_mimebundle_()
    assert str(shown.html("en")) in bundle["text/html"]
    assert bundle["text/plain"]
    (own,) = [name for name in bundle if name.startswith("application/vnd.fanops.")]
    json.dumps(bundle[own], allow_nan=False)


def test_no_play_is_said_rather_than_an_empty_table() -> None:
    assert page(PlayList(())).table is None
    assert page(PlayList(())).get_text().strip()
    cells = [cell.get_text() for cell in page(PlayList((PLAY,))).tbody.find_all("td")]
    assert cells == ["Test the hour", "Interactions per reach", "up to +20.0%", "market lead", "2026-11-28"]
