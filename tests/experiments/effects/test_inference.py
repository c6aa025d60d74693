from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_data import shared

from fanops_utils.errors import DataError
from fanops_utils.experiments import Comparison, adjust, compare, comparison_table, from_counts, from_frame

SLEEP = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
values = st.lists(st.floats(-1e4, 1e4, allow_subnormal=False), min_size=4, max_size=30)


def _two(control: list[float], treatment: list[float], **options: float) -> Comparison:
    arms = ["a"] * len(control) + ["b"] * len(treatment)
    moments = from_frame(pd.DataFrame({"variant": arms, "y": [*control, *treatment]}), metrics={"y": "mean"})
    return compare(moments, "y", control="a", treatment="b", **options)  # type: ignore[arg-type]


def _counts(control: tuple[int, int], treatment: tuple[int, int], **options: object) -> Comparison:
    moments = from_counts({"a": control, "b": treatment}, metric="y")
    return compare(moments, "y", control="a", treatment="b", **options)  # type: ignore[arg-type]


def test_pooled_z_matches_statsmodels_documentation() -> None:
    assert _counts((12, 99), (5, 83)).p_value == pytest.approx(0.159, abs=5e-4)


@pytest.mark.parametrize(
    ("treatment", "control", "p_value", "lower", "upper"),
    [
        ((179, 300), (203, 400), 0.01904, 0.01512659, 0.16320674),
        ((40, 200), (200, 800), 0.1386, -0.11303578, 0.01303578),
    ],
)
def test_published_tables_of_two_proportions(
    treatment: tuple[int, int], control: tuple[int, int], p_value: float, lower: float, upper: float
) -> None:
    found = _counts(control, treatment, method="wald")
    assert found.p_value == pytest.approx(p_value, rel=1e-3)
    assert (found.ci_lower, found.ci_upper) == pytest.approx((lower, upper), abs=5e-8)


def test_newcombe_interval_matches_its_paper() -> None:
    found = _counts((48, 80), (56, 70))  # Newcombe 1998, example a, method 10
    assert (found.ci_lower, found.ci_upper) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_welch_matches_r_on_sleep() -> None:
    found = _two(SLEEP[1], SLEEP[0])
    assert (found.df, found.p_value) == pytest.approx((17.776, 0.07939), rel=1e-4)
    assert (found.ci_lower, found.ci_upper) == pytest.approx((-3.3654832, 0.2054832), abs=1e-6)


def test_welch_from_sums_matches_growthbook() -> None:
    rows = []
    for name, total, square, n in (("a", 1396.87, 52377.9767, 3407), ("b", 2422.7, 134698.29, 3461)):
        rows.append((name, "y", "mean", n, 0, total / n, (square - total**2 / n) / (n - 1)))
    moments = pd.DataFrame(rows, columns=["variant", "metric", "kind", "n", "missing", "mean", "var"])
    found = compare(moments, "y", control="a", treatment="b")
    assert found.p_value == pytest.approx(0.02016, abs=5e-5)
    assert (found.ci_lower, found.ci_upper) == pytest.approx((0.04538, 0.53462), abs=5e-5)


def test_tiny_p_values_do_not_turn_into_zero() -> None:
    assert 0 < _counts((1_000, 100_000), (2_000, 100_000)).p_value < 1e-70


@settings(max_examples=40, deadline=None)
@given(values, values)
def test_swapping_the_arms_flips_the_sign(control: list[float], treatment: list[float]) -> None:
    there, back = _two(control, treatment), _two(treatment, control)
    assert there.estimate == -back.estimate
    assert (there.ci_lower, there.ci_upper) == pytest.approx((-back.ci_upper, -back.ci_lower), nan_ok=True)
    assert there.p_value == pytest.approx(back.p_value, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 50), st.integers(0, 70))
