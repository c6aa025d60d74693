"""What a campaign retrospective says for each of its verdicts, and what it refuses to say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics import Interval
from fanops_utils.metrics.intervals import NOTHING
from fanops_utils.models import CampaignEffect, Placebos, PreTrend
from fanops_utils.models.reasons import Drifted, NoControl, OneControlDecides
from fanops_utils.playbook import Finding, Severity
from fanops_utils.sections.campaigns import retrospective
from fanops_utils.sections.campaigns.retrospective.checks import estimate_checks
from fanops_utils.sections.campaigns.retrospective.parts.phases import afterwards
from fanops_utils.text import Listed, Message, Written
from fanops_utils.workspace import Campaign, Decision

ON = date(2026, 5, 24)


def sane(one: Finding) -> Finding:
    """Return *one*, which says no half-made number and can be carried as JSON."""
    assert not re.search(r"\b(nan|inf|None|NaT)\b|—", f"{one.title!s} {one.text!s}")
    json.dumps(one.to_json(), allow_nan=False)
    return one


def effect_of(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    return retrospective.effect(found, campaign, level=0.9).finding


def chance_of(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    return retrospective.chance(found, campaign).finding


def cost_of(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    return retrospective.cost(found, campaign).finding


def target_of(found: CampaignEffect | None, campaign: Campaign) -> str:
    """Return the verdict on the brief's target lift; empty where it names none."""
    table = retrospective.against_targets(campaign, retrospective.measured(found, campaign))
    sane(retrospective.targets(table, campaign).finding)
    return str(table["verdict"].iloc[0]) if len(table) else ""


def brief(**options: Any) -> Campaign:
    return Campaign.model_validate({
        "id": "spring", "name": "Spring blend", "objective": "Talk", "owner": "lead", "platform": "instagram",
        "metric": "engagements", "treated": ["BR"], "controls": ["US", "MX", "DE"], "target_lift": 0.15,
        "live": {"start": "2026-04-13", "end": "2026-05-10"}, "baseline": {"start": "2026-02-16", "end": "2026-04-12"},
        "currency": "USD", "budget": [{"item": "content", "amount": 12_000}, {"item": "creators", "amount": 8_000}],
        **options,
    })  # fmt: skip


def log(lower: float, upper: float) -> Interval:
    """Return the log-scale interval of an effect from *lower* to *upper*, fractions."""
    low, high = np.log1p([lower, upper])
    return Interval(float((low + high) / 2), float(low), float(high), 16)


def effect(verdict: str, lower: float, upper: float, **options: Any) -> CampaignEffect:
    found = log(lower, upper)
    per_unit = [50_000 * value for value in (float(np.expm1(found.estimate)), lower, upper)]
    placebos = Placebos((0.01, -0.02, 0.03, 0.0, -0.01, 0.02, -0.03, 0.01), 1 / 9, 6.0)
    return CampaignEffect(**{
        "verdict": verdict, "reason": None, "log_effect": found, "extra": Interval(*per_unit, 16),
        "before_after": 0.29, "level": 0.9, "n_controls": 3, "n_live_days": 28, "n_dropped_days": 0, "placebo_time": placebos,
        "detectable": 0.06, "pre_trend": PreTrend(0.0, 0.6, 0.0, False), "after": log(-0.05, 0.05), **options,
    })  # fmt: skip


WORKED, UNCLEAR, HURT = effect("worked", 0.17, 0.27), effect("no clear effect", -0.05, 0.04), effect("hurt", -0.2, -0.1)
DRIFTING = effect(
    "cannot tell", 0.05, 0.2, pre_trend=PreTrend(0.002, 0.001, 0.1, True), reason=Drifted(0.001, 0.1, False)
)
ALONE = replace(
    effect("cannot tell", 0.0, 0.1), log_effect=NOTHING, extra=NOTHING, n_controls=0, placebo_time=None, detectable=None,
    pre_trend=None, after=None, reason=NoControl(),
)  # fmt: skip
EVERY = {"worked": WORKED, "unclear": UNCLEAR, "hurt": HURT, "drifting": DRIFTING, "alone": ALONE, "nothing": None}


