"""Bayes, segments, novelty, quantiles, sensitivity, worth and small cells: each on planted truth and on none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.experiments import Reason, compare, compare_all, from_counts, from_frame, read_out
from fanops_utils.experiments.effects.value import worth
from fanops_utils.experiments.moments.privacy import suppress
from fanops_utils.experiments.segments.cuts import choices
from fanops_utils.experiments.segments.effects import (
    by_segment,
    differs_from_others,
    heterogeneity,
    segment_tests,
    shrink,
)
from fanops_utils.experiments.segments.novelty import daily_effects, novelty
from fanops_utils.experiments.segments.sensitivity import sensitivity
from fanops_utils.experiments.statistics import bayes
from fanops_utils.experiments.statistics.quantiles import mean_bootstrap, quantile_difference, rank_test
from fanops_utils.workspace import Experiment


def _units(effects: dict[str, float], *, n: int = 2_000, seed: int = 0) -> pd.DataFrame:
    rng, parts = np.random.default_rng(seed), []
    for market, effect in effects.items():
        arm = np.tile(["a", "b"], n)
        parts.append(
            pd.DataFrame({"market": market, "variant": arm, "y": rng.random(2 * n) < 0.2 + effect * (arm == "b")})
        )
    return pd.concat(parts, ignore_index=True)


def test_a_beta_posterior_by_integration_is_that_by_drawing() -> None:
    found = bayes.shares(60, 500, 40, 480)
    rng = np.random.default_rng(0)
    treated, base = rng.beta(61, 441, 100_000), rng.beta(41, 441, 100_000)
    assert found.better == pytest.approx(np.mean(treated > base), abs=0.005)
    assert found.loss_if_kept == pytest.approx(np.maximum(treated - base, 0).mean(), abs=4e-4)
    assert found.loss_if_chosen == pytest.approx(np.maximum(base - treated, 0).mean(), abs=4e-4)
    assert (found.ci_lower, found.ci_upper) == pytest.approx(np.quantile(treated - base, [0.025, 0.975]), abs=1e-3)
    swapped = bayes.shares(40, 480, 60, 500)
    assert swapped.better == pytest.approx(1 - found.better, abs=1e-9)


def test_a_prior_draws_towards_itself() -> None:
    found = bayes.normal(2.0, 1.0, prior_mean=0.0, prior_sd=1.0)
    assert found.estimate == pytest.approx(1.0)
    assert found.ci_upper - found.estimate == pytest.approx(1.959964 * np.sqrt(0.5), abs=1e-5)
    assert np.isnan(bayes.relative_shares(5, 10, 0, 10).estimate)


def test_heterogeneity_is_the_interaction_of_a_linear_model() -> None:
    import statsmodels.formula.api as smf

    units = _units({"US": 0.05, "DE": 0.0, "JP": -0.02}, seed=1).assign(y=lambda frame: frame["y"].astype(float))
    table = by_segment(from_frame(units, metrics={"y": "mean"}, by=["market"]), "y", segment="market", control="a")
    (test,) = segment_tests(table).to_dict("records")
    fit = smf.ols("y ~ C(variant) * C(market)", units).fit(cov_type="HC1")
    terms = [name for name in fit.params.index if ":" in name]
    wald = fit.wald_test(
        np.eye(len(fit.params))[[fit.params.index.get_loc(name) for name in terms]], use_f=False, scalar=True
    )
    assert test["q"] == pytest.approx(float(wald.statistic), rel=5e-3)
    assert test["p_value"] == pytest.approx(float(wald.pvalue), rel=0.05)
    assert test["df"] == 2


def test_heterogeneity_is_calibrated_and_finds_what_was_planted() -> None:
    rng = np.random.default_rng(2)
    null = [heterogeneity(rng.normal(0.1, 0.05, 8), np.full(8, 0.05)).p_value for _ in range(1_000)]
    assert 0.035 <= np.mean(np.array(null) < 0.05) <= 0.067
    spread = heterogeneity(rng.normal(0.1, 0.2, 200), np.full(200, 0.05))
    assert spread.tau2 == pytest.approx(0.04, rel=0.25)
    assert spread.p_value < 1e-6


def test_shrinking_beats_the_raw_estimates() -> None:
    rng = np.random.default_rng(3)
    truth, error = rng.normal(0.02, 0.02, (200, 20)), rng.uniform(0.01, 0.08, (200, 20))
    seen = truth + rng.normal(0, error)
    drawn = [shrink(seen[row], error[row]) for row in range(200)]
    better = np.mean([np.mean((drawn[row]["estimate"] - truth[row]) ** 2) for row in range(200)])
    assert better < 0.5 * np.mean((seen - truth) ** 2)
    held = np.mean([(one["ci_lower"] <= true).mean() for one, true in zip(drawn, truth, strict=True)])
    assert held > 0.93
    assert shrink([0.1], [0.05]).isna().all().all()


def test_segments_that_cannot_tell_say_why() -> None:
    units = pd.concat([
        _units({"US": 0.05, "DE": 0.05}),
        pd.DataFrame({"market": ["FR"] * 3, "variant": ["a", "b", "a"], "y": [True, False, False]}),
        pd.DataFrame({"market": ["BR"] * 2, "variant": ["b", "b"], "y": [True, False]}),
    ])  # fmt: skip
    table = by_segment(
        from_frame(units, metrics={"y": "conversion"}, by=["market"]), "y", segment="market", control="a"
    )
    told = table.set_index("segment")["cannot_tell"]
    assert told["FR"] == Reason("few_units", n=1, name="b")
    assert told["BR"] == Reason("no_control", name="a")
    assert told[["US", "DE"]].isna().all()
    assert table.set_index("segment").loc[["US", "DE"], "shrunk"].notna().all()
    with pytest.raises(DataError, match="not grouped by"):
        by_segment(from_frame(units, metrics={"y": "conversion"}), "y", segment="market", control="a")


def _daily(slope: float, *, seed: int, per_day: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(21), per_day)
    arm = np.tile([0, 1], day.size // 2)
    y = rng.normal(0, 1, day.size) + (0.3 + slope * day) * arm
    stamps = pd.Timestamp("2026-08-03") + pd.to_timedelta(day, "D")
    return pd.DataFrame({"day": stamps, "variant": np.where(arm, "b", "a"), "y": y})


def test_novelty_is_seen_where_it_is_and_not_elsewhere() -> None:
    def read(slope: float, seed: int) -> Any:
        moments = from_frame(_daily(slope, seed=seed), metrics={"y": "mean"}, by=["day"])
        return novelty(daily_effects(moments, "y", day="day", control="a"))

    fading = read(-0.02, 1)
    assert fading.ci_lower < -0.02 < fading.ci_upper < 0
    assert fading.p_value < 0.001 and fading.late < fading.early
    null = [read(0.0, seed).p_value for seed in range(12)]
    assert np.mean(np.array(null) < 0.05) <= 0.25
    assert read(0.0, 3).weekday_p > 0.001
    few = novelty(
        daily_effects(
            from_frame(_daily(0.0, seed=1).head(800), metrics={"y": "mean"}, by=["day"]), "y", day="day", control="a"
        )
    )
    assert few.cannot_tell == Reason("few_days", n=2, least=4) and np.isnan(few.p_value)


def test_quantiles_cover_the_truth() -> None:
    rng = np.random.default_rng(6)
    truth = 0.3 * float(stats.lognorm.ppf(0.9, 1))
    covered = 0
    for _ in range(200):
        found = quantile_difference(
            1.3 * rng.lognormal(0, 1, 800), rng.lognormal(0, 1, 800), share=0.9, rng=rng, draws=800
        )
        covered += found.difference.ci_lower <= truth <= found.difference.ci_upper
    assert 0.91 <= covered / 200 <= 0.99
    few = quantile_difference([1.0] * 30, [2.0] * 30, share=0.99, rng=rng).cannot_tell
    assert few == Reason("few_values", n=30, least=500)


def test_bootstrap_t_covers_a_small_heavy_tail() -> None:
    rng, covered = np.random.default_rng(7), 0
    for _ in range(100):
        found = mean_bootstrap(rng.lognormal(0, 1, 60), rng.lognormal(0, 1, 60), rng=rng, draws=400)
        covered += found.difference.ci_lower <= 0 <= found.difference.ci_upper
    assert covered >= 88
    assert rank_test([3, 4, 5, np.nan], [1, 2, 2])[0] == 1.0
    assert np.isnan(rank_test([], [1.0])).all()


def _plan(**fields: Any) -> Experiment:
    return Experiment.model_validate({
        "id": "x", "title": "X", "hypothesis": "", "owner": "CM", "unit": "fan", "control": "a", "currency": "EUR",
        "allocation": {"a": 0.5, "b": 0.5}, "covariates": [{"column": "before"}],
        "metrics": [
            {"name": "revenue", "label": "Revenue", "kind": "mean", "role": "decision", "winsorise": 0.99, "value": 0.4},
            {"name": "opened", "label": "Opened", "kind": "conversion", "role": "exploratory"},
        ],
    } | fields)  # fmt: skip


def test_sensitivity_shows_every_choice_and_which_was_registered() -> None:
    rng = np.random.default_rng(8)
    before = rng.lognormal(0, 1, 4_000)
    units = pd.DataFrame({
        "unit_key": np.arange(4_000).astype(str), "variant": np.tile(["a", "b"], 2_000), "before": before,
        "revenue": before + rng.lognormal(0, 1, 4_000), "opened": rng.integers(0, 2, 4_000),
    })  # fmt: skip
    table = sensitivity(units, _plan())
    assert len(table[table["metric"] == "revenue"]) == 4
    assert len(table[table["metric"] == "opened"]) == 2
    registered = table[table["registered"]]
    assert len(registered) == 2
    assert registered.set_index("metric").loc["revenue", ["covariates", "winsorised"]].all()
    widths = table[table["metric"] == "revenue"].assign(width=lambda frame: frame["ci_upper"] - frame["ci_lower"])
    assert widths.loc[widths["covariates"], "width"].max() < widths.loc[~widths["covariates"], "width"].min()


def test_worth_is_the_effect_times_the_value() -> None:
    found = compare(
        from_counts({"a": (100, 1_000), "b": (130, 1_000)}, metric="opened"), "opened", control="a", treatment="b"
    )
    priced = _plan(metrics=[{"name": "opened", "label": "O", "kind": "conversion", "role": "decision", "value": 2.0}])
    money = worth(found, priced, units=50_000)
    assert money is not None and money.whole is not None
    assert money.per_thousand.estimate == pytest.approx(0.03 * 2_000)
    assert money.whole.ci_lower == pytest.approx(found.ci_lower * 2 * 50_000)
    assert money.currency == "EUR"
    assert worth(found, _plan()) is None


def test_small_cells_are_emptied_and_not_given_away_by_the_total() -> None:
    moments = from_frame(_units({"US": 0.0, "DE": 0.0, "FR": 0.0}, n=50), metrics={"y": "mean"}, by=["market"])
    moments.loc[0, ["n", "units"]] = 6
    shown = suppress(moments, least=10, by=["market"])
    assert shown["suppressed"].sum() == 2
    assert shown.loc[shown["suppressed"], ["mean", "var"]].isna().all().all()
    assert (shown.loc[shown["suppressed"], "n"] == 0).all()
    cell = shown[shown["market"] == shown.loc[0, "market"]]
    assert compare_all(cell, control="a")[0].cannot_tell == Reason("small_cell")
    rare = suppress(from_counts({"a": (3, 500), "b": (40, 500), "c": (45, 500)}, metric="y"), least=10)
    assert rare["suppressed"].sum() == 2, "three conversions are a small cell, whatever the arm's size"
    with pytest.raises(DataError, match="at least one"):
        suppress(moments, least=0)


def test_clusters_are_read_by_both_averages_and_their_effect_may_depend_on_size() -> None:
    rng = np.random.default_rng(9)
    size = np.where(np.arange(40) < 8, 200, 20)
    town = np.repeat(np.arange(40), size)
    treated = town % 2 == 1
    gain = np.where(size[town] > 100, 2.0, 0.0)
    units = pd.DataFrame(
        {"unit_key": np.arange(town.size).astype(str), "town": town, "variant": np.where(treated, "b", "a")}
    )
    units["spend"] = 10 + rng.normal(0, 1, town.size) + rng.normal(0, 0.2, 40)[town] + gain * treated
    experiment = Experiment.model_validate({
        "id": "towns", "title": "Towns", "hypothesis": "", "owner": "CRM", "unit": "fan", "control": "a", "cluster": "town",
        "allocation": {"a": 1, "b": 1},
        "metrics": [{"name": "spend", "label": "Spend", "kind": "mean", "role": "decision"}],
    })  # fmt: skip
    found = read_out(units, experiment)
    table = choices(units, experiment, found, rng=np.random.default_rng(0)).set_index("choice")
    assert set(table.index) == {"as_registered", "every_unit"}
    assert table.at["as_registered", "estimate"] == pytest.approx(0.4, abs=0.2)
    assert table.at["every_unit", "estimate"] == pytest.approx(1.43, abs=0.2)
    assert table.at["every_unit", "estimate"] == pytest.approx(
        units.loc[treated, "spend"].mean() - units.loc[~treated, "spend"].mean()
    )
    by_unit = experiment.model_copy(update={"average": "unit"})
    assert read_out(units, by_unit).comparisons[0].test == "cluster_units_drawn"


def test_a_segment_differs_from_the_others_as_a_difference() -> None:
    rng = np.random.default_rng(12)
    falsely = found = 0
    for _ in range(1_000):
        error = rng.lognormal(0, 0.8, 6)
        table = pd.DataFrame({"estimate": 2.5 + rng.normal(0, error), "standard_error": error})
        falsely += differs_from_others(table).any()
        table["standard_error"] = [0.5] * 6
        table["estimate"] = 2.5 + rng.normal(0, 0.5, 6) - np.array([0, 0, 3, 0, 0, 0])
        found += differs_from_others(table)[2]
    assert falsely / 1_000 <= 0.065
    assert found / 1_000 >= 0.95
    lone = pd.DataFrame({"estimate": [1.0, np.nan], "standard_error": [0.1, np.nan]})
    assert not differs_from_others(lone).any()