def test_swapping_the_arms_flips_newcombe(control: int, treatment: int) -> None:
    there, back = _counts((control, 50), (treatment, 70)), _counts((treatment, 70), (control, 50))
    assert (there.ci_lower, there.ci_upper) == pytest.approx((-back.ci_upper, -back.ci_lower), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(values, values, st.floats(0.01, 1000))
def test_the_unit_of_measurement_does_not_matter(control: list[float], treatment: list[float], factor: float) -> None:
    if np.ptp(control) < 1e-3 or np.ptp(treatment) < 1e-3:
        return
    small = _two(control, treatment)
    large = _two([factor * value for value in control], [factor * value for value in treatment])
    assert large.p_value == pytest.approx(small.p_value, rel=1e-6)
    assert large.ci_upper == pytest.approx(factor * small.ci_upper, rel=1e-6, abs=1e-9 * factor)


def test_a_large_offset_keeps_the_variance() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(size=500)
    plain, shifted = (
        _two(list(noise[:250]), list(noise[250:])),
        _two(list(noise[:250] + 1.7e9), list(noise[250:] + 1.7e9)),
    )
    assert shifted.p_value == pytest.approx(plain.p_value, rel=1e-4)  # sums of squares lose the sign of the variance


def test_no_relative_lift_where_the_control_may_be_zero() -> None:
    assert _two([-5.0, 5.0, -4.0, 6.0], [9.0, 11.0, 10.0, 12.0]).lift is None
    assert _two([-9.0, -10.0, -11.0], [9.0, 11.0, 10.0]).lift is None
    assert _counts((0, 50), (5, 50)).lift is None


def test_fieller_covers_a_large_planted_lift() -> None:
    rng, covered = np.random.default_rng(5), 0
    for _ in range(250):
        control, treatment = rng.lognormal(0, 1, 300), 1.5 * rng.lognormal(0, 1, 300)
        lift = _two(list(control), list(treatment)).lift
        assert lift is not None
        covered += lift.ci_lower <= 0.5 <= lift.ci_upper
    assert 0.92 <= covered / 250 <= 0.98


@pytest.mark.parametrize("kind", ["conversion", "mean"])
def test_same_arms_are_called_different_in_five_percent(kind: str) -> None:
    rng, n = np.random.default_rng(20), 2_000
    draws = rng.binomial(n, 0.06, (1_500, 2)) / n if kind == "conversion" else rng.normal(0, 1, (1_500, 2)) / np.sqrt(n)
    var = draws * (1 - draws) if kind == "conversion" else np.ones_like(draws)
    rejected = 0
    for mean, variance in zip(draws, var, strict=True):
        rows = [(name, "y", kind, n, 0, mean[arm], variance[arm]) for arm, name in enumerate("ab")]
        moments = pd.DataFrame(rows, columns=["variant", "metric", "kind", "n", "missing", "mean", "var"])
        rejected += compare(moments, "y", control="a", treatment="b").p_value < 0.05
    assert 0.04 <= rejected / 1_500 <= 0.06


def test_benjamini_and_hochberg_reject_four_and_holm_three() -> None:
    published = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
    ]  # fmt: skip
    found = [_with_p(p_value) for p_value in published]
    assert sum(item.p_adjusted < 0.05 for item in adjust(found, method="fdr_bh")) == 4  # type: ignore[operator]
    assert sum(item.p_adjusted < 0.05 for item in adjust(found, method="holm")) == 3  # type: ignore[operator]


def test_the_table_is_tidy_and_lift_is_nan_where_undefined() -> None:
    table = comparison_table([_counts((0, 50), (5, 50))])
    assert {"estimate", "ci_lower", "ci_upper", "n", "p_value", "test", "variance"} <= set(table.columns)
    assert table.loc[0, "n"] == 100 and np.isnan(table.loc[0, "lift"])


def test_unknown_arms_and_metrics_name_the_nearest() -> None:
    moments = from_counts({"plain": (5, 50), "badge": (6, 50)}, metric="opened")
    with pytest.raises(DataError, match="Did you mean 'opened'"):
        compare(moments, "open", control="plain", treatment="badge")
    with pytest.raises(DataError, match="Did you mean 'badge'"):
        compare(moments, "opened", control="plain", treatment="bagde")


def test_cookie_cats_gives_the_published_comparisons() -> None:
    units = pd.read_csv(shared("cookie_cats") / "cookie_cats.csv")
    moments = from_frame(units, variant="version", metrics={"retention_1": "conversion", "retention_7": "conversion"})
    day1, day7 = (compare(moments, f"retention_{day}", control="gate_30", treatment="gate_40") for day in (1, 7))
    assert (day1.control_mean, day1.treatment_mean) == pytest.approx((0.448188, 0.442283), abs=1e-6)
    assert (day7.control_mean, day7.treatment_mean) == pytest.approx((0.190201, 0.182000), abs=1e-6)
    assert (day1.p_value, day7.p_value) == pytest.approx((0.07441, 0.001554), rel=1e-2)
    wald = compare(moments, "retention_7", control="gate_30", treatment="gate_40", method="wald")
    for found in (day7, wald):
        assert (found.ci_lower, found.ci_upper) == pytest.approx((-0.01328, -0.00312), abs=5e-5)
    assert wald.ci_lower != day7.ci_lower


def test_hillstrom_gives_the_published_comparisons() -> None:
    units = pd.read_csv(shared("hillstrom_email") / "hillstorm_Complete_NotDisc.csv")
    moments = from_frame(units, variant="segment", metrics={"visit": "conversion", "spend": "mean"})
    for metric, arm, expected in (
        ("visit", "Mens E-Mail", (0.07659, 0.06995, 0.08323)),
        ("visit", "Womens E-Mail", (0.04523, 0.03889, 0.05157)),
        ("spend", "Mens E-Mail", (0.770, 0.485, 1.055)),
    ):
        found = compare(moments, metric, control="No E-Mail", treatment=arm)
        tolerance = 5e-4 if metric == "spend" else 5e-5
        assert (found.estimate, found.ci_lower, found.ci_upper) == pytest.approx(expected, abs=tolerance)


def _with_p(p_value: float) -> Comparison:
    base = _counts((5, 50), (6, 50))
    return Comparison(**{**base.__dict__, "p_value": p_value})
