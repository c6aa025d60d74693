"""What the plan of a campaign says: can it be judged, by whom, at what size, for how much."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from saying import sane, values

from fanops_utils import metrics
from fanops_utils.playbook import Finding
from fanops_utils.sections.campaigns import plan
from fanops_utils.sections.campaigns.plan.detectable import in_percent
from fanops_utils.text import Count, Listed, Percent, Period, Signed, Written, speak, term
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


def detectable(found: pd.DataFrame | None, campaign: Campaign) -> Finding:
    return sane(plan.detectable(found, None, campaign, level=0.9, power=0.8))


@pytest.mark.parametrize(
    ("smallest", "target", "severity", "code"),
    [
        (0.1, 0.15, "good", "seen"),
        (0.15, 0.15, "good", "seen"),
        (0.2, 0.15, "alert", "too_small"),
        (0.1, None, "watch", "no_target"),
        (float("nan"), 0.15, "alert", "never"),
    ],
)
def test_the_target_is_held_against_what_can_be_seen(
    smallest: float, target: float | None, severity: str, code: str
) -> None:
    found = detectable(choices(smallest), brief(target_lift=target))
    assert (found.severity, found.code) == (severity, code)
    assert found.estimate == (None if smallest != smallest else smallest)
    assert plan.verdict(found, brief())[1] == severity
    if code == "too_small":
        assert (values(found.title)["target"], values(found.title)["size"]) == (Signed(0.15), Signed(0.2))


def test_the_row_nearest_to_the_plan_is_the_one_read() -> None:
    assert detectable(choices(0.3, 0.05), brief()).estimate == 0.3


@pytest.mark.parametrize("controls", [["US"], []])
def test_without_history_or_controls_nothing_is_concluded(controls: list[str]) -> None:
    campaign = brief(controls=controls)
    found = detectable(None, campaign)
    others = (plan.controls(None, campaign), plan.better(None, None, campaign))
    assert {found.status, *(one.finding.status for one in others)} == {"no_data"}
    assert plan.verdict(found, campaign)[1] == "alert"
    (first, *_) = plan.plays(found, campaign, on=None)
    assert first.action == plan.plays(detectable(choices(float("nan")), campaign), campaign, on=None)[0].action
    assert first.review == date(2026, 4, 12), "the day before the start needs no today"


def test_why_nothing_is_known_is_told_apart() -> None:
    said = {str(plan.verdict(detectable(None, brief(controls=one)), brief(controls=one))[0]) for one in (["US"], [])}
    assert len(said) == 2


def test_markets_that_move_alone_and_those_left_out_are_named() -> None:
    found = sane(plan.controls(moved(US=0.7, MX=0.1, DE=0.5), brief()))
    assert (found.code, found.n) == ("some", 2)
    _, weak, unused = found.text.parts  # type: ignore[attr-defined]
    assert values(weak)["markets"] == Listed.of(["MX"])
    assert values(unused)["markets"] == Listed.of(["DE"])
    none = sane(plan.controls(moved(US=0.1), brief()))
    assert (none.severity, none.code) == ("alert", "none")


def test_a_better_length_is_said_only_where_it_is_clearly_better() -> None:
    assert sane(plan.better(choices(0.20, 0.19), None, brief())).code == "same"
    markets = pd.DataFrame(
        {"treated": ["US"], "n_controls": [2], "detectable": [0.05], "false_alarms": [0.1], "n_windows": [9]}
    )
    section = plan.better(choices(0.20, 0.10), markets, brief())
    found = sane(section)
    assert (found.code, found.estimate, len(section.parts)) == ("other_length", 0.10, 3)
    assert values(found.text)["live"] == Count(35)
    assert values(found.text.parts[1]) == {"markets": Written("US"), "size": Signed(0.05)}  # type: ignore[attr-defined]
    assert plan.better(choices(float("nan")), None, brief()).finding.status == "no_data"


def test_the_budget_is_held_against_its_bands() -> None:
    lines = [("content", 6000), ("people", 3000), ("tools", 1000), ("media", 5000)]
    campaign = brief(budget=[{"item": name, "category": name, "amount": amount} for name, amount in lines])
    found = sane(plan.budget(metrics.budget_shares(campaign.categories()), campaign))
    assert (found.severity, found.code) == ("watch", "outside")
    parts = [values(part) for part in values(found.text)["parts"].items]  # type: ignore[attr-defined]
    assert parts[0]["share"] == Percent(0.6) and (parts[0]["low"], parts[0]["high"]) == (
        Percent(0.45, 0),
        Percent(0.5, 0),
    )
    assert "share" not in parts[-1], "no money has no share"
    assert plan.budget(metrics.budget_shares({}), brief()).finding.status == "no_data"


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
    found = sane(plan.risks(campaign, [campaign, other], breaks, markets=2))
    only, baseline, no_return, beside, holiday, renamed = (values(part) for part in found.text.parts)  # type: ignore[attr-defined]
    assert (found.code, found.estimate) == ("open", 6)
    assert (only["market"], baseline["n"], no_return) == (Written("US"), Count(21), {})
    assert beside["campaign"] == Written("Other push")
    assert (holiday["event"], holiday["market"]) == (Written("Holiday"), Written("BR"))
    assert renamed["note"] == Written("renamed", "en")
    clear = sane(plan.risks(brief(), [], NO_BREAKS, markets=3))
    assert (clear.severity, clear.code) == ("good", "clear")
    assert sane(plan.risks(brief(controls=[]), [], NO_BREAKS, markets=3)).estimate == 1


def test_a_frozen_brief_stays_frozen_until_it_is_changed() -> None:
    open_brief = brief()
    asked = sane(plan.agreement(open_brief))
    assert (asked.severity, asked.code) == ("watch", "unfrozen")
    assert values(asked.text)["line"] == Written(f"frozen: {open_brief.brief_hash()}")
    frozen = brief(frozen=open_brief.brief_hash())
    assert sane(plan.agreement(frozen)).severity == "good"
    changed = sane(plan.agreement(brief(frozen=open_brief.brief_hash(), target_lift=0.05)))
    assert (changed.severity, changed.code) == ("alert", "changed")
    found = detectable(choices(0.1), frozen)
    assert [play.because for play in plan.plays(found, frozen, on=date(2026, 4, 1))] == ["detectable"]
    plays = plan.plays(found, open_brief, on=date(2026, 4, 1))
    assert [(play.because, play.review) for play in plays] == [
        ("detectable", date(2026, 4, 12)),
        ("agreement", date(2026, 4, 12)),
    ]


def test_the_brief_is_listed_as_it_is_signed() -> None:
    def field(campaign: Campaign, name: str) -> Any:
        table = plan.agreed(campaign)
        return table.loc[table["what"] == term(name, "field of a brief"), "agreed"].iloc[0]

    bare = brief(target_lift=None, controls=[])
    assert field(bare, "Treated") == Listed.of(["BR"])
    none = {speak(field(bare, name)) for name in ("Held back", "Target", "Budget")}
    assert none == {"none"} and speak(field(bare, "Review")) == "not set"
    assert field(bare, "Live") == Period.of(date(2026, 4, 13), date(2026, 5, 10))
    assert field(brief(), "Target") == Signed(0.15)


def test_curves_are_shown_in_percent_or_left_out() -> None:
    curve = pd.DataFrame({"lift": [0.05, 0.1], "found": [0.2, 0.6], "n": [40, 40]})
    assert in_percent(curve)["lift"].tolist() == [5, 10]
    parts = [len(plan.detectable(choices(0.1), one, brief(), level=0.9, power=0.8).parts) for one in (curve, None)]
    assert parts == [2, 1]


def test_a_budget_within_its_bands_is_good() -> None:
    amounts = [("content", 4700), ("people", 3000), ("tools", 1500), ("reserve", 800)]
    campaign = brief(budget=[{"item": name, "category": name, "amount": amount} for name, amount in amounts])
    found = sane(plan.budget(metrics.budget_shares(campaign.categories()), campaign))
    assert (found.severity, found.code) == ("good", "inside")


def test_while_it_runs_nothing_is_planned_and_no_brief_is_frozen() -> None:
    running = brief().live.start
    (small,) = plan.plays(detectable(choices(0.3), brief()), brief(), on=running)
    (seen,) = plan.plays(detectable(choices(0.1), brief()), brief(), on=running)
    alone = brief(controls=[])
    (hint,) = plan.plays(detectable(choices(float("nan")), alone), alone, on=running)
    assert len({small.action, seen.action, hint.action}) == 3
    assert {play.review for play in (small, seen, hint)} == {brief().live.end + timedelta(days=1)}
    before = plan.plays(detectable(choices(0.3), brief()), brief(), on=running - timedelta(days=1))
    assert [play.because for play in before] == ["detectable", "agreement"]


def test_the_plays_hold_until_the_calendar_turns() -> None:
    days = [date(2026, 4, 10), date(2026, 4, 11), date(2026, 4, 12), date(2026, 4, 13), date(2026, 5, 11), None]
    assert [plan.holds_until(brief(), on=day) for day in days] == [
        date(2026, 4, 11), date(2026, 4, 11), date(2026, 4, 12), date(2026, 5, 10), None, None,
    ]  # fmt: skip
    found = detectable(choices(0.1), brief())
    reviews = [plan.plays(found, brief(), on=day)[0].review for day in days[:3]]
    assert reviews == [date(2026, 4, 12), date(2026, 4, 12), date(2026, 4, 26)]


def test_a_campaign_that_has_ended_is_not_planned_any_more_and_its_own_market_is_named() -> None:
    found = detectable(choices(0.3), brief())
    ended = brief().live.end + timedelta(days=1)
    during, after = (plan.plays(found, brief(), on=day)[0].action for day in (brief().live.end, ended))
    assert during != after
    markets = pd.DataFrame({"treated": ["US", "BR"], "n_controls": [2, 2], "n_windows": [8, 8], "detectable": [0.1, 0.2],
                            "false_alarms": [0.0, 0.0]})  # fmt: skip
    said = str(plan.better(choices(0.3), markets, brief(treated=["BR"])).finding.text)
    assert "BR" in said and "US" in said
    close = markets.assign(detectable=[0.19, 0.2])
    assert "US" not in str(plan.better(choices(0.3), close, brief(treated=["BR"])).finding.text)
