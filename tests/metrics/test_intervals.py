from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.errors import DataError
from fanops_utils.metrics import mean_t, median_bootstrap, ratio_of_sums, wilson
from fanops_utils.metrics.intervals import wilson_frame


@pytest.mark.parametrize(
    ("hits", "n", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_matches_newcombe_1998_table_one(hits: int, n: int, lower: float, upper: float) -> None:
    found = wilson(hits, n)
    assert (found.ci_lower, found.ci_upper) == pytest.approx((lower, upper), abs=5e-5)


def test_wilson_of_nothing_is_unknown_not_zero() -> None:
    found = wilson(0, 0)
    assert np.isnan(found.estimate) and found.n == 0


def test_wilson_refuses_more_successes_than_units() -> None:
    with pytest.raises(DataError, match="5 of 4"):
        wilson(5, 4)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_estimate_and_mirrors(pair: tuple[int, int]) -> None:
    hits, n = pair
    found, mirror = wilson(hits, n), wilson(n - hits, n)
    assert 0 <= found.ci_lower <= found.estimate <= found.ci_upper <= 1
    assert found.ci_lower == pytest.approx(1 - mirror.ci_upper, abs=1e-9)


def test_wilson_frame_keeps_the_index() -> None:
    frame = wilson_frame(pd.Series([1, 0], index=["a", "b"]), pd.Series([2, 0], index=["a", "b"]))
    assert frame.loc["a", "estimate"] == 0.5 and np.isnan(frame.loc["b", "ci_lower"])


def test_mean_t_matches_r_on_sleep_group_one() -> None:
    found = mean_t([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0, np.nan])
    assert (found.estimate, found.ci_lower, found.ci_upper) == pytest.approx((0.75, -0.5297804, 2.0297804), abs=1e-6)
    assert found.n == 10


def test_mean_of_one_value_has_no_interval() -> None:
    found = mean_t([4.0])
    assert found.estimate == 4 and np.isnan(found.ci_lower)


def test_median_bootstrap_repeats_with_its_seed_and_refuses_few() -> None:
    values = np.random.default_rng(1).lognormal(size=80)
    first = median_bootstrap(values, rng=np.random.default_rng(5))
    assert first == median_bootstrap(values, rng=np.random.default_rng(5))
    assert first.ci_lower < np.median(values) < first.ci_upper
    assert np.isnan(median_bootstrap(values[:9], rng=np.random.default_rng(5)).ci_lower)


def test_ratio_of_sums_covers_and_clusters_widen() -> None:
    rng, covered, naive = np.random.default_rng(7), 0, 0
    cluster = np.repeat(np.arange(40), 5)
    for _ in range(300):
        base = rng.integers(50, 500, 200).astype(float)
        rate = 0.05 * np.exp(np.repeat(rng.normal(0, 0.4, 40), 5) - 0.08)
        top = rng.poisson(base * rate)
        wide, narrow = ratio_of_sums(top, base, clusters=cluster), ratio_of_sums(top, base)
        covered += wide.ci_lower <= 0.05 <= wide.ci_upper
        naive += narrow.ci_lower <= 0.05 <= narrow.ci_upper
    assert wide.n == 40
    assert covered >= 0.89 * 300 > naive


def test_ratio_of_sums_without_denominator_is_unknown() -> None:
    assert np.isnan(ratio_of_sums([1, 2], [0, 0]).estimate)
    with pytest.raises(DataError, match="pairs"):
        ratio_of_sums([1, 2], [3])
