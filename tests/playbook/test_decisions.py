"""The review of a decision: strongest evidence first, four rulings, never louder than the interval."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from fanops_utils.metrics.intervals import Interval
from fanops_utils.playbook.decisions import Evidence, review, standing, strongest, to_review, trend
from fanops_utils.playbook.ended import record
from fanops_utils.workspace.registers.decision import Band, Baseline, Decision

TAKEN, REVIEW = date(2026, 6, 8), date(2026, 10, 12)
UP, DOWN = Band(low=0.05, high=0.20), Band(low=-0.30, high=-0.10)


def decision(**options: object) -> Decision:
    return Decision.model_validate(
        {"kind": "change", "action": "Move a post", "owner": "Lead", "date": TAKEN, "review": REVIEW} | options
    )


def seen(low: float, high: float, **options: object) -> Evidence:
    return Evidence(**{"strength": "trend", "change": Interval((low + high) / 2, low, high, 100)} | options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("band", "low", "high", "ruling", "why"),
    [
        (UP, 0.02, 0.15, "kept", "helped"),
        (UP, 0.06, 0.30, "kept", "helped"),
        (UP, 0.01, 0.04, "change", "short"),  # it helps, clearly less than was expected
        (UP, -0.02, 0.03, "change", "short"),  # told apart from what was expected, not from nothing
        (UP, -0.02, 0.12, "cannot_tell", "unclear"),
        (UP, -0.20, -0.01, "stop", "hurt"),
        (DOWN, -0.25, -0.05, "kept", "helped"),
        (DOWN, -0.08, 0.02, "change", "short"),
        (DOWN, 0.01, 0.20, "stop", "hurt"),
        (None, 0.01, 0.20, "kept", "helped"),
        (None, -0.01, 0.20, "cannot_tell", "unclear"),
        (None, -0.20, -0.01, "stop", "hurt"),
        (Band(low=-0.05, high=0.05), -0.04, -0.01, "kept", "helped"),  # no worse than -5 % was promised
        (Band(low=-0.05, high=0.05), -0.20, -0.06, "stop", "hurt"),
    ],
)  # fmt: skip
def test_the_ruling_follows_the_interval(band: Band | None, low: float, high: float, ruling: str, why: str) -> None:
    found = review(decision(band=band), [seen(low, high)])
    assert (found.ruling, found.why, found.sized) == (ruling, why, band is not None)


def test_the_strongest_evidence_rules_whatever_the_others_say() -> None:
    experiment = seen(0.06, 0.12, strength="experiment", source="readout")
    others = [seen(-0.4, -0.3), seen(-0.2, -0.1, strength="campaign")]
    found = review(decision(band=UP), [*others, experiment])
    assert found.ruling == "kept" and found.evidence == experiment
    assert review(decision(band=UP), others).ruling == "stop"


def test_evidence_without_an_interval_gives_way_and_alone_says_nothing() -> None:
    blind = Evidence(strength="experiment", change=Interval(0.5, np.nan, np.nan, 9))
    assert review(decision(band=UP), [blind, seen(0.06, 0.2)]).evidence.strength == "trend"  # type: ignore[union-attr]
    assert review(decision(band=UP), [blind]).why == "no_interval"
    assert review(decision(), []).why == "no_evidence"
    assert strongest([]) is None


def test_a_band_in_other_units_is_not_held_against_the_change() -> None:
    points = Band(low=0.05, high=0.2, relative=False)
    assert review(decision(band=points), [seen(0.01, 0.02)]).ruling == "kept"
    assert not review(decision(band=points), [seen(0.01, 0.02)]).sized
    assert review(decision(band=points), [seen(0.01, 0.02, relative=False)]).ruling == "change"


def test_where_the_metric_is_to_move_may_be_said() -> None:
    assert review(decision(), [seen(-0.2, -0.1)], better="down").ruling == "kept"
    assert review(decision(), [seen(0.1, 0.2)], better="down").ruling == "stop"


def test_due_from_two_weeks_before_its_day() -> None:
    said = [standing(decision(), on=REVIEW + timedelta(days=days)) for days in (-15, -14, 0, 1)]
    assert said == ["open", "due", "due", "overdue"]
    assert standing(decision(review=None), on=REVIEW) == "open"
    assert standing(decision(outcome="kept it"), on=REVIEW) == standing(decision(ended="kept"), on=REVIEW) == "reviewed"
    assert [to_review(decision(), on=REVIEW - timedelta(days=1)), to_review(decision(), on=REVIEW)] == [False, True]
    assert not to_review(decision(ended="kept"), on=REVIEW)


def test_a_trend_is_the_ratio_with_the_uncertainty_of_both_ends() -> None:
    found = trend(Baseline(value=100, low=90, high=110), Interval(120, 110, 130, 5)).change
    assert found.estimate == pytest.approx(0.2)
    assert found.ci_lower < 110 / 100 - 1 < found.estimate < found.ci_upper < 130 / 90 - 1
    fixed = trend(Baseline(value=100), Interval(120, 110, 130, 5))
    assert not fixed.told, "without an interval before there is none after"
    points = trend(Baseline(value=-3, low=-4, high=-2), Interval(1, 0, 2, 5), relative=False).change
    assert (points.estimate, points.ci_lower) == (4, pytest.approx(4 - math.sqrt(2)))
    assert not trend(Baseline(value=-3, low=-4, high=-2), Interval(1, 0, 2, 5)).told


def test_trends_on_nothing_seldom_rule_and_on_a_planted_change_often_do() -> None:
    generator = np.random.default_rng(7)

    def rulings(effect: float) -> list[str]:
        found = []
        for _ in range(1000):
            before, after = generator.normal(100, 2), generator.normal(100 * (1 + effect), 2)
            evidence = trend(
                Baseline(value=before, low=before - 3.92, high=before + 3.92),
                Interval(after, after - 3.92, after + 3.92, 50),
            )
            found.append(review(decision(), [evidence]).ruling)
        return found

    null = rulings(0.0)
    assert 0.03 < sum(one != "cannot_tell" for one in null) / 1000 < 0.07, "one in twenty by chance, no more"
    assert rulings(0.15).count("kept") > 950
    assert rulings(-0.15).count("stop") > 950


@given(low=st.floats(-0.9, 0.9), width=st.floats(0, 0.9))
def test_kept_and_stop_are_mirror_images(low: float, width: float) -> None:
    here, there = seen(low, low + width), seen(-low - width, -low)
    mirrored = {"kept": "stop", "stop": "kept", "cannot_tell": "cannot_tell"}
    assert mirrored[review(decision(), [here], better="up").ruling] == review(decision(), [there], better="up").ruling


@pytest.mark.parametrize(
    "wrong",
    [{"baseline": {"value": 1, "low": 2, "high": 3}}, {"baseline": {"value": 1, "low": 0}}, {"band": {"low": 2, "high": 1}},
     {"cost": -1}, {"review": date(2026, 6, 1)}, {"ended": "shelved"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        decision(**wrong)


def test_the_record_of_a_kind_counts_what_stands_where_and_what_was_kept() -> None:
    def taken(kind: str, **given: object) -> Decision:
        return Decision.model_validate({"kind": kind, "action": "A", "owner": "B", "date": date(2027, 1, 1)} | given)

    day = date(2027, 3, 1)
    told = [
        *(taken("change", ended=end, outcome="x") for end in ("kept", "kept", "stopped")),
        taken("change", outcome="no end written down"),
        taken("change", review=date(2027, 2, 1)), taken("change", review=date(2027, 3, 10)), taken("stop"),
    ]  # fmt: skip
    table = record(told, on=day).set_index("kind")
    assert table.loc["change", ["all", "open", "due", "overdue", "reviewed"]].tolist() == [6, 0, 1, 1, 4]
    assert table.loc["change", ["kept", "changed", "stopped", "n"]].tolist() == [2, 0, 1, 3]
    assert table.loc["change", "rate"] == pytest.approx(2 / 3)
    assert table.loc["change", "lower"] < 2 / 3 < table.loc["change", "upper"]
    assert table.loc["stop", "open"] == 1 and table.loc["stop", "rate"] != table.loc["stop", "rate"], (
        "nothing reviewed: no share"
    )
    assert record([], on=day).empty
