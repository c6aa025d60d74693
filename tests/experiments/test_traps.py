"""The faults of other engines, each once: what must not happen here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from scipy.stats import binom
from statsmodels.stats import proportion

from fanops_utils.experiments import Reason, compare, compare_all, from_counts, from_frame
from fanops_utils.experiments.effects.comparison import Comparison
from fanops_utils.experiments.simulation.simulate import clusters
from fanops_utils.experiments.statistics.proportions import newcombe, score
from fanops_utils.experiments.statistics.relative import fieller


def _two(control: list[float], treatment: list[float]) -> Comparison:
    units = pd.DataFrame({"variant": ["a"] * len(control) + ["b"] * len(treatment), "y": [*control, *treatment]})
    return compare(from_frame(units, metrics={"y": "mean"}), "y", control="a", treatment="b")


def test_a_negative_control_has_no_percentage_and_says_why() -> None:
    falling = _two([-9.0, -10.0, -11.0, -10.0], [1.0, 2.0, 3.0, 2.0])
    assert (falling.lift, falling.lift_why) == (None, Reason("control_not_positive"))
    assert falling.ci_lower < falling.estimate < falling.ci_upper
    near = _two([-5.0, 6.0, -4.0, 5.0], [9.0, 11.0, 10.0, 12.0])
    assert (near.lift, near.lift_why) == (None, Reason("control_may_be_zero"))


@pytest.mark.parametrize("counts", [(1, 3, 0, 3), (5, 9, 2, 8), (0, 20, 3, 20), (20, 20, 15, 20), (0, 5, 0, 5)])
def test_small_shares_have_intervals_within_one(counts: tuple[int, int, int, int]) -> None:
    for low, high in (newcombe(*counts), score(*counts)):
        assert -1 <= low <= high <= 1
        assert np.isfinite([low, high]).all()
        assert low - 1e-6 <= counts[0] / counts[1] - counts[2] / counts[3] <= high + 1e-6


def test_newcombe_and_score_agree_on_large_samples() -> None:
    for one, two in zip(newcombe(520, 10_000, 500, 10_000), score(520, 10_000, 500, 10_000), strict=True):
        assert one == pytest.approx(two, abs=5e-5)


@pytest.mark.parametrize(
    ("counts", "bounds"),
    [
        ((56, 70, 48, 80), (0.0528, 0.3382)), ((9, 10, 3, 10), (0.1700, 0.8406)), ((6, 7, 2, 7), (0.0342, 0.8534)),
        ((5, 56, 0, 29), (-0.0326, 0.1933)),
    ],
)  # fmt: skip
def test_the_score_interval_is_the_published_one(
    counts: tuple[int, int, int, int], bounds: tuple[float, float]
) -> None:
    assert score(*counts) == pytest.approx(bounds, abs=5e-5)  # Newcombe 1998, table II, Miettinen and Nurminen


def test_the_score_interval_is_that_of_r() -> None:
    assert score(7, 34, 1, 34) == pytest.approx((0.0270416, 0.3452912), abs=1e-6)  # PropCIs::diffscoreci


def _score_z(counts: tuple[int, int, int, int], difference: float) -> float:
    """Return the score statistic with the shares that maximise the likelihood, found by search."""
    hits, n, base_hits, base_n = counts

    def unlikely(base: float) -> float:
        share = min(max(base + difference, 1e-15), 1 - 1e-15)
        return -float(binom.logpmf(hits, n, share) + binom.logpmf(base_hits, base_n, base))

    ends = max(0.0, -difference) + 1e-12, min(1.0, 1 - difference) - 1e-12
    base = optimize.minimize_scalar(unlikely, bounds=ends, method="bounded", options={"xatol": 1e-13}).x
    share, whole = base + difference, n + base_n
    spread = (share * (1 - share) / n + base * (1 - base) / base_n) * whole / (whole - 1)
    return float((hits / n - base_hits / base_n - difference) / np.sqrt(spread))


@settings(max_examples=40)
@given(st.integers(8, 900), st.integers(8, 900), st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_the_score_interval_ends_where_the_score_test_turns(n: int, m: int, share: float, other: float) -> None:
    counts = (min(max(round(share * n), 1), n - 1), n, min(max(round(other * m), 1), m - 1), m)
    low, high = score(*counts)
    assert _score_z(counts, low) == pytest.approx(1.959964, abs=2e-3)
    assert _score_z(counts, high) == pytest.approx(-1.959964, abs=2e-3)


def test_statsmodels_score_interval_is_near_and_its_test_of_no_difference_the_same() -> None:
    """Only near: the cubic of statsmodels 0.15 has a wrong coefficient away from no difference."""
    for counts in ((56, 70, 48, 80), (364, 1797, 154, 1732), (300, 492, 562, 678), (7, 34, 1, 34)):
        theirs = proportion.confint_proportions_2indep(*counts, method="score", compare="diff", correction=True)
        assert score(*counts) == pytest.approx(theirs, abs=1e-2)
        found = proportion.score_test_proportions_2indep(*counts, value=0, compare="diff", correction=True)
        assert _score_z(counts, 0.0) == pytest.approx(found.statistic, rel=1e-6)
    assert np.isfinite(score(1, 234, 138, 2462)).all()  # where statsmodels finds no end


def test_p_values_do_not_underflow() -> None:
    shares = compare(
        from_counts({"a": (1_000, 100_000), "b": (2_400, 100_000)}, metric="y"), "y", control="a", treatment="b"
    )
    assert 0 < shares.p_value < 1e-100
    rng = np.random.default_rng(0)
    means = _two(list(rng.normal(0, 1, 5_000)), list(rng.normal(0.5, 1, 5_000)))
    assert 0 < means.p_value < 1e-80


def test_the_lift_covers_at_every_size() -> None:
    """Taking the control as known covers 83.5 % at twice the control; Fieller keeps its 95."""
    rng, truth = np.random.default_rng(1), 1.0
    n, base = 2_000, 0.05
    control, treated = rng.binomial(n, base, 6_000) / n, rng.binomial(n, base * (1 + truth), 6_000) / n
    errors = treated * (1 - treated) / n, control * (1 - control) / n
    _, low, high = fieller(treated, errors[0], control, errors[1], critical=1.959964)
    assert 0.94 <= np.mean((low <= truth) & (truth <= high)) <= 0.96


def test_few_clusters_do_not_find_what_is_not_there() -> None:
    found = clusters(np.random.default_rng(2), 4_000, 0.0, groups=5)
    assert 0.030 <= np.mean(found["cluster_means"].p_value < 0.05) <= 0.065
    assert np.mean(found["units_as_units"].p_value < 0.05) > 0.15


def test_the_same_units_in_both_arms_or_nothing_at_all_do_not_break_it() -> None:
    same = _two([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert (same.estimate, same.p_value) == (0, 1)
    still = _two([2.0, 2.0, 2.0], [2.0, 2.0, 2.0])
    assert (still.p_value, still.ci_lower, still.ci_upper, still.lift) == (1, 0, 0, None)
    apart = _two([2.0, 2.0], [3.0, 3.0])
    assert np.isnan([apart.p_value, apart.ci_lower]).all()
    assert apart.cannot_tell == Reason("no_variation")


def test_an_arm_of_one_is_told_not_raised_where_many_are_read() -> None:
    units = pd.DataFrame({"variant": ["a", "a", "a", "b", "c", "c"], "y": [1.0, 2.0, 3.0, 9.0, 1.0, 2.0]})
    lonely, fine = compare_all(from_frame(units, metrics={"y": "mean"}), control="a")
    assert lonely.cannot_tell == Reason("few_units", n=1, name="b")
    assert np.isnan(lonely.p_value)
    assert fine.cannot_tell is None


def test_a_ratio_without_a_denominator_cannot_be_told() -> None:
    from fanops_utils.experiments.moments.measure import Measure

    units = pd.DataFrame(
        {"variant": ["a", "a", "b", "b"], "clicks": [1.0, 2.0, 0.0, 0.0], "views": [5.0, 6.0, 0.0, 0.0]}
    )
    (found,) = compare_all(from_frame(units, metrics=[Measure("r", "ratio", "clicks", "views")]), control="a")
    assert found.cannot_tell == Reason("zero_denominator")