@pytest.mark.parametrize("name", EVERY)
def test_every_reading_of_every_verdict_can_be_carried(name: str) -> None:
    found, plan = EVERY[name], brief()
    findings = [sane(part(found, plan)) for part in (effect_of, chance_of, cost_of)]
    findings.append(sane(afterwards(found)))
    assert [one.id for one in findings] == ["effect", "chance", "cost", "afterwards"]
    assert {one.status for one in findings} == (
        {"no_data"} if found is None else {"ok", "no_data"} if name == "alone" else {"ok"}
    )
    assert estimate_checks(found, plan)
    said, severity = retrospective.verdict(found, plan)
    assert severity == findings[0].severity
    assert not re.search(r"\b(nan|None)\b|—", str(said))


@pytest.mark.parametrize(
    ("found", "severity"),
    [(WORKED, "good"), (UNCLEAR, "watch"), (HURT, "alert"), (DRIFTING, "watch"), (ALONE, "watch")],
)
def test_the_effect_has_the_severity_of_its_verdict(found: CampaignEffect, severity: str) -> None:
    assert effect_of(found, brief()).severity == severity


def test_an_effect_comes_with_its_interval_and_what_would_have_been_seen() -> None:
    said = effect_of(WORKED, brief())
    assert said.code == "worked"
    assert (said.estimate, said.ci_lower, said.ci_upper) == pytest.approx((WORKED.effect.estimate, 0.17, 0.27))
    text = str(said.text)
    assert "90% CI +17.0% to +27.0%" in text
    assert "+6.0%" in text
    assert "+29.0%" in text, "the plain change is named, as no effect"
    assert "+21.9%" in str(said.title)
    assert "−15.1%" in str(effect_of(HURT, brief()).title)


def test_what_was_lost_is_counted_as_fewer_not_as_a_negative_gain() -> None:
    text = str(effect_of(HURT, brief()).text)
    assert "7,574 interactions fewer than otherwise in 28 days (90% CI 5,000 to 10,000)" in text
    assert "more" not in text


def test_without_controls_no_effect_is_estimated() -> None:
    said = effect_of(ALONE, brief())
    assert (said.estimate, said.ci_lower, said.ci_upper) == (None, None, None)
    assert cost_of(ALONE, brief()).estimate is None
    assert target_of(ALONE, brief()) == "cannot tell"
    assert chance_of(ALONE, brief()).status == "no_data"


@pytest.mark.parametrize(
    ("wanted", "severity", "verdict"), [(0.15, "good", "hit"), (0.3, "watch", "miss"), (0.2, "info", "cannot tell")]
)
def test_a_target_is_reached_missed_or_neither(wanted: float, severity: str, verdict: str) -> None:
    plan = brief(target_lift=wanted)
    table = retrospective.against_targets(plan, retrospective.measured(WORKED, plan))
    assert table["verdict"].tolist() == [verdict]
    assert table[["ci_lower", "ci_upper"]].to_numpy()[0] == pytest.approx((0.17, 0.27))
    assert retrospective.targets(table, plan).finding.severity == severity


def test_a_target_cannot_be_judged_by_an_effect_that_cannot_be_told() -> None:
    assert target_of(DRIFTING, brief(target_lift=0.04)) == "cannot tell"
    assert target_of(WORKED, brief(target_lift=None)) == ""


def test_a_cost_comes_with_its_interval() -> None:
    said = cost_of(WORKED, brief())
    assert said.estimate == pytest.approx(20_000 / WORKED.extra.estimate)
    assert (said.ci_lower, said.ci_upper) == pytest.approx((20_000 / (50_000 * 0.27), 20_000 / (50_000 * 0.17)))
    assert "USD" in str(said.title)
    assert said.unit is not None and said.unit.kind == "money"


@pytest.mark.parametrize("lower", [-0.05, 0.0])
def test_nothing_is_divided_by_an_effect_that_may_be_zero(lower: float) -> None:
    said = cost_of(effect("no clear effect", lower, 0.2), brief())
    assert (said.estimate, said.ci_lower, said.ci_upper) == (None, None, None)
    assert "USD 20,000" in str(said.text), "what was spent is known"


def test_nothing_is_divided_by_an_effect_that_cannot_be_told() -> None:
    assert DRIFTING.extra.ci_lower > 0
    assert cost_of(DRIFTING, brief()).estimate is None


def test_without_a_budget_there_is_no_cost() -> None:
    assert cost_of(WORKED, brief(budget=[])).status == "no_data"


def test_chance_counts_the_windows_as_far_from_zero() -> None:
    apart = chance_of(WORKED, brief())
    assert (apart.severity, apart.n) == ("good", 8)
    within = chance_of(effect("no clear effect", -0.04, 0.06), brief())
    assert within.severity == "info"
    assert str(within.text).startswith("In 7 of 8"), "all but the one at zero lie as far out, on either side"


