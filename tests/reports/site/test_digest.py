"""The digest as text: what failed, what needs a decision, worst first, never too long."""

from __future__ import annotations

import pytest
from reports.site.test_pages import finding, job, play, sample_manifest

from fanops_utils.errors import ParameterError
from fanops_utils.reports.site.digest import TEXT_LINES, as_text


def test_failures_then_decisions_worst_first_with_their_plays() -> None:
    lines = as_text(sample_manifest()).splitlines()
    assert lines[:2] == [
        "Leaf & Kettle · weekly · 2026-11-22T0600-weekly",
        "Reports: 4 succeeded, 1 failed, 1 no data, 1 timed out",
    ]
    assert lines[3:6] == [
        "Did not finish",
        "✕ failed: JP · Market analysis: The file followers.csv has no column 'date'.",
        "✕ timed out: BR · Spring blend: The report took longer than allowed and was stopped.",
    ]
    assert lines[7:] == [
        "What needs a decision",
        "▲ alert: BR · Brazil lost 1,240 followers in one week [Checks: FAIL]",
        "  → Answer the price comments (Content lead, 2026-12-14)",
        "▲ alert: Weekend replies take 19 hours",
        "◆ watch: BR · Price is named in 31 % of comments [Checks: FAIL]",
        "● good: US · Keep three reels a week",
        "● good: BR · Publish two reels a week [Checks: FAIL]",
    ]


def test_new_findings_come_first_and_say_so() -> None:
    known = job("A", "US", findings=[finding("old", "Known", "alert")])
    fresh = job("B", "DE", findings=[finding("fresh", "Fresh", "alert")], changes=[{"kind": "new", "id": "fresh"}])
    lines = as_text({**sample_manifest(), "jobs": [known, fresh]}).splitlines()
    assert lines[-2:] == ["▲ alert (new): DE · Fresh", "▲ alert: US · Known"]


def test_a_long_digest_is_cut_and_says_how_much_is_left() -> None:
    found = [finding(f"f{number}", f"Alert {number}", "alert") for number in range(40)]
    plays = [play(f"Do {number}", f"f{number}") for number in range(40)]
    lines = as_text({**sample_manifest(), "jobs": [job("A", "US", findings=found, plays=plays)]}).splitlines()
    assert len(lines) == TEXT_LINES
    assert lines[-1] == f"{2 + 2 + 80 - (TEXT_LINES - 1)} more"


def test_a_quiet_run_says_that_nothing_is_to_be_decided() -> None:
    text = as_text({**sample_manifest(), "jobs": [job("A", "US")]})
    assert text.endswith("Nothing: no report raised an alert, a watch or a play.")
    assert as_text({}).splitlines()[-1].startswith("Nothing")


def test_words_of_the_digest_follow_the_language() -> None:
    assert "▲ 预警: BR · Brazil lost 1,240 followers in one week [核查: 不通过]" in as_text(
        sample_manifest(), language="zh-Hans"
    )
    with pytest.raises(ParameterError):
        as_text(sample_manifest(), language="fr")
