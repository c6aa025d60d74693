from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from fanops_utils.errors import DataError
from fanops_utils.experiments import compare, compare_all, from_frame
from fanops_utils.experiments.effects.arms import arms_of
from fanops_utils.experiments.effects.cuped import cuped
from fanops_utils.experiments.moments.measure import Measure


def _units(seed: int = 0, *, n: int = 4_000, effect: float = 0.1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    before, age, views = rng.lognormal(0, 1, n), rng.normal(40, 9, n), rng.poisson(6, n) + 1
    treated = rng.integers(0, 2, n)
    active = 1 / (1 + np.exp(2 - 0.6 * before))
    return pd.DataFrame({
        "variant": np.where(treated, "b", "a"), "before": before, "age": age, "views": views,
        "revenue": before + 0.03 * age + effect * treated + rng.lognormal(0, 0.7, n), "constant": 1.0,
        "clicks": rng.binomial(views, np.clip(active + 0.02 * treated, 0, 1)), "opened": (rng.random(n) < active).astype(float),
    })  # fmt: skip


def test_several_covariates_are_the_regression_on_all_of_them() -> None:
    units = _units()
    moments = from_frame(units, metrics=[Measure("revenue", "mean", "revenue", None, ("before", "age"))])
    found = compare(moments, "revenue", control="a", treatment="b", covariates=("before", "age"))
    design = np.column_stack([np.ones(len(units)), units["variant"] == "b", units["before"], units["age"]])
    fit = sm.OLS(units["revenue"], design).fit(cov_type="HC1")
    assert found.estimate == pytest.approx(fit.params.iloc[1], rel=1e-9)
    assert found.standard_error == pytest.approx(fit.bse.iloc[1], rel=5e-3)
    assert found.variance_cut is not None and found.variance_cut > 0.7


def test_a_covariate_that_says_nothing_takes_nothing() -> None:
    units = _units()
    moments = from_frame(units, metrics=[Measure("revenue", "mean", "revenue", None, ("constant",))])
    plain = compare(moments, "revenue", control="a", treatment="b")
    found = compare(moments, "revenue", control="a", treatment="b", covariates=("constant",))
    assert (found.estimate, found.variance_cut) == pytest.approx((plain.estimate, 0.0), abs=1e-12)
    assert found.p_value == pytest.approx(plain.p_value, rel=1e-9)


@pytest.mark.parametrize("kind", ["ratio", "conversion"])
def test_adjusted_ratios_and_shares_keep_the_error_rate_and_gain_power(kind: str) -> None:
    measure = {
        "ratio": Measure("y", "ratio", "clicks", "views", ("before",)),
        "conversion": Measure("y", "conversion", "opened", None, ("before",)),
    }[kind]
    rng, base, wrong, narrow = np.random.default_rng(1), _units(1, n=1_200), 0, 0
    for _ in range(200):
        shuffled = base.assign(variant=rng.permutation(base["variant"].to_numpy()))
        moments = from_frame(shuffled, metrics=[measure])
        plain, found = (
            compare(moments, "y", control="a", treatment="b", covariates=names) for names in ((), ("before",))
        )
        wrong += found.p_value < 0.05
        narrow += found.standard_error < plain.standard_error
    assert 2 <= wrong <= 20
    assert narrow == 200


def test_covariates_may_go_with_single_metrics() -> None:
    measures = [Measure("opened", "conversion", "opened"), Measure("revenue", "mean", "revenue", None, ("before",))]
    moments = from_frame(_units(), metrics=measures)
    opened, revenue = compare_all(moments, control="a", covariates={"revenue": ("before",)})
    assert (opened.covariates, opened.test, opened.variance_cut) == ((), "proportions_z", None)
    assert (revenue.covariates, revenue.test) == (("before",), "welch_t")
    with pytest.raises(DataError, match="Did you mean 'before'"):
        compare(moments, "revenue", control="a", treatment="b", covariates=("befor",))


@pytest.mark.parametrize("effect", [0.0, 0.15])
def test_pooled_coefficients_add_no_bias_even_where_the_arms_follow_history_differently(effect: float) -> None:
    """Theta is one for all arms, from within them: chance imbalance goes, a difference of slopes does not move the mean."""
    gaps = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        before, treated = rng.lognormal(0, 0.7, 400), rng.permutation(np.repeat([0, 1], 200))
        steeper = np.where(treated, 1.5, 0.5) * (before - np.exp(0.245))
        units = pd.DataFrame({"variant": np.where(treated, "b", "a"), "before": before})
        units["y"] = 3.0 + steeper + effect * treated + rng.normal(0, 1, 400)
        moments = from_frame(units, metrics=[Measure("y", "mean", "y", None, ("before",))])
        found = compare(moments, "y", control="a", treatment="b", covariates=("before",))
        gaps.append((found.estimate - effect, found.ci_lower <= effect <= found.ci_upper))
    apart, held = np.array(gaps).T
    assert abs(apart.mean()) < 3.5 * apart.std(ddof=1) / np.sqrt(apart.size)
    assert 0.91 <= held.mean() <= 0.98


def test_the_coefficient_is_that_of_the_regression_with_an_intercept_per_arm() -> None:
    units = _units(3)
    arms = arms_of(
        from_frame(units, metrics=[Measure("revenue", "mean", "revenue", None, ("before",))]), covariates=["before"]
    )
    theta = cuped({name: arm for (_, name), arm in arms.items()}).theta
    design = np.column_stack([units["variant"] == "a", units["variant"] == "b", units["before"]]).astype(float)
    assert theta[0] == pytest.approx(np.linalg.lstsq(design, units["revenue"], rcond=None)[0][2], rel=1e-9)
    shifted = units.assign(revenue=units["revenue"] + 50.0 * (units["variant"] == "b"))
    arms = arms_of(
        from_frame(shifted, metrics=[Measure("revenue", "mean", "revenue", None, ("before",))]), covariates=["before"]
    )
    again = cuped({name: arm for (_, name), arm in arms.items()}).theta
    assert again == pytest.approx(theta, rel=1e-9), "an effect, however large, is not in it"
