from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models import calibration
from fanops_utils.models.simulation.calibration import METHODS, World, simulate

IN_TIME, IN_SPACE, BEFORE_AFTER = METHODS


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return calibration(campaigns=200).set_index(["lift", "method"])


def test_the_default_keeps_its_word_on_campaigns_that_did_nothing(table: pd.DataFrame) -> None:
    null = table.loc[(0.0, IN_TIME)]
    assert null["n"] == 200
    assert null["found"] <= 0.12
    assert 0.87 <= null["coverage"] <= 0.96
    assert null["found"] == pytest.approx(1 - null["coverage"]), "an effect is named where the interval misses zero"


def test_a_planted_fifth_is_found_four_times_in_five_without_bias(table: pd.DataFrame) -> None:
    planted = table.loc[(0.2, IN_TIME)]
    assert planted["found"] >= 0.8
    assert 0.87 <= planted["coverage"] <= 0.96
    assert abs(planted["bias"]) < 0.01


def test_before_and_after_finds_what_is_not_there(table: pd.DataFrame) -> None:
    null = table.loc[(0.0, BEFORE_AFTER)]
    assert null["found"] > 0.5
    assert null["coverage"] < 0.5
    assert null["rmse"] > 1.5 * table.loc[(0.0, IN_TIME), "rmse"]
    assert null["width"] < table.loc[(0.0, IN_TIME), "width"], "it is wrong because it is sure"


def test_the_same_seed_gives_the_same_table_and_shares_have_intervals() -> None:
    one, other = (calibration(campaigns=12, lifts=(0.0,)) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
    assert (one["found_lower"] <= one["found"]).all()
    assert (one["coverage"] <= one["coverage_upper"]).all()


def test_too_few_markets_for_placebos_in_space_leave_them_out() -> None:
    few = calibration(campaigns=5, lifts=(0.0,), world=World(n_markets=4)).set_index("method")
    assert np.isnan(few.loc[IN_SPACE, "width"])
    assert few.loc[IN_TIME, "width"] > 0


def test_the_simulation_plants_what_it_says() -> None:
    world = World(lift=0.2, factor_sd=0.0, noise_sd=1e-9, season_sd=0.0)
    logs = simulate(world, campaigns=2, rng=np.random.default_rng(1))
    assert logs.shape == (2, 141, 10)
    assert logs[:, -21:, 0] == pytest.approx(7 + np.log(1.2), abs=1e-6)
    assert logs[:, :, 1:] == pytest.approx(7, abs=1e-6)
