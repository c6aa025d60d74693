"""Plays: ids that stay over runs, and what they carry to the index and to a decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from fanops_utils.playbook import Play
from fanops_utils.playbook.plays import play_id
from fanops_utils.playbook.tasks import to_do
from fanops_utils.text import Sentences, say, speak
from fanops_utils.workspace.registers.decision import Band, Baseline


def test_the_id_is_that_of_report_subject_and_finding_whatever_the_period() -> None:
    week = play_id("research/market_analysis", {"market": "BR", "start": date(2026, 10, 5)}, "tone")
    assert (
        week
        == play_id("research/market_analysis", {"market": "BR", "start": date(2026, 10, 12)}, "tone")
        == "market_analysis.BR.tone"
    )
    ids = {
        play_id("research/market_analysis", {"market": "US"}, "tone"),
        play_id("research/market_analysis", {}, "tone"),
        play_id("research/market_analysis", {"market": "BR"}, "tone", "second"),
        play_id("campaigns/campaign_retrospective", {"campaign": "spring", "market": "BR"}, "effect"),
        play_id("a/b", {"market": "x y/../z"}, "f"),
        week,
    }
    assert len(ids) == 6
    assert all(" " not in one and "/" not in one and ".." not in one for one in ids)


def test_a_reason_of_its_own_goes_before_the_title_it_answers() -> None:
    told: dict[str, Any] = {name: say("x") for name in ("action", "metric", "expected")}
    told |= {"owner": "market lead", "review": None, "because": "hours"}
    plays = (Play(**told), Play(**told, reason=say("own")))
    listed = to_do(plays, reasons={"hours": say("title")})
    assert listed is not None
    described = [row[1] for row in listed.rows if isinstance(row[1], Sentences)]
    assert [[word in speak(one) for word in ("title", "own")] for one in described] == [
        [True, False],
        [False, True],
    ]
    assert [bool(one.to_json()["reason"]) for one in plays] == [False, True]


def test_a_play_carries_what_a_decision_needs() -> None:
    play = Play(
        action=say("Test the hour"), metric=say("Interactions per reach"), expected=say("more"), owner="market lead",
        review=date(2026, 11, 30), because="hours", kind="test", metric_id="engagement_rate_reach",
        baseline=Baseline(value=0.06, low=0.05, high=0.07), band=Band(low=0.0, high=0.2), cost=120.0,
    )  # fmt: skip
    told = play.to_json()
    assert told["metric_id"] == "engagement_rate_reach" and told["kind"] == "test" and told["cost"] == 120.0
    assert Baseline.model_validate(told["baseline"]) == play.baseline and Band.model_validate(told["band"]) == play.band
