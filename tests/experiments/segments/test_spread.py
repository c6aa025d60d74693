"""Middle, tail and order: planted shifts are found where they are, and null data left alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fanops_utils.experiments import Reason, read_out
from fanops_utils.experiments.segments.spread import (
    ORDER,
    spread_effects,
    spread_metric,
    why_no_spread,
)
from fanops_utils.experiments.statistics.quantiles import better_off, rank_test
from fanops_utils.workspace import Experiment


def design(**more: object) -> Experiment:
    plain = {
        "id": "gift", "title": "Gift", "hypothesis": "It helps", "owner": "shop", "unit": "customer", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5},
        "metrics": [{"name": "refunded", "label": "Refunded", "kind": "conversion", "role": "decision"},
                    {"name": "spent", "label": "Spent", "kind": "mean", "role": "exploratory"}],
    }  # fmt: skip
    return Experiment.model_validate(plain | more)


def customers(seed: int, *, all_by: float = 0.0, tail_by: float = 1.0, size: int = 8_000) -> pd.DataFrame:
    """Return customers whose treated ones spend *all_by* more each, and the top fifth *tail_by* times as much."""
    rng = np.random.default_rng(seed)
    spent, treated = rng.lognormal(2.0, 0.8, size), np.arange(size) % 2 == 1
    top = spent > np.exp(2.0 + 0.8 * stats.norm.ppf(0.8))
    spent = spent + all_by * treated
    spent = np.where(treated & top, spent * tail_by, spent)
    return pd.DataFrame({
        "unit_key": [f"c{one}" for one in range(size)], "variant": np.where(treated, "b", "a"), "spent": spent,
        "refunded": rng.binomial(1, 0.1, size),
    })  # fmt: skip


def parts(seed: int, **shift: float) -> pd.DataFrame:
    units, plan = customers(seed, **shift), design()
    return spread_effects(units, plan, read_out(units, plan), rng=np.random.default_rng(seed)).set_index("part")


def test_a_shift_of_everybody_moves_the_middle_by_as_much() -> None:
    found = parts(1, all_by=1.0)
    assert found.loc["q50", "estimate"] == pytest.approx(1.0, abs=0.35)
    assert found.loc["q50", "ci_lower"] > 0
    assert found.loc[ORDER, "ci_lower"] > 0.5


def test_a_shift_of_the_tail_leaves_the_middle_alone() -> None:
    found = parts(2, tail_by=1.5)
    assert found.loc["q50", "ci_lower"] < 0 < found.loc["q50", "ci_upper"]
    assert found.loc["q90", "ci_lower"] > 0
    truth = 0.5 * np.exp(2.0 + 0.8 * stats.norm.ppf(0.9))
    assert found.loc["q90", "ci_lower"] < truth < found.loc["q90", "ci_upper"]


def test_null_data_show_a_difference_as_often_as_promised() -> None:
    wrong = dict.fromkeys(["q50", "q90", "q99", ORDER], 0)
    for seed in range(200):
        found = parts(seed, size=1_600)
        for part in wrong:
            none = 0.5 if part == ORDER else 0.0
            wrong[part] += not found.loc[part, "ci_lower"] <= none <= found.loc[part, "ci_upper"]
    assert all(1 <= count <= 20 for count in wrong.values()), wrong


def test_the_order_of_two_units_has_the_interval_of_brunner_and_munzel() -> None:
    rng = np.random.default_rng(1)
    for effect in (0.0, 0.3):
        one, other = rng.lognormal(effect, 1.0, 400), rng.lognormal(0.0, 0.4, 300)
        found = better_off(one, other).difference
        share, _ = rank_test(one, other)
        assert found.estimate == pytest.approx(share, abs=1e-12)
        oracle = stats.brunnermunzel(one, other, distribution="normal")
        z = (found.estimate - 0.5) / ((found.ci_upper - found.ci_lower) / 2 / stats.norm.ppf(0.975))
        assert 2 * stats.norm.sf(abs(z)) == pytest.approx(oracle.pvalue, rel=1e-9)


def test_ties_count_half_and_few_values_give_no_order() -> None:
    same = np.repeat([0.0, 1.0, 5.0], 20)
    assert better_off(same, same).difference.estimate == pytest.approx(0.5)
    few = better_off([1.0] * 5, [2.0] * 50)
    assert few.cannot_tell == Reason("few_values", n=5, least=20)
    assert np.isnan(few.difference.estimate)
    assert better_off([*same, np.nan], same).difference.n == 120


def test_the_metric_read_is_the_first_mean_or_count_by_role() -> None:
    assert getattr(spread_metric(design()), "name", None) == "spent"
    shares = design(metrics=[{"name": "refunded", "label": "Refunded", "kind": "conversion", "role": "decision"}])
    assert spread_metric(shares) is None
    units = customers(1, size=400)
    assert why_no_spread(units, shares) == Reason("no_mean_or_count")
    assert why_no_spread(units, design(cluster="town")) == Reason("together")
    for plan in (shares, design(cluster="town")):
        assert spread_effects(units, plan, read_out(units, shares), rng=np.random.default_rng(1)).empty


def test_an_invalid_experiment_has_neither_middle_nor_tail() -> None:
    units, plan = customers(1), design()
    units = units[(units["variant"] == "a") | (units.index % 5 > 0)]
    found = read_out(units, plan)
    assert found.verdict == "invalid"
    assert spread_effects(units, plan, found, rng=np.random.default_rng(1)).empty
