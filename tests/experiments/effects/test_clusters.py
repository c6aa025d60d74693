from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fanops_utils.experiments import Comparison, Reason, compare, from_frame, read_out
from fanops_utils.experiments.effects.clusters import icc, permutation, switchback
from fanops_utils.experiments.moments.measure import Measure
from fanops_utils.workspace import Experiment

ARMS = {"variant": "variant", "control": "a", "treatment": "b"}


def _units(groups: int, *, effect: float = 0.0, seed: int = 0, size: int = 30, between: float = 0.5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    community = np.repeat(np.arange(2 * groups), size)
    own = rng.normal(0, between, 2 * groups)
    frame = pd.DataFrame({"community": community, "variant": np.where(community % 2, "b", "a")})
    frame["before"] = own[community] + rng.normal(0, 0.3, len(frame))
    return frame.assign(y=2 + own[community] + rng.normal(0, 1, len(frame)) + effect * (frame["variant"] == "b"))


def _read(units: pd.DataFrame, **options: Any) -> Comparison:
    return compare(
        from_frame(units, metrics={"y": "mean"}, cluster="community"), "y", control="a", treatment="b", **options
    )


def test_too_few_clusters_in_the_smaller_arm_give_no_test_however_many_the_other_has() -> None:
    for groups, other in ((3, 3), (18, 2), (37, 3)):
        units = pd.concat(
            [_units(groups), _units(other).assign(variant="b", community=lambda x: x["community"] + 1_000)]
        )
        units = units[(units["variant"] == "a") | (units["community"] >= 1_000)]
        units = units[(units["variant"] == "a") | (units["community"] % 2 == 1)]
        found = _read(units)
        assert found.cannot_tell == Reason("few_clusters", n=other, least=4)
        assert np.isnan([found.p_value, found.ci_lower, found.ci_upper]).all()
    assert _read(_units(4)).cannot_tell is None, "four in each are enough"
    assert _read(_units(4), least_clusters=10).cannot_tell == Reason("few_clusters_in_all", n=8, least=10)
    assert _read(_units(4), alpha=0.001).cannot_tell == Reason("few_allocations", n=4, other=4)


def test_clusters_give_welchs_t_of_their_means_each_counting_once() -> None:
    units = _units(12, effect=0.4)
    units = units.drop(index=units.index[(units["community"] < 6) & (units.groupby("community").cumcount() > 8)])
    found = _read(units)
    means = units.groupby(["variant", "community"])["y"].mean()
    by_scipy = stats.ttest_ind(means["b"], means["a"], equal_var=False)
    assert (found.estimate, found.p_value, found.df) == pytest.approx(
        (means["b"].mean() - means["a"].mean(), by_scipy.pvalue, by_scipy.df)
    )
    assert (found.ci_lower, found.ci_upper) == pytest.approx(tuple(by_scipy.confidence_interval()))
    assert (found.clusters, found.n) == (24, len(units))


def test_a_covariate_takes_the_difference_between_communities_out() -> None:
    units = _units(20, effect=0.3, seed=1)
    moments = from_frame(units, metrics=[Measure("y", "mean", "y", None, ("before",))], cluster="community")
    plain = compare(moments, "y", control="a", treatment="b")
    adjusted = compare(moments, "y", control="a", treatment="b", covariates=["before"])
    assert adjusted.variance_cut is not None and adjusted.variance_cut > 0.5
    assert adjusted.standard_error < 0.8 * plain.standard_error
    assert adjusted.df < plain.df
    assert adjusted.ci_lower < 0.3 < adjusted.ci_upper


def _slots(seed: int, *, effect: float, days: int = 28, carry: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 2, days)
    frame = pd.DataFrame({"slot": np.arange(days * 4), "day": np.repeat(np.arange(days), 4)})
    on = np.column_stack([first, first, 1 - first, 1 - first]).ravel()
    before = np.concatenate([[on[0]], on[:-1]])
    level = rng.normal(0, 1, days)[frame["day"]]
    frame["variant"] = np.where(on, "b", "a")
    return frame.assign(y=10 + level + effect * on + carry * effect * (before - on) + rng.normal(0, 0.5, len(frame)))


def test_switchback_within_days_is_sharper_and_covers() -> None:
    covered, narrow = 0, 0
    for seed in range(50):
        slots = _slots(seed, effect=0.5)
        plain = switchback(slots, value="y", slot="slot", **ARMS)
        within = switchback(slots, value="y", slot="slot", block="day", **ARMS)
        covered += within.ci_lower <= 0.5 <= within.ci_upper
        narrow += within.ci_upper - within.ci_lower < plain.ci_upper - plain.ci_lower
    assert 43 <= covered <= 50
    assert narrow > 44


def test_washout_leaves_out_what_the_arm_before_still_moves() -> None:
    biased = [
        switchback(_slots(seed, effect=2.0, carry=0.5), value="y", slot="slot", **ARMS).estimate for seed in range(15)
    ]
    clean = [
        switchback(_slots(seed, effect=2.0, carry=0.5), value="y", slot="slot", washout=1, **ARMS).estimate
        for seed in range(15)
    ]
    assert np.mean(biased) < 1.7
    assert np.mean(clean) == pytest.approx(2.0, abs=0.2)


def test_permutation_is_calibrated_and_finds_a_planted_difference() -> None:
    rng = np.random.default_rng(5)
    arms = np.tile([False, True], 12)
    null = [permutation(rng.lognormal(0, 1, 24), arms, rng=rng, draws=400) for _ in range(300)]
    assert 0.02 <= np.mean(np.array(null) < 0.05) <= 0.085
    values = rng.normal(0, 1, 24) + 3 * arms
    assert permutation(values, arms, rng=rng) < 0.001
    assert permutation(values, arms, rng=rng, blocks=np.repeat(np.arange(12), 2)) < 0.002


def test_icc_finds_the_planted_correlation() -> None:
    units = _units(200, between=0.5, seed=3)
    assert icc(units["y"], units["community"]) == pytest.approx(0.25 / 1.25, abs=0.04)
    assert icc(units["y"].sample(frac=1, random_state=0).to_numpy(), units["community"]) < 0.01
    assert np.isnan(icc([1.0, 2.0], [0, 1]))


def _towns(treated: int, control: int, *, effect: float = 0.0, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    size = np.maximum(rng.lognormal(3, 0.8, treated + control), 4).astype(int)
    town = np.repeat(np.arange(size.size), size)
    own = rng.normal(0, 0.3, size.size)
    arm = np.where(town < treated, "b", "a")
    values = 5 + own[town] + rng.normal(0, 1, town.size) + effect * (arm == "b")
    return pd.DataFrame({"unit_key": np.arange(town.size).astype(str), "town": town, "variant": arm, "y": values})


def _towns_plan(treated: int, control: int) -> Experiment:
    return Experiment.model_validate({
        "id": "towns", "title": "Towns", "hypothesis": "", "owner": "CRM", "unit": "fan", "control": "a", "cluster": "town",
        "allocation": {"a": control, "b": treated}, "metrics": [{"name": "y", "label": "Y", "kind": "mean", "role": "decision"}],
    })  # fmt: skip


def test_two_towns_against_eighteen_never_ship_and_four_against_thirty_six_are_drawn_again() -> None:
    few = read_out(_towns(2, 18, effect=3.0), _towns_plan(2, 18))
    assert (few.verdict, few.winner, few.rules[0].code) == ("stop", None, "untold")
    units, plan = _towns(4, 36, effect=1.5), _towns_plan(4, 36)
    for given in (units, ibis.memtable(units)):
        found = read_out(given, plan)
        assert (found.verdict, found.comparisons[0].test, found.comparisons[0].draws) == (
            "ship",
            "cluster_means_drawn",
            9_999,
        )
    null = read_out(_towns(4, 36, seed=5), plan)
    assert null.verdict == "stop"
    assert (null.comparisons[0].p_value > 0.05) == (null.comparisons[0].ci_lower < 0 < null.comparisons[0].ci_upper)
