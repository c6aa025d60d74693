from __future__ import annotations

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.experiments import Gate, SampleRatio, arm_counts, sample_ratio, validity
from fanops_utils.experiments.gates.gate import Windows
from fanops_utils.workspace import Experiment, Metric
from fanops_utils.workspace.frozen import fingerprint

OPENED = Metric(name="opened", label="Opened", kind="conversion", role="decision")
POSTS = Metric(name="posts", label="Posts", kind="mean", role="exploratory", missing="drop")
PLAN = Experiment(
    id="push", title="Push", hypothesis="", owner="CRM", unit="fan", control="a",
    allocation={"a": 0.5, "b": 0.5}, metrics=(OPENED, POSTS),
)  # fmt: skip
PLAN = PLAN.model_copy(update={"frozen": fingerprint(PLAN)})


def _units(rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame({
        "unit_key": [f"u{number}" for number in range(rows)],
        "variant": ["a", "b"] * (rows // 2),
        "opened": rng.integers(0, 2, rows).astype(float),
        "posts": rng.poisson(3, rows).astype(float),
    })  # fmt: skip


def _failing(units: pd.DataFrame, plan: Experiment = PLAN) -> set[str]:
    return {gate.key for gate in validity(units, plan) if gate.stops}


@pytest.mark.parametrize(
    ("counts", "p_value", "rel"),
    [((600, 400), 2.5396e-10, 1e-4), ((44_000, 45_000), 0.000802, 1e-3), ((821_588, 815_482), 1.82e-6, 1e-2)],
)
def test_published_sample_ratios(counts: tuple[int, int], p_value: float, rel: float) -> None:
    found = sample_ratio(dict(zip("ab", counts, strict=True)), {"a": 0.5, "b": 0.5})
    assert found.p_value == pytest.approx(p_value, rel=rel)


def test_sample_ratio_follows_the_plan_and_counts_empty_arms() -> None:
    assert sample_ratio({"a": 90, "b": 10}, {"a": 0.9, "b": 0.1}).chi2 == 0
    assert sample_ratio({"a": 30}, {"a": 0.5, "b": 0.5}).observed == {"a": 30, "b": 0}
    with pytest.raises(DataError, match="not planned"):
        sample_ratio({"c": 3}, {"a": 0.5, "b": 0.5})


def test_sound_units_pass_every_gate() -> None:
    assert {gate.status for gate in validity(_units(), PLAN)} == {"PASS"}


def test_each_defect_stops_at_its_own_gate() -> None:
    units = _units()
    assert _failing(pd.concat([units, units.head(1)])) == {"units_once"}
    assert _failing(pd.concat([units, units.head(1).assign(variant="b")])) == {"one_arm"}
    assert _failing(units.assign(variant=units["variant"].replace("b", "c"))) >= {"arms_planned", "sample_ratio"}
    assert _failing(units.assign(variant=units["variant"].where(units.index > 3))) == {"units_identified"}
    assert _failing(units.drop(index=units.index[units["variant"] == "b"][:80])) == {"sample_ratio"}
    assert _failing(units.assign(posts=units["posts"].where(units.index > 0, np.inf))) == {"values:posts"}
    assert _failing(units.assign(opened=units["opened"].where(units.index > 0, 2))) == {"values:opened"}
    assert _failing(units.assign(opened=0.0)) == {"variation:opened"}
    assert _failing(units.head(2)) >= {"outcomes:opened"}


def test_a_severe_sample_ratio_says_so() -> None:
    units = _units()
    lost = units.drop(index=units.index[units["variant"] == "b"][:100])
    gate = next(gate for gate in validity(lost, PLAN) if gate.code == "sample_ratio")
    assert isinstance(gate.seen, SampleRatio) and gate.seen.is_severe
    assert gate.p_value is not None and gate.p_value < 0.001


def test_missing_outcomes_follow_the_register() -> None:
    units = _units()
    assert _failing(units.assign(opened=units["opened"].where(units.index > 0))) == {"missing:opened"}
    some = units.assign(posts=units["posts"].where(units.index >= 40))
    assert {gate.key for gate in validity(some, PLAN) if gate.status == "REVIEW"} == {"missing:posts"}
    one_arm = units.assign(posts=units["posts"].where((units["variant"] == "a") | (units.index >= 100)))
    assert _failing(one_arm) == {"missing:posts"}


def test_sound_assignments_fail_the_sample_ratio_as_often_as_the_gate_says() -> None:
    rng = np.random.default_rng(6)
    left = rng.binomial(5_000, 0.5, 2_000)
    p_values = np.array([sample_ratio({"a": n, "b": 5_000 - n}, {"a": 0.5, "b": 0.5}).p_value for n in left])
    assert 0.004 <= np.mean(p_values < 0.01) <= 0.018


def test_no_units_or_columns_are_refused() -> None:
    with pytest.raises(DataError, match="no units"):
        validity(_units().head(0), PLAN)
    with pytest.raises(DataError, match="opened"):
        validity(_units().drop(columns="opened"), PLAN)


WINDOW = Experiment(
    id="gift", title="Gift", hypothesis="", owner="CRM", unit="fan", control="a", allocation={"a": 0.5, "b": 0.5},
    metrics=(
        OPENED, Metric(name="kept", label="Kept", kind="retention", role="exploratory", window_days=7, missing="drop"),
    ),
)  # fmt: skip


def _kept(first_missing: int, *, zone: str | None = None) -> pd.DataFrame:
    """Twenty units a day for twenty days; those who came from day *first_missing* on have no outcome yet."""
    units = _units()
    day = np.arange(len(units)) // 20
    kept = np.where(day >= first_missing, np.nan, np.arange(len(units)) % 2)
    came = pd.Series(pd.Timestamp("2026-05-01 20:00") + pd.to_timedelta(day, "D")).dt.tz_localize(zone)
    return units.assign(kept=kept, assigned_at=came)


def _window(units: pd.DataFrame, as_of: date | None = None) -> Gate:
    table = ibis.memtable(units)
    one, other = (
        next(gate for gate in validity(given, WINDOW, as_of=as_of) if gate.key == "window:kept")
        for given in (units, table)
    )
    assert one == other
    return one


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_outcomes_before_their_window_is_over_are_seen(zone: str | None) -> None:
    assert _window(_kept(13, zone=zone)).status == "PASS"  # the 14th day's window ends a day after the last
    gate = _window(_kept(20, zone=zone))
    assert gate.status == "REVIEW"
    assert gate.seen == Windows(early=120, late=0)
    assert _window(_kept(20, zone=zone), as_of=date(2026, 5, 27)).status == "PASS"


def test_outcomes_missing_after_their_window_are_seen() -> None:
    assert _window(_kept(9)).seen == Windows(early=0, late=60)
    assert _window(_kept(13), as_of=date(2026, 6, 30)).seen == Windows(early=0, late=140)


def test_a_day_that_a_time_zone_may_shift_is_no_finding() -> None:
    assert [_window(_kept(day)).status for day in (11, 12, 13, 14)] == ["REVIEW", "PASS", "PASS", "PASS"]


def test_without_days_a_window_cannot_be_checked() -> None:
    keys = {gate.key for gate in validity(_kept(13).drop(columns="assigned_at"), WINDOW)}
    assert "missing:kept" in keys
    assert "window:kept" not in keys


def test_units_per_arm_are_those_of_frame_and_table() -> None:
    units = _units().head(301)
    counted = arm_counts(units, PLAN)
    assert counted["units"].tolist() == [151, 150]
    assert counted["expected"].tolist() == [150.5, 150.5]
    pd.testing.assert_frame_equal(arm_counts(ibis.memtable(units), PLAN), counted)