def test_one_window_proves_nothing() -> None:
    one = replace(WORKED, verdict="cannot tell", placebo_time=Placebos((0.01,), 0.5, 1.0))
    assert chance_of(one, brief()).severity != "good"


@pytest.mark.parametrize(
    ("lower", "upper", "severity"), [(0.02, 0.1, "good"), (-0.1, -0.02, "watch"), (-0.05, 0.05, "info")]
)
def test_what_remains_is_called_by_its_interval(lower: float, upper: float, severity: str) -> None:
    said = afterwards(replace(WORKED, after=log(lower, upper)))
    assert said.severity == severity
    assert (said.ci_lower, said.ci_upper) == pytest.approx((lower, upper))


@pytest.mark.parametrize("found", [UNCLEAR, HURT, DRIFTING])
def test_an_effect_that_was_not_there_does_not_last(found: CampaignEffect) -> None:
    said = afterwards(replace(found, after=log(0.02, 0.1)))
    assert said.severity != "good"
    assert said.code != "lasted"


def test_checks_name_what_weakens_the_estimate() -> None:
    status = {check.code: check.status for check in estimate_checks(WORKED, brief())}
    assert set(status.values()) == {"PASS"}
    drift = {check.code: check.status for check in estimate_checks(DRIFTING, brief())}
    assert drift["pre_trend"] == "FAIL"
    weak = replace(WORKED, n_controls=1, n_dropped_days=3, placebo_time=Placebos((0.01, 0.02), 1 / 3, 1.5))
    event = [{"date": "2026-04-21", "note": "Tiradentes"}, {"date": "2026-12-24", "note": "Christmas"}]
    named = {check.code: check for check in estimate_checks(weak, brief(events=event))}
    assert {check.status for name, check in named.items() if name != "pre_trend"} == {"REVIEW"}
    events = str(named["events"].finding)
    assert "Tiradentes" in events
    assert "Christmas" not in events, "only what fell into the live weeks"
    assert "3 days" in str(named["days_left_out"].finding)
    assert estimate_checks(ALONE, brief())[0].status == "FAIL"
    assert [check.status for check in estimate_checks(None, brief())] == ["FAIL"]


def test_one_control_that_turns_the_result_is_named() -> None:
    steady = pd.DataFrame({"control": ["US", "MX"], "estimate": [0.15, 0.2]})
    turning = pd.DataFrame({"control": ["US", "MX"], "estimate": [-0.02, 0.2]})
    by_code = [
        {check.code: check.status for check in estimate_checks(replace(WORKED, leave_one_out=one), brief())}
        for one in (steady, turning)
    ]
    assert [one["one_control"] for one in by_code] == ["PASS", "REVIEW"]
    assert "one_control" not in {check.code for check in estimate_checks(WORKED, brief())}


@pytest.mark.parametrize(("found", "word"), [(WORKED, "keep"), (UNCLEAR, "change"), (HURT, "stop"), (DRIFTING, "test")])
def test_the_play_follows_the_verdict(found: CampaignEffect, word: str) -> None:
    first, *more = retrospective.plays(found, brief(), on=date(2026, 5, 24))
    assert str(first.action).lower().startswith(word)
    assert (first.owner, first.review, first.because) == ("lead", date(2026, 6, 21), "effect")
    assert [play.because for play in more] == ["cost"], "no value per unit: it is asked for"
    assert len(retrospective.plays(found, brief(value_per_unit=0.5), on=date(2026, 5, 24))) == 1
    assert retrospective.plays(None, brief(), on=date(2026, 5, 24)) == ()


def action_of(found: CampaignEffect, *, on: date = date(2026, 5, 24), **options: Any) -> str:
    """Return the message of the first play, which tells actions apart whatever their values."""
    action = retrospective.plays(found, brief(), on=on, **options)[0].action
    assert isinstance(action, Message)
    return action.text


def taken(**options: Any) -> Decision:
    told = {
        "kind": "keep",
        "action": "Repeat it",
        "owner": "lead",
        "date": "2026-06-08",
        "review": "2026-10-12",
        "campaign": "spring",
        "play": "campaign_retrospective.spring.effect",
        **options,
    }
    return Decision.model_validate(told)


