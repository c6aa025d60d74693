"""The hard grid keeps its promise, by the rule of the read-out: nominal over sizes, splits and skew."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from fanops_utils.experiments.simulation import hard
from fanops_utils.experiments.statistics.randomised import features, randomised, studentised


@pytest.fixture(scope="module")
def grid():  # type: ignore[no-untyped-def]
    return hard.hard_grid(rng=np.random.default_rng(31), simulations=400)


def test_every_cell_keeps_its_error_rate(grid) -> None:  # type: ignore[no-untyped-def]
    assert len(grid) == len(hard.SPLITS) * len(hard.SPREADS) + len(hard.SHARES) * len(hard.SHAPES)
    assert grid["within"].all()
    assert grid.groupby("design")["errors"].mean().between(0.035, 0.062).all()
    assert grid["coverage"].between(0.89, 0.995).all()


def test_refusal_is_rare_and_power_is_there(grid) -> None:  # type: ignore[no-untyped-def]
    assert (grid["told"] > 0.93).all()
    assert (grid.loc[grid["design"] == "clusters", "power"] > 0.5).all()


def test_the_statistic_is_welchs_t_and_the_interval_inverts_the_test() -> None:
    rng = np.random.default_rng(4)
    values, treated = rng.lognormal(0, 1, 24), np.arange(24) < 6
    table = features(values)
    t = float(studentised(table[treated].sum(axis=0), 6, table[~treated].sum(axis=0), 18))
    assert t == pytest.approx(stats.ttest_ind(values[treated], values[~treated], equal_var=False).statistic)
    found = randomised(values, treated, alpha=0.05, rng=np.random.default_rng(0))
    shifted = randomised(values - found.lower * treated * 1.001, treated, alpha=0.05, rng=np.random.default_rng(0))
    assert shifted.p_value == pytest.approx(0.05, abs=0.01)
    assert found.lower < values[treated].mean() - values[~treated].mean() < found.upper
