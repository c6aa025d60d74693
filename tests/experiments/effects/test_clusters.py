from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.experiments import Reason, compare, from_frame
from fanops_utils.experiments.effects.clusters import cluster_means, icc, permutation, switchback
from fanops_utils.experiments.moments.measure import Measure

ARMS = {"variant": "variant", "control": "a", "treatment": "b"}


def _units(groups: int, *, effect: float = 0.0, seed: int = 0, size: int = 30, between: float = 0.5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    community = np.repeat(np.arange(2 * groups), size)
    own = rng.normal(0, between, 2 * groups)
    frame = pd.DataFrame({"community": community, "variant": np.where(community % 2, "b", "a")})
    frame["before"] = own[community] + rng.normal(0, 0.3, len(frame))
    return frame.assign(y=2 + own[community] + rng.normal(0, 1, len(frame)) + effect * (frame["variant"] == "b"))


def test_too_few_clusters_give_no_test_and_say_so() -> None:
    units = _units(3)
    found = compare(from_frame(units, metrics={"y": "mean"}, cluster="community"), "y", control="a", treatment="b")
    assert found.cannot_tell == Reason("few_clusters", n=6, least=10)
    assert np.isnan([found.p_value, found.ci_lower, found.ci_upper]).all()
    few = cluster_means(units, value="y", cluster="community", **ARMS).cannot_tell
    assert few == Reason("few_slots", n=3, other=3, least=10)


def test_equal_clusters_give_the_t_test_of_their_means() -> None:
    units = _units(12, effect=0.4)
    found = compare(from_frame(units, metrics={"y": "mean"}, cluster="community"), "y", control="a", treatment="b")
    means = cluster_means(units, value="y", cluster="community", **ARMS)
    assert (found.estimate, found.p_value, found.df) == pytest.approx((means.estimate, means.p_value, 22.0))
    assert (found.ci_lower, found.ci_upper) == pytest.approx((means.ci_lower, means.ci_upper))
    assert (found.clusters, found.n) == (24, 720)


def test_a_covariate_takes_the_difference_between_communities_out() -> None:
    units = _units(20, effect=0.3, seed=1)
    moments = from_frame(units, metrics=[Measure("y", "mean", "y", None, ("before",))], cluster="community")
    plain = compare(moments, "y", control="a", treatment="b")
    adjusted = compare(moments, "y", control="a", treatment="b", covariates=["before"])
    assert adjusted.variance_cut is not None and adjusted.variance_cut > 0.5
    assert adjusted.standard_error < 0.8 * plain.standard_error
    assert adjusted.df == plain.df - 1
    assert adjusted.ci_lower < 0.3 < adjusted.ci_upper


def test_a_cluster_in_two_arms_is_refused() -> None:
    units = _units(6)
    units.loc[0, "variant"] = "b"
    with pytest.raises(DataError, match="both arms"):
        cluster_means(units, value="y", cluster="community", **ARMS)


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
