"""What the plan of a campaign says: can it be judged, by whom, at what size, for how much."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from fanops_utils import metrics
from fanops_utils.playbook.readings import planning
from fanops_utils.workspace import Campaign

BRIEF: dict[str, Any] = {
    "id": "spring", "name": "Spring", "objective": "More talk", "owner": "Lead", "platform": "instagram",
    "metric": "engagements", "treated": ["BR"], "controls": ["US", "MX"], "target_lift": 0.15, "margin": 0.5,
    "live": {"start": "2026-04-13", "end": "2026-05-10"}, "baseline": {"start": "2026-02-16", "end": "2026-04-12"},
}  # fmt: skip
NO_BREAKS = pd.DataFrame({"platform": [], "metric": [], "date": pd.to_datetime([]), "note": []})


def brief(**changes: Any) -> Campaign:
    return Campaign.model_validate({**BRIEF, **changes})


def choices(*detectable: float, live: int = 28, baseline: int = 56) -> pd.DataFrame:
    rows = [(live + 7 * i, baseline, 12, 40, one, 0.1) for i, one in enumerate(detectable)]
    return pd.DataFrame(
        rows, columns=["live_days", "baseline_days", "n_windows", "n_tried", "detectable", "false_alarms"]
    )


def moved(**correlations: float) -> pd.DataFrame:
    rows = [(code, 182, one, 0.1, one >= 0.2, "") for code, one in correlations.items()]
    return pd.DataFrame(rows, columns=["market", "n_days", "correlation", "scatter", "proposed", "why"])


@pytest.mark.parametrize(
    ("smallest", "target", "severity", "said"),
    [
        (0.1, 0.15, "good", "The target of +15.0% would be seen"),
        (0.15, 0.15, "good", "would be seen"),
        (0.2, 0.15, "alert", "too small to be seen: it takes +20.0%"),
        (0.1, None, "watch", "names no target"),
        (float("nan"), 0.15, "alert", "cannot be judged"),
    ],
)
def test_the_target_is_held_against_what_can_be_seen(
    smallest: float, target: float | None, severity: str, said: str
) -> None:
    found = planning.detectable(choices(smallest), brief(target_lift=target))
    assert found.severity == severity
    assert said in found.title
    assert found.estimate == (None if smallest != smallest else smallest)
    assert planning.verdict(found, brief())[1] == severity


def test_the_row_nearest_to_the_plan_is_the_one_read() -> None:
    assert planning.detectable(choices(0.3, 0.05), brief()).estimate == 0.3


@pytest.mark.parametrize("controls", [["US"], []])
def test_without_history_or_controls_nothing_is_concluded(controls: list[str]) -> None:
    campaign = brief(controls=controls)
    found = planning.detectable(None, campaign)
    assert (
        found.status
        == planning.controls(None, campaign).status
        == planning.better(None, None, campaign).status
        == "no_data"
    )
    assert planning.verdict(found, campaign)[1] == "alert"
    assert "Hold at least one comparable market back" in planning.plays(found, campaign)[0].action


def test_markets_that_move_alone_and_those_left_out_are_named() -> None:
    found = planning.controls(moved(US=0.7, MX=0.1, DE=0.5), brief())
    assert found.title == "2 markets move with BR"
    assert "moving on their own: MX" in found.text
    assert "would serve: DE" in found.text
    assert planning.controls(moved(US=0.1), brief()).severity == "alert"


def test_a_better_length_is_said_only_where_it_is_clearly_better() -> None:
    assert planning.better(choices(0.20, 0.19), None, brief()).title == "No other length sees clearly more"
    found = planning.better(choices(0.20, 0.10), pd.DataFrame({"treated": ["US"], "detectable": [0.05]}), brief())
    assert found.title == "Another length would see more"
    assert "35 live days" in found.text
    assert "Treating US" in found.text


def test_the_budget_is_held_against_its_bands() -> None:
    lines = [("content", 6000), ("people", 3000), ("tools", 1000), ("media", 5000)]
    campaign = brief(budget=[{"item": name, "category": name, "amount": amount} for name, amount in lines])
    found = planning.budget(metrics.budget_shares(campaign.categories()), campaign)
    assert found.severity == "watch"
    assert "content 60.0% (45% to 50%)" in found.text
    assert "reserve none (5% to 10%)" in found.text
    assert planning.budget(metrics.budget_shares({}), brief()).status == "no_data"


def test_what_may_spoil_the_reading_is_listed() -> None:
    other = brief(id="other", name="Other push", treated=["US"], controls=[])
    breaks = pd.DataFrame(
        {
            "platform": ["instagram", "tiktok"],
            "metric": "engagements",
            "date": pd.to_datetime("2026-04-20"),
            "note": "renamed",
        }
    )
    events = [{"date": "2026-04-21", "market": "BR", "note": "Holiday"}, {"date": "2026-06-01", "note": "Later"}]
    short = {"start": "2026-03-23", "end": "2026-04-12"}
    campaign = brief(controls=["US"], margin=None, baseline=short, events=events)
    text = planning.risks(campaign, [campaign, other], breaks, markets=2).text
    expected = (
        "Only US is held back",
        "has 21 days",
        "'Other push' runs in US",
        "Holiday (BR)",
        "renamed",
        "no return",
    )  # fmt: skip
    assert [said for said in expected if said not in text] == []
    assert "Later" not in text
    assert text.count("changes its meaning") == 1
    assert planning.risks(brief(), [], NO_BREAKS, markets=3).severity == "good"


def test_a_frozen_brief_stays_frozen_until_it_is_changed() -> None:
    open_brief = brief()
    assert planning.agreement(open_brief).severity == "watch"
    line = f"frozen: {open_brief.brief_hash()}"
    assert line in planning.agreement(open_brief).text
    frozen = brief(frozen=open_brief.brief_hash())
    assert planning.agreement(frozen).severity == "good"
    assert planning.agreement(brief(frozen=open_brief.brief_hash(), target_lift=0.05)).severity == "alert"
    found = planning.detectable(choices(0.1), frozen)
    assert [play.action[:15] for play in planning.plays(found, frozen, on=date(2026, 4, 1))] == ["Start as agreed"]
    asked = planning.plays(found, open_brief, on=date(2026, 4, 1))
    assert (asked[1].action, asked[1].review) == ("Freeze the brief", date(2026, 4, 12))


def test_the_brief_is_listed_as_it_is_signed() -> None:
    table = planning.agreed(brief(target_lift=None, controls=[])).set_index("what")["agreed"]
    assert table[["Treated", "Held back", "Target", "Budget", "Review"]].tolist() == [
        "BR",
        "none",
        "none",
        "none",
        "not set",
    ]
    assert table["Live"] == "2026-04-13 to 2026-05-10"
    assert planning.agreed(brief()).set_index("what").loc["Target", "agreed"] == "+15.0%"


def test_curves_and_choices_are_shown_or_empty() -> None:
    found = planning.curve(pd.DataFrame({"lift": [0.05, 0.1], "found": [0.2, 0.6], "n": [40, 40]}))
    assert found["lift"].tolist() == [5, 10]
    assert planning.curve(None).columns.tolist() == ["lift", "found", "n"]
    assert planning.listed(None).empty
    assert "detectable" in planning.listed(None).columns
    assert len(planning.listed(choices(0.1, 0.2))) == 2


def test_a_budget_within_its_bands_is_good_and_too_late_to_start_is_reviewed_later() -> None:
    amounts = [("content", 4700), ("people", 3000), ("tools", 1500), ("reserve", 800)]
    campaign = brief(budget=[{"item": name, "category": name, "amount": amount} for name, amount in amounts])
    shares = metrics.budget_shares(campaign.categories()).assign(reading="within")
    assert planning.budget(shares, campaign).severity == "good"
    (first, *_) = planning.plays(planning.detectable(choices(0.3), brief()), brief(), on=date(2026, 4, 20))
    assert first.action.startswith("Plan for a larger effect")
    assert first.review == date(2026, 5, 4)
    assert planning.better(None, None, brief()).status == "no_data"
