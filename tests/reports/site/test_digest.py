"""The digest as text: what failed, what needs a decision, worst first, never too long."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from reports.site.test_pages import finding, job, play, sample_manifest

from fanops_utils.errors import ParameterError
from fanops_utils.reports.page.chrome import spoken
from fanops_utils.reports.site.digest import digest, lines_of
from fanops_utils.reports.site.digest_text import TEXT_LINES, as_text
from fanops_utils.reports.site.entries import entries
from fanops_utils.reports.site.panels import opening, standing_items
from fanops_utils.text import Day, Written, say


def test_failures_then_decisions_worst_first_with_their_plays() -> None:
    lines = as_text(sample_manifest()).splitlines()
    assert lines[:2] == [
        "Leaf & Kettle · weekly · 22 November 2026",
        "Reports: 4 succeeded, 1 failed, 1 no data, 1 timed out",
    ]
    assert lines[3:6] == [
        "Did not finish",
        "✕ failed: JP · Market analysis: The file followers.csv has no column 'date'.",
        "✕ timed out: BR · Spring blend: The report took longer than allowed and was stopped.",
    ]
    assert lines[7] == "What needs a decision"
    assert lines[9:] == [
        "A check failed: nothing can be read from these (1)",
        "▲ BR · Brazil lost 1,240 followers in one week",
        "  → Answer the price comments (Content lead, review on 14 December 2026)",
        "",
        "Alerts (1)",
        "▲ Weekend replies take 19 hours",
        "",
        "Chances (2)",
        "● US · The US grew 3.1 % a month",
        "  → Keep three reels a week (Content lead, review on 14 December 2026)",
        "● BR · Reels reach 2.1 times as many non-followers in Brazil (checks: FAIL)",
        "  → Publish two reels a week (Content lead, review on 14 December 2026)",
    ]


def heads(*jobs: dict[str, Any], **more: Any) -> list[tuple[str, str, list[str]]]:
    """Return the digest of *jobs*: kind, first words, where."""
    manifest = {**sample_manifest(), "jobs": list(jobs), **more}
    found = digest(entries(manifest), standing_items(manifest))
    return [
        (one["kind"], spoken(lines_of(one)[0], "en"), [spoken(chip["label"], "en") for chip in one["chips"]])
        for one in found
    ]


def test_what_cannot_wait_comes_first() -> None:
    crisis = {**finding("burning", "It burns", "alert"), "code": "crisis_now"}
    check = {"code": "age", "status": "FAIL", "name": say("Age").to_json(), "finding": say("40 days old").to_json()}
    jobs = [
        job("Good", "US", findings=[finding("g", "It grows", "good")], plays=[play("Go on", "g")]),
        job("Bad", "US", findings=[finding("b", "It shrinks", "alert")], plays=[play("Ask why", "b")]),
        job("Old", "US", checks=[check], trust="FAIL"),
        job("Crisis", "US", findings=[crisis], plays=[play("Answer", "burning")], trust="FAIL"),
        job("Odd", "US", findings=[finding("w", "It wavers", "watch")], plays=[play("Look", "w")]),
    ]
    targets = [{"id": "t", "name": say("Reach").to_json(), "unit": "share", "low": 0.2, "estimate": 0.1, "ci_lower": 0.08,
                "ci_upper": 0.12, "judged": "not_met"}]  # fmt: skip
    decisions = [{"id": "d", "action": say("No fee").to_json(), "standing": "overdue", "review": "2026-11-01"}]
    found = heads(*jobs, targets=targets, decisions=decisions)
    assert [kind for kind, _, _ in found] == [
        "crisis",
        "failed_check",
        "target",
        "decision",
        "alert",
        "watch",
        "chance",
    ]
    assert [title for _, title, _ in found][1:4] == [
        "Age: 40 days old", "Reach: 10.0%; asked was 20.0% or more", "Review is overdue: “No fee”",
    ]  # fmt: skip


def test_the_same_play_in_several_markets_is_one_line_naming_them() -> None:
    jobs = [
        job(
            "Fans",
            code,
            findings=[finding("stay", f"{code}: few stay", level)],
            plays=[play("Greet newcomers", "stay")],
        )
        for code, level in (("US", "watch"), ("MX", "watch"), ("DE", "watch"))
    ]
    assert heads(*jobs) == [("watch", "Greet newcomers", ["US", "MX", "DE"])]
    (line, under) = as_text({**sample_manifest(), "jobs": jobs}).splitlines()[-2:]
    assert line == "◆ US, MX, DE · Greet newcomers" and under.startswith("  → US: US: few stay")
    other = job("Fans", "FR", findings=[finding("stay", "few stay", "watch")], plays=[play("Greet no one", "stay")])
    assert len(heads(*jobs, other)) == 2, "other words are another play"


def test_one_fact_is_one_entry() -> None:
    found = [
        finding("soundness", "The experiment is invalid", "alert"),
        finding("verdict", "Verdict: invalid", "alert"),
    ]
    broken = job("Read-out", None, findings=found, plays=[play("Find the fault", "soundness")], trust="FAIL")
    assert heads(broken) == [("failed_check", "The experiment is invalid", [])]
    assert heads({**broken, "plays": []}) == [("failed_check", "The experiment is invalid", [])]
    assert [title for _, title, _ in heads({**broken, "plays": [play("A", "soundness"), play("B", "verdict")]})] == [
        "The experiment is invalid", "Verdict: invalid",
    ], "what asks for two things is two entries"  # fmt: skip


def test_new_findings_come_first_and_say_so() -> None:
    known = job("A", "US", findings=[finding("old", "Known", "alert")])
    fresh = job("B", "DE", findings=[finding("fresh", "Fresh", "alert")], changes=[{"kind": "new", "id": "fresh"}])
    lines = as_text({**sample_manifest(), "jobs": [known, fresh]}).splitlines()
    assert lines[-3:] == ["Alerts (2)", "▲ DE · Fresh (new)", "▲ US · Known"]


def test_a_long_digest_is_cut_and_says_how_much_is_left() -> None:
    found = [finding(f"f{number}", f"Alert {number}", "alert") for number in range(40)]
    plays = [play(f"Do {number}", f"f{number}") for number in range(40)]
    lines = as_text({**sample_manifest(), "jobs": [job("A", "US", findings=found, plays=plays)]}).splitlines()
    shown = sum(line.startswith("▲") for line in lines)
    assert len(lines) <= TEXT_LINES and shown > 20
    assert lines[-2:] == ["", f"{40 - shown} more in the index"]
    assert lines[-3].startswith("  →"), "no entry is cut in two"


def test_a_quiet_run_says_that_nothing_is_to_be_decided() -> None:
    text = as_text({**sample_manifest(), "jobs": [job("A", "US")]})
    assert text.endswith("Nothing: no report raised an alert, a watch or a play.")
    assert as_text({}).splitlines()[-1].startswith("Nothing")


def test_words_of_the_digest_follow_the_language() -> None:
    lines = as_text(sample_manifest(), language="zh-Hans").splitlines()
    assert lines[lines.index("▲ Weekend replies take 19 hours") - 1].endswith("（1）")
    with pytest.raises(ParameterError):
        as_text(sample_manifest(), language="fr")


@pytest.mark.parametrize(("ruling", "ended"), [("kept", "kept"), ("stop", "stopped"), ("cannot_tell", None)])
def test_the_outcome_of_a_decision_is_not_filled_in_where_nothing_measures_it(ruling: str, ended: str | None) -> None:
    review = {"id": "d", "action": say("No fee").to_json(), "standing": "due", "review": "2026-11-30", "ruling": ruling}
    (item,) = standing_items({"decisions": [review]})
    assert dict(item["title"].values)["day"] == Day.of(date(2026, 11, 30))
    command = dict(item["texts"][-1].values)["command"]
    assert command == Written(f"fanops decide d --ended {ended or 'OUTCOME'}", "en")


def test_what_two_reports_say_in_the_same_words_is_one_fact() -> None:
    told = {"findings": [finding("f", "Four gaps", "watch")], "plays": [play("Name a person", "f")]}
    found = heads(job("Launch", "BR", **told), job("Team", None, **told), job("Crisis plan", "DE", **told))
    assert found == [("watch", "Four gaps", ["BR", "DE"])]


@pytest.mark.parametrize(
    ("kind", "shown"), [("change", "watch"), ("stop", "watch"), ("keep", "chance"), (None, "chance")]
)
def test_what_is_to_be_changed_is_no_chance_however_well_it_reads(kind: str | None, shown: str) -> None:
    worked = job(
        "Spring", "BR", findings=[finding("e", "It worked", "good")], plays=[play("Do it", "e") | {"kind": kind}]
    )
    assert [one for one, _, _ in heads(worked)] == [shown]


def test_the_index_counts_what_waits_apart_from_what_is_watched() -> None:
    told = opening(2, 9, 0, watch=5)
    assert str(told) == "2 things to decide, 5 to watch; all 9 reports are in"
    assert str(opening(0, 9, 0)) == "Nothing to decide; all 9 reports are in"