def test_a_repeat_that_the_ledger_knows_is_not_asked_for_as_if_it_were_new() -> None:
    fresh = action_of(WORKED)
    assert action_of(WORKED, decisions=[taken(kind="test"), taken(kind="stop")]) == fresh, "another action is no repeat"
    under_way, failed, held, unruled = (
        action_of(WORKED, decisions=[taken(**ended)])
        for ended in ({}, {"ended": "changed", "outcome": "No effect"}, {"ended": "kept"}, {"outcome": "Went well"})
    )
    assert held == fresh, "one that held up may be repeated"
    assert action_of(WORKED, decisions=[taken(play=None, tested_by="another")]) == fresh, "keeping a part is no repeat"
    assert len({fresh, under_way, failed, unruled}) == 4
    play = retrospective.plays(WORKED, brief(), on=ON, decisions=[taken(ended="stopped", outcome="No effect")])[0]
    assert dict(play.action.values) == {"outcome": Written("No effect")}  # type: ignore[attr-defined]
    others = [(WORKED, [taken(ended="kept")]), (WORKED, []), (HURT, [taken(ended="stopped")])]
    assert play.reason and not any(
        retrospective.plays(found, brief(), on=ON, decisions=known)[0].reason for found, known in others
    ), "that it worked is no reason to leave it, and the only one otherwise"
    newest = [taken(ended="stopped"), taken(date="2026-07-01", ended="kept")]
    assert action_of(WORKED, decisions=newest) == fresh, "the last time counts"


def test_creative_is_taken_down_only_while_it_runs() -> None:
    running, over = (action_of(HURT, on=day) for day in (date(2026, 5, 10), date(2026, 5, 11)))
    assert running != over
    assert action_of(HURT, on=date(2027, 11, 1)) == over


def test_a_campaign_that_still_runs_is_left_to_its_end() -> None:
    waiting = replace(DRIFTING, running=True)
    early, late = (action_of(waiting, on=day) for day in (date(2026, 4, 25), ON))
    assert len({early, late, action_of(DRIFTING, on=ON)}) == 3, "once it is over, the days that lack are to be imported"


def test_where_nothing_came_of_it_is_named_before_it_is_repeated() -> None:
    apart = pd.DataFrame(
        {"part": ["BR", "US"], "estimate": [0.3, 0.01], "ci_lower": [0.2, -0.05], "ci_upper": [0.4, 0.07]}
    )
    play = retrospective.plays(WORKED, brief(), on=ON, markets=apart)[0]
    assert dict(play.action.values)["markets"] == Listed.of(["US"])  # type: ignore[attr-defined]
    fresh = action_of(WORKED)
    assert action_of(WORKED, markets=apart.assign(ci_lower=0.001)) == fresh
    assert action_of(WORKED, markets=apart.iloc[1:]) == fresh, "one market is the whole"


@pytest.mark.parametrize(
    ("code", "soured"), [("worse", True), ("worse_after", True), ("better", False), ("not_clear", False)]
)
def test_a_tone_that_soured_is_told_on_top_and_read_before_a_repeat(code: str, soured: bool) -> None:
    tone = Finding(id="tone", title=Written("The tone"), text=Written("."), code=code)
    told = retrospective.plays(WORKED, brief(value_per_unit=0.5), on=ON, tone=tone)
    assert ("tone" in [play.because for play in told]) == soured
    said, severity = retrospective.verdict(WORKED, brief(), tone=tone)
    assert (severity, "The tone." in str(said)) == (("watch", True) if soured else ("good", False))


def test_the_verdict_says_effect_interval_and_money() -> None:
    said, severity = retrospective.verdict(WORKED, brief())
    assert severity == "good"
    assert all(text in str(said) for text in ("+21.9%", "90% CI +17.0% to +27.0%", "USD 20,000"))
    nothing, severity = retrospective.verdict(None, brief())
    assert "Spring blend" in str(nothing)
    assert severity == "info"


def money_of(code: str, estimate: float) -> Finding:
    severity: Severity = "alert" if code == "not_paid" else "info"
    return Finding(id="roi", title=Message("money"), text=Message("money"), severity=severity, code=code, estimate=estimate,
                   ci_lower=estimate - 0.1, ci_upper=estimate + 0.1)  # fmt: skip


@pytest.mark.parametrize(("code", "kind"), [("paid", "keep"), ("open", "test"), ("not_paid", "change")])
def test_the_play_weighs_the_money_beside_the_effect(code: str, kind: str) -> None:
    plan = brief(value_per_unit=1.0)
    (play,) = retrospective.plays(WORKED, plan, on=ON, paid_back=money_of(code, -0.345))
    assert play.kind == kind
    assert (play.cost is None) == (kind != "keep")
    assert play.because == ("effect" if code == "paid" else "roi"), "what the money decides stands by the money"
    for found, usual in ((WORKED, "good"), (UNCLEAR, "watch")):
        severity = retrospective.verdict(found, plan, paid_back=money_of(code, -0.345))[1]
        assert severity == ("alert" if code == "not_paid" else usual)


