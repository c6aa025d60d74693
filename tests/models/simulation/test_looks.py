from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models import running_calibration
from fanops_utils.models.simulation.calibration import World
from fanops_utils.models.simulation.looks import ONCE


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return running_calibration(campaigns=200)


def test_a_reading_of_the_days_seen_keeps_its_promise_however_few_they_are(table: pd.DataFrame) -> None:
    single = table[table["look"] != ONCE]
    assert single["days"].tolist() == [7, 14, 21, 28]
    # 200 campaigns at a true 10 % end between 6 and 14.5 % in 95 of 100 runs; over 2,500, 13 days gave 9.0 %.
    assert (single["found"] <= 0.145).all()
    assert (single["found"] >= 0.03).all(), "intervals that never miss would be no better"
    assert (single["found_lower"] <= single["found"]).all()
    assert (single["found"] <= single["found_upper"]).all()


def test_stopping_at_the_first_effect_seen_finds_more_than_any_one_look(table: pd.DataFrame) -> None:
    once = table.iloc[-1]
    assert once["look"] == ONCE
    assert once["found"] > table.iloc[:-1]["found"].max()
    assert np.isnan(once["width"])


def test_nothing_is_planted_whatever_the_world_says() -> None:
    loud = World(lift=3.0, days_before=120, live_days=14, baseline_days=28)
    table = running_calibration(seen=(7, 14), campaigns=12, world=loud)
    assert len(table) == 3
    assert table["found"].max() < 0.7
