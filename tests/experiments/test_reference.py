"""Published numbers, one test each, numbered as in the table they were collected in."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from shared_data import shared

from fanops_utils.experiments import compare, from_counts, from_frame, sample_ratio
from fanops_utils.experiments.designs import formulas as planning
from fanops_utils.experiments.effects.arms import arms_of
from fanops_utils.experiments.looks.always_valid import log_mixture, mixture_bound, share_interval, tuning
from fanops_utils.experiments.looks.spending import classic_bounds, one_sided_bounds
from fanops_utils.experiments.moments.measure import Measure
from fanops_utils.experiments.portfolio.arm_tables import sample_ratios
from fanops_utils.experiments.portfolio.lessons import peeked_error
from fanops_utils.experiments.simulation.peeking import share_paths, stops
from fanops_utils.experiments.statistics.bayes import relative_shares
from fanops_utils.experiments.statistics.multiple import adjusted_p
from fanops_utils.experiments.statistics.proportions import pooled_z, race, wald
from fanops_utils.experiments.statistics.randomised import features, ratio_error
from fanops_utils.experiments.statistics.relative import delta_lift, fieller
from fanops_utils.experiments.statistics.tails import t_critical

EVEN = {"a": 0.5, "b": 0.5}
SLEEP = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
BH_1995 = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "yates", "x_squared", "p_value", "interval"),
    [
        pytest.param((5, 83, 12, 99), False, None, 0.15918, None, id="1"),
        pytest.param((490, 500, 400, 500), True, 80.909, None, (0.1408536, 0.2191464), id="2"),
        pytest.param((179, 300, 203, 400), False, 5.4979, 0.01904, (0.01512659, 0.16320674), id="3"),
        pytest.param((40, 200, 200, 800), False, 2.193, 0.1386, (-0.11303578, 0.01303578), id="4"),
        pytest.param((342, 400, 290, 400), True, 19.598, 9.559e-06, (0.07177443, 0.18822557), id="5"),
        pytest.param((20119, 45489, 20034, 44700), False, 1.7840862**2, 0.0744097, None, id="15"),
        pytest.param((8279, 45489, 8502, 44700), False, None, 0.001554, (-0.0133, -0.0031), id="16"),
    ],
)
def test_two_shares(
    counts: tuple[int, int, int, int], yates: bool, x_squared: float | None, p_value: float | None,
    interval: tuple[float, float] | None,
) -> None:  # fmt: skip
    z, p = pooled_z(*counts, correction=yates)
    if x_squared is not None:
        assert z**2 == pytest.approx(x_squared, rel=2e-4)
    if p_value is not None:
        assert p == pytest.approx(p_value, rel=1e-3)
    if interval is not None:
        tolerance = 5e-8 if abs(interval[0]) * 1e6 % 1 > 1e-6 else 5e-5
        assert wald(*counts, correction=yates) == pytest.approx(interval, abs=tolerance)


def test_6_welch_of_sleep() -> None:
    units = pd.DataFrame({"variant": ["b"] * 10 + ["a"] * 10, "y": [*SLEEP[0], *SLEEP[1]]})
    found = compare(from_frame(units, metrics={"y": "mean"}), "y", control="a", treatment="b")
    assert found.z == pytest.approx(-1.8608, abs=5e-5)
    assert (found.df, found.p_value) == pytest.approx((17.776, 0.07939), rel=1e-4)
    assert (found.ci_lower, found.ci_upper) == pytest.approx((-3.3654832, 0.2054832), abs=1e-7)


def test_7_power_of_two_shares() -> None:
    assert planning.share_power(50, 0.5, 0.25) == pytest.approx(0.740167, abs=2e-6)
    assert planning.share_units(0.5, 0.25, power=0.9, formula="pooled") == pytest.approx(76.707, abs=1e-3)


def test_8_power_of_two_means() -> None:
    assert planning.mean_power(20, 1, 1) == pytest.approx(0.8689528, abs=1e-6)
    assert planning.mean_units(1, 1, power=0.9) == pytest.approx(22.02110, abs=2e-5)
    assert planning.mean_units(1, 0.5) == pytest.approx(63.76561, abs=2e-5)


@pytest.mark.parametrize(("formula", "units"), [("miller", 1030.2), ("pooled", 1093.7), ("cohen-h", 1091.9)])
def test_9_three_formulas_of_one_question(formula: planning.Formula, units: float) -> None:
    assert planning.share_units(0.20, 0.05, formula=formula) == pytest.approx(units, abs=0.05)


def test_10_the_race_is_won_by_chance_one_time_in_twenty() -> None:
    steps = np.random.default_rng(10).integers(0, 2, (20_000, 400)) * 2 - 1
    won = (steps.cumsum(axis=1) >= 2 * np.sqrt(400)).any(axis=1).mean()
    assert won == pytest.approx(2 * norm.sf(2), abs=0.006)
    assert [race(220, 180, 400), race(219, 180, 400), race(200, 200, 400)] == ["treatment", "run on", "no difference"]


@pytest.mark.parametrize(
    ("counts", "p_value", "rel"),
    [
        pytest.param((600, 400), 2.5396e-10, 1e-4, id="11"),
        pytest.param((44_000, 45_000), 0.000802, 1e-3, id="12"),
        pytest.param((821_588, 815_482), 1.82e-6, 5e-3, id="13"),
        pytest.param((44_700, 45_489), 0.0086, 1e-2, id="16"),
    ],
)
def test_sample_ratio(counts: tuple[int, int], p_value: float, rel: float) -> None:
    assert sample_ratio(dict(zip("ab", counts, strict=True)), EVEN).p_value == pytest.approx(p_value, rel=rel)


def test_14_a_mismatch_is_severe_when_sure_and_large_enough_to_matter() -> None:
    assert sample_ratio({"a": 600, "b": 400}, EVEN).is_severe
    assert sample_ratio({"a": 821_588, "b": 815_482}, EVEN).is_severe
    assert not sample_ratio({"a": 44_700, "b": 45_489}, EVEN).is_severe  # p = 0.0086
    assert not sample_ratio({"a": 25_015_000, "b": 24_985_000}, EVEN).is_severe  # sure, and 0.03 points off


def test_17_hillstrom_visit_rates() -> None:
    units = pd.read_csv(shared("hillstrom_email") / "hillstorm_Complete_NotDisc.csv")
    found = from_frame(units, variant="segment", metrics={"visit": "conversion"}).set_index("variant")["mean"]
    assert found["Mens E-Mail"] == pytest.approx(0.182757, abs=1e-6)
    assert found["Womens E-Mail"] == pytest.approx(0.151400, abs=1e-6)
    assert found["No E-Mail"] == pytest.approx(0.106167, abs=1e-6)


def test_18_upworthy_faults_lie_in_half_a_year() -> None:
    arms = pd.read_csv(shared("upworthy_headlines") / "upworthy_shared.csv.gz")
    found = sample_ratios(arms, test="clickability_test_id", units="impressions")
    weeks = arms.groupby("clickability_test_id")["test_week"].first().reindex(found["clickability_test_id"]).to_numpy()
    faulty = (found["p_value"] < 0.01).to_numpy()
    inside = (weeks >= 201326) & (weeks <= 201402)
    assert (len(found), int(found["arms"].sum())) == (2_491, 11_571)
    assert faulty.mean() == pytest.approx(0.190, abs=1e-3)
    assert faulty[inside].mean() > 0.7
    assert faulty[~inside].mean() < 0.04
    assert faulty[inside].sum() / faulty.sum() > 0.8


def test_19_cuped_takes_the_explained_share_of_variance() -> None:
    rng = np.random.default_rng(19)
    before = rng.normal(size=40_000)
    units = pd.DataFrame({"variant": rng.choice(["a", "b"], 40_000), "before": before})
    units["y"] = 0.7 * before + np.sqrt(1 - 0.49) * rng.normal(size=40_000)
    moments = from_frame(units, metrics=[Measure("y", "mean", "y", None, ("before",))])
    found = compare(moments, "y", control="a", treatment="b", covariates=["before"])
    assert found.variance_cut == pytest.approx(0.49, abs=0.01)


def test_20_cuped_is_the_regression_on_arm_and_covariate() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(20)
    before, treated = rng.lognormal(0, 1, 20_000), rng.integers(0, 2, 20_000)
    y = before + rng.lognormal(0, 1, 20_000) + 0.05 * treated
    units = pd.DataFrame({"variant": np.where(treated, "b", "a"), "y": y, "before": before})
    moments = from_frame(units, metrics=[Measure("y", "mean", "y", None, ("before",))])
    found = compare(moments, "y", control="a", treatment="b", covariates=["before"])
    fit = sm.OLS(y, np.column_stack([np.ones(20_000), treated, before])).fit(cov_type="HC1")
    assert found.estimate == pytest.approx(fit.params[1], rel=1e-9)
    assert found.p_value == pytest.approx(fit.pvalues[1], rel=5e-3)


@pytest.mark.parametrize(("looks", "error"), [(2, 0.0831), (5, 0.1417), (10, 0.1934), (20, 0.2479), (100, 0.374)])
def test_21_repeated_tests_find_what_is_not_there(looks: int, error: float) -> None:
    assert peeked_error(looks) == pytest.approx(error, abs=5e-4)


def test_22_thirty_peeks() -> None:
    paths = share_paths(0.1, 0.0, units=60_000, looks=30, simulations=2_000, rng=np.random.default_rng(22))
    assert 0.25 <= stops(paths, "every_look")[0].mean() <= 0.33
    assert stops(paths, "always_valid")[0].mean() <= 0.025


def test_23_classic_bounds() -> None:
    assert classic_bounds(5, shape="pocock")[0] == pytest.approx(2.413, abs=5e-4)
    expected = (4.562, 3.226, 2.634, 2.281, 2.040)
    assert classic_bounds(5, shape="obrien-fleming") == pytest.approx(expected, abs=6e-4)


def test_24_one_sided_spending() -> None:
    fractions = (0.25, 0.5, 0.75, 1.0)
    levels = [float(2 * norm.sf(norm.isf(0.025) / np.sqrt(one))) for one in fractions]
    found = one_sided_bounds(fractions, spending_levels=levels)
    assert found == pytest.approx((3.74955, 2.53993, 2.01604, 1.72014), abs=4e-5)


def test_25_always_valid_bounds() -> None:
    assert tuning(100) == pytest.approx(12.60056, abs=1e-5)
    assert mixture_bound(100.0, best_at=100) == pytest.approx(30.35209, abs=1e-5)
    assert log_mixture(10, 100, best_at=100) == pytest.approx(-0.6510052, abs=1e-6)
    assert share_interval(700, 1000) == pytest.approx((0.651629, 0.745949), abs=2e-6)


def test_26_welch_from_sums_and_lifts_that_differ_by_method() -> None:
    rows = []
    for name, total, square, n in (("a", 1396.87, 52377.9767, 3407), ("b", 2422.7, 134698.29, 3461)):
        rows.append((name, "y", "mean", n, 0, total / n, (square - total**2 / n) / (n - 1)))
    moments = pd.DataFrame(rows, columns=["variant", "metric", "kind", "n", "missing", "mean", "var"])
    found = compare(moments, "y", control="a", treatment="b")
    assert (found.estimate, found.p_value) == pytest.approx((0.29, 0.02016), abs=5e-5)
    assert (found.ci_lower, found.ci_upper) == pytest.approx((0.04538, 0.53462), abs=5e-5)
    base, other = (arms_of(moments)["y", name] for name in "ab")
    critical = t_critical(0.05, found.df)
    _, lower, upper = delta_lift(other.mean, other.error, base.mean, base.error, critical=critical)
    assert (float(lower), float(upper)) == pytest.approx((-0.03526, 1.44989), abs=5e-5)
    assert found.lift is not None
    assert found.lift.ci_lower > 0, "Fieller follows the skew that the delta method ignores"


def test_27_bayes_of_two_shares() -> None:
    found = relative_shares(51, 100, 49, 100)
    assert (found.better, found.estimate) == pytest.approx((0.60918, 0.04082), abs=5e-6)
    assert (found.ci_lower, found.ci_upper) == pytest.approx((-0.24779, 0.32943), abs=5e-6)
    assert (found.loss_if_kept, found.loss_if_chosen) == pytest.approx((0.0814, 0.04058), abs=5e-5)


def test_28_benjamini_hochberg_rejects_four_and_bonferroni_three() -> None:
    assert (adjusted_p(BH_1995, method="fdr_bh") < 0.05).sum() == 4
    assert (adjusted_p(BH_1995, method="bonferroni") < 0.05).sum() == 3
    assert (adjusted_p(BH_1995, method="holm") < 0.05).sum() == 3


def test_29_clustered_errors_of_petersen() -> None:
    """His panel has no arms: the error of a regression's slope is checked, then ours against that on his panel."""
    import statsmodels.api as sm

    package = find_spec("statsmodels")
    assert package and package.origin
    path = Path(package.origin).parent / "stats" / "tests" / "test_data.txt"
    if not path.is_file():
        pytest.skip("this build of statsmodels does not carry Petersen's test_data.txt")
    panel = pd.read_csv(path, sep=r"\s+", header=None, names=["firm", "year", "x", "y"])
    groups = {"groups": panel["firm"].astype(int), "use_correction": True}
    slope = sm.OLS(panel["y"], sm.add_constant(panel["x"])).fit(cov_type="cluster", cov_kwds=groups)
    assert slope.bse.to_numpy() == pytest.approx([0.0670, 0.0506], abs=5e-5)
    panel["variant"] = np.where(panel["firm"] % 2, "b", "a")
    arm = sm.add_constant((panel["variant"] == "b").astype(float))
    fit = sm.OLS(panel["y"], arm).fit(cov_type="cluster", cov_kwds=groups)
    sums = panel.groupby(["variant", "firm"])["y"].agg(["sum", "size"])
    arms = {name: features(sums.loc[name, "sum"].to_numpy(float), sums.loc[name, "size"].to_numpy(float)).sum(axis=0)
            for name in "ab"}  # fmt: skip
    ratios = {name: ratio_error(arms[name], 250) for name in "ab"}
    assert ratios["b"][0] - ratios["a"][0] == pytest.approx(fit.params.iloc[1], rel=1e-9)
    by_arm = 250 / 249 / (500 / 499 * 4_999 / 4_998)  # CR1 scales both arms together
    assert ratios["a"][1] + ratios["b"][1] == pytest.approx(fit.bse.iloc[1] ** 2 * by_arm, rel=1e-9)
    found = compare(from_frame(panel, metrics={"y": "mean"}, cluster="firm"), "y", control="a", treatment="b")
    assert found.estimate == pytest.approx(fit.params.iloc[1], rel=1e-9), "his firms are of one size"
    assert (found.clusters, found.n) == (500, 5_000)


def test_a_count_table_gives_the_same_lift_as_fieller_by_hand() -> None:
    found = compare(from_counts({"a": (100, 1000), "b": (130, 1000)}, metric="y"), "y", control="a", treatment="b")
    errors = (0.13 * 0.87 / 1000, 0.1 * 0.9 / 1000)
    by_hand = [float(one) for one in fieller(0.13, errors[0], 0.1, errors[1], critical=norm.isf(0.025))]
    assert found.lift is not None
    assert (found.lift.estimate, found.lift.ci_lower, found.lift.ci_upper) == pytest.approx(by_hand, rel=1e-9)