def test_the_band_is_what_campaigns_together_say_else_the_campaign_s_own() -> None:
    plan = brief(value_per_unit=1.0)
    drawn = Interval(0.15, 0.05, 0.25, 4)
    (together,), (alone,) = (retrospective.plays(WORKED, plan, on=ON, drawn=one) for one in (drawn, None))
    assert together.band and (together.band.low, together.band.high) == (0.05, 0.25)
    own = WORKED.effect
    assert alone.band and (alone.band.low, alone.band.high) == (own.ci_lower, own.ci_upper)
    assert alone.expected != together.expected
    for other in (UNCLEAR, HURT):
        assert retrospective.plays(other, plan, on=ON, drawn=drawn)[0].band is None, "only what worked is repeated"


def test_a_decision_that_is_no_repeat_does_not_silence_the_money() -> None:
    plan, kept = brief(value_per_unit=1.0), taken(play=None)
    (play,) = retrospective.plays(WORKED, plan, on=ON, decisions=[kept], paid_back=money_of("open", -0.3))
    assert play.kind == "test"
    (again,) = retrospective.plays(
        WORKED, plan, on=ON, decisions=[taken(ended="changed")], paid_back=money_of("open", -0.3)
    )
    assert again.kind == "change"


def test_assumed_and_tracked_stand_in_one_sentence_and_the_margin_is_read() -> None:
    back = money_of("open", 0.1)
    said = str(retrospective.verdict(WORKED, brief(), paid_back=back, tracked=10.0)[0])
    (both,) = [one for one in said.split(". ") if "assumed" in one]
    assert "USD 2,000" in both
    agreed = str(retrospective.verdict(WORKED, brief(margin=0.5), paid_back=back, tracked=10.0)[0])
    assert "USD 4,000" in agreed and "USD 4,000" not in said
    assert "USD 2,000 " not in str(retrospective.verdict(WORKED, brief(), paid_back=back)[0])


def test_what_the_controls_did_in_the_live_days_stands_beside_the_quiet_stretches() -> None:
    space = Placebos((0.01, -0.02, 0.03), 0.25, 2.0, names=("US", "MX", "DE"))
    calm = chance_of(replace(WORKED, placebo_space=space), brief())
    wild = chance_of(replace(WORKED, placebo_space=replace(space, effects=(0.01, -0.3, 0.03))), brief())
    assert (calm.code, calm.severity, wild.code, wild.severity) == ("apart", "good", "as_much_beside", "info")
    assert WORKED.placebo_time is not None
    wider = replace(WORKED, placebo_time=replace(WORKED.placebo_time, stretch=1.8))
    assert "1.8" in str(chance_of(wider, brief()).text) and "1.8" not in str(calm.text)


def test_a_drift_before_the_start_is_reviewed_with_what_is_left() -> None:
    def status(trend: PreTrend) -> tuple[str, str]:
        (one,) = [
            check for check in estimate_checks(replace(WORKED, pre_trend=trend), brief()) if check.code == "pre_trend"
        ]
        return one.status, str(one.action)

    third = WORKED.log_effect.estimate / 3
    assert status(PreTrend(0.002, 0.3, third, False, 0.5, 1 / 3))[0] == "PASS"
    state, action = status(PreTrend(0.002, 0.006, third, False, 1.0, 1 / 3))
    left = float(np.expm1(WORKED.log_effect.estimate - third))
    assert state == "REVIEW" and f"{left:+.1%}" in action


def test_a_verdict_withheld_for_one_control_names_it_and_keeps_the_hint() -> None:
    found = effect("cannot tell", 0.05, 0.2, reason=OneControlDecides("MX"))
    assert found.hint == "rise" and "MX" in str(effect_of(found, brief()).text)
    without = pd.DataFrame(
        [("MX", 0.0, -0.1, 0.1), ("US", 0.1, 0.0, 0.2)], columns=["control", "estimate", "ci_lower", "ci_upper"]
    )
    by_code = {one.code: one for one in estimate_checks(replace(found, leave_one_out=without), brief())}
    assert "MX" in str(retrospective.plays(found, brief(), on=ON)[0].action)
    assert by_code["one_control"].status == "FAIL" and "MX" in str(by_code["one_control"].action)
