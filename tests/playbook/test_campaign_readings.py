"""What a campaign retrospective says for each of its verdicts, and what it refuses to say."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics import Interval
from fanops_utils.metrics.intervals import NOTHING
from fanops_utils.models import CampaignEffect, Placebos, PreTrend
from fanops_utils.playbook import Finding
from fanops_utils.playbook.readings import campaign as readings
from fanops_utils.workspace import Campaign


def sane(one: Finding) -> Finding:
    """Return *one*, which says no half-made number and can be carried as JSON."""
    assert not re.search(r"\b(nan|inf|None|NaT)\b", f"{one.title} {one.text}")
    json.dumps(asdict(one), allow_nan=False)
    return one


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
        "verdict": verdict, "rule": "The rule that gave it.", "log_effect": found, "extra": Interval(*per_unit, 16),
        "before_after": 0.29, "level": 0.9, "n_controls": 3, "n_live_days": 28, "n_dropped_days": 0, "placebo_time": placebos,
        "detectable": 0.06, "pre_trend": PreTrend(0.0, 0.6, 0.0, False), "after": log(-0.05, 0.05), **options,
    })  # fmt: skip


WORKED, UNCLEAR, HURT = effect("worked", 0.17, 0.27), effect("no clear effect", -0.05, 0.04), effect("hurt", -0.2, -0.1)
DRIFTING = effect("cannot tell", 0.05, 0.2, pre_trend=PreTrend(0.002, 0.001, 0.1, True))
ALONE = replace(
    effect("cannot tell", 0.0, 0.1), log_effect=NOTHING, extra=NOTHING, n_controls=0, placebo_time=None, detectable=None,
    pre_trend=None, after=None,
)  # fmt: skip
EVERY = {"worked": WORKED, "unclear": UNCLEAR, "hurt": HURT, "drifting": DRIFTING, "alone": ALONE, "nothing": None}


@pytest.mark.parametrize("name", EVERY)
def test_every_reading_of_every_verdict_can_be_carried(name: str) -> None:
    found, plan = EVERY[name], brief()
    findings = [sane(part(found, plan)) for part in (readings.effect, readings.chance, readings.target, readings.cost)]
    findings.append(sane(readings.afterwards(found)))
    assert [one.id for one in findings] == ["effect", "chance", "target", "cost", "afterwards"]
    assert {one.status for one in findings} == (
        {"no_data"} if found is None else {"ok", "no_data"} if name == "alone" else {"ok"}
    )
    assert readings.checks(found, plan)
    said, severity = readings.verdict(found, plan)
    assert severity == findings[0].severity
    assert not re.search(r"\b(nan|None)\b", said)


@pytest.mark.parametrize(
    ("found", "severity"),
    [(WORKED, "good"), (UNCLEAR, "watch"), (HURT, "alert"), (DRIFTING, "watch"), (ALONE, "watch")],
)
def test_the_effect_has_the_severity_of_its_verdict(found: CampaignEffect, severity: str) -> None:
    assert readings.effect(found, brief()).severity == severity


def test_an_effect_comes_with_its_interval_and_what_would_have_been_seen() -> None:
    said = readings.effect(WORKED, brief())
    assert (said.estimate, said.ci_lower, said.ci_upper) == pytest.approx((WORKED.effect.estimate, 0.17, 0.27))
    assert "90% CI +17.0% to +27.0%" in said.text
    assert "+6.0%" in said.text
    assert "+29.0%" in said.text, "the plain change is named, as no effect"
    assert "+21.9%" in said.title
    assert "-15.1%" in readings.effect(HURT, brief()).title


def test_what_was_lost_is_counted_as_fewer_not_as_a_negative_gain() -> None:
    text = readings.effect(HURT, brief()).text
    assert "7,574 fewer interactions in 28 days (90% CI 5,000 to 10,000)" in text
    assert "extra" not in text


def test_without_controls_no_effect_is_estimated() -> None:
    said = readings.effect(ALONE, brief())
    assert (said.estimate, said.ci_lower, said.ci_upper) == (None, None, None)
    assert readings.cost(ALONE, brief()).estimate is None
    assert readings.target(ALONE, brief()).severity == "watch"
    assert readings.chance(ALONE, brief()).status == "no_data"


@pytest.mark.parametrize(
    ("wanted", "severity", "word"), [(0.15, "good", "reached"), (0.3, "watch", "missed"), (0.2, "info", "interval")]
)
def test_a_target_is_reached_missed_or_neither(wanted: float, severity: str, word: str) -> None:
    said = readings.target(WORKED, brief(target_lift=wanted))
    assert said.severity == severity
    assert word in said.title
    assert (said.ci_lower, said.ci_upper) == pytest.approx((0.17, 0.27))


def test_a_target_cannot_be_judged_by_an_effect_that_cannot_be_told() -> None:
    assert readings.target(DRIFTING, brief(target_lift=0.04)).severity == "watch"
    assert "reached" not in readings.target(WORKED, brief(target_lift=None)).title


def test_a_cost_comes_with_its_interval() -> None:
    said = readings.cost(WORKED, brief())
    assert said.estimate == pytest.approx(20_000 / WORKED.extra.estimate)
    assert (said.ci_lower, said.ci_upper) == pytest.approx((20_000 / (50_000 * 0.27), 20_000 / (50_000 * 0.17)))
    assert "USD" in said.title


@pytest.mark.parametrize("lower", [-0.05, 0.0])
def test_nothing_is_divided_by_an_effect_that_may_be_zero(lower: float) -> None:
    said = readings.cost(effect("no clear effect", lower, 0.2), brief())
    assert (said.estimate, said.ci_lower, said.ci_upper) == (None, None, None)
    assert "USD 20,000" in said.text, "what was spent is known"


def test_nothing_is_divided_by_an_effect_that_cannot_be_told() -> None:
    assert DRIFTING.extra.ci_lower > 0
    assert readings.cost(DRIFTING, brief()).estimate is None


def test_without_a_budget_there_is_no_cost() -> None:
    assert readings.cost(WORKED, brief(budget=[])).status == "no_data"


def test_chance_counts_the_windows_as_far_from_zero() -> None:
    apart = readings.chance(WORKED, brief())
    assert (apart.severity, apart.n) == ("good", 8)
    within = readings.chance(effect("no clear effect", -0.04, 0.06), brief())
    assert within.severity == "info"
    assert within.text.startswith("7 of 8"), "all but the one at zero lie as far out, on either side"


def test_one_window_proves_nothing() -> None:
    one = replace(WORKED, verdict="cannot tell", placebo_time=Placebos((0.01,), 0.5, 1.0))
    assert readings.chance(one, brief()).severity != "good"


@pytest.mark.parametrize(
    ("lower", "upper", "severity"), [(0.02, 0.1, "good"), (-0.1, -0.02, "watch"), (-0.05, 0.05, "info")]
)
def test_what_remains_is_called_by_its_interval(lower: float, upper: float, severity: str) -> None:
    said = readings.afterwards(replace(WORKED, after=log(lower, upper)))
    assert said.severity == severity
    assert (said.ci_lower, said.ci_upper) == pytest.approx((lower, upper))


@pytest.mark.parametrize("found", [UNCLEAR, HURT, DRIFTING])
def test_an_effect_that_was_not_there_does_not_last(found: CampaignEffect) -> None:
    said = readings.afterwards(replace(found, after=log(0.02, 0.1)))
    assert said.severity != "good"
    assert "lasted" not in said.title


def test_checks_name_what_weakens_the_estimate() -> None:
    status = {check.name: check.status for check in readings.checks(WORKED, brief())}
    assert set(status.values()) == {"PASS"}
    drift = {check.name: check.status for check in readings.checks(DRIFTING, brief())}
    assert drift["Pre-trend"] == "FAIL"
    weak = replace(WORKED, n_controls=1, n_dropped_days=3, placebo_time=Placebos((0.01, 0.02), 1 / 3, 1.5))
    event = [{"date": "2026-04-21", "note": "Tiradentes"}, {"date": "2026-12-24", "note": "Christmas"}]
    named = {check.name: check for check in readings.checks(weak, brief(events=event))}
    assert {check.status for name, check in named.items() if name != "Pre-trend"} == {"REVIEW"}
    events = next(check for check in named.values() if "Tiradentes" in check.finding)
    assert "Christmas" not in events.finding, "only what fell into the live weeks"
    assert any("3 days" in check.finding for check in named.values())
    assert readings.checks(ALONE, brief())[0].status == "FAIL"
    assert [check.status for check in readings.checks(None, brief())] == ["FAIL"]


def test_one_control_that_turns_the_result_is_named() -> None:
    steady = pd.DataFrame({"control": ["US", "MX"], "estimate": [0.15, 0.2]})
    turning = pd.DataFrame({"control": ["US", "MX"], "estimate": [-0.02, 0.2]})
    by_name = [
        {check.name: check.status for check in readings.checks(replace(WORKED, leave_one_out=one), brief())}
        for one in (steady, turning)
    ]
    (name,) = set(by_name[0]) - {check.name for check in readings.checks(WORKED, brief())}
    assert [one[name] for one in by_name] == ["PASS", "REVIEW"]


@pytest.mark.parametrize(("found", "word"), [(WORKED, "keep"), (UNCLEAR, "change"), (HURT, "stop"), (DRIFTING, "test")])
def test_the_play_follows_the_verdict(found: CampaignEffect, word: str) -> None:
    first, *more = readings.plays(found, brief(), on=date(2026, 5, 24))
    assert first.action.lower().startswith(word)
    assert (first.owner, first.review, first.because) == ("lead", date(2026, 6, 21), "effect")
    assert [play.because for play in more] == ["cost"], "no value per unit: it is asked for"
    assert len(readings.plays(found, brief(value_per_unit=0.5), on=None)) == 1
    assert readings.plays(None, brief(), on=None) == ()


def test_the_verdict_says_effect_interval_and_money() -> None:
    said, severity = readings.verdict(WORKED, brief())
    assert severity == "good"
    assert all(text in said for text in ("+21.9%", "90% CI +17.0% to +27.0%", "USD 20,000"))
    assert "Spring blend" in readings.verdict(None, brief())[0]
    assert readings.verdict(None, brief())[1] == "info"
