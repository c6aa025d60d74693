from __future__ import annotations

import pandas as pd
import pytest

from fanops_utils.models import mixing_calibration
from fanops_utils.models.simulation.calibration import World

METHODS = ("synthetic control", "synthetic difference in differences")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return mixing_calibration(campaigns=150).set_index(["lift", "method", "gated"])


@pytest.mark.parametrize("method", METHODS)
def test_on_many_markets_a_mix_keeps_its_word(table: pd.DataFrame, method: str) -> None:
    null, planted = table.loc[(0.0, method, False)], table.loc[(0.2, method, False)]
    assert null["n"] == 150
    assert null["found"] <= 0.16
    assert null["by_rank"] <= 0.17
    assert null["coverage"] == pytest.approx(1 - null["found"])
    assert planted["coverage"] >= 0.84
    assert planted["found"] >= 0.95
    assert abs(planted["bias"]) < 0.01


@pytest.mark.parametrize("method", METHODS)
def test_what_passes_the_gates_is_no_worse_for_it(table: pd.DataFrame, method: str) -> None:
    null = table.loc[(0.0, method, True)]
    assert 0.3 < null["share"] < 0.95
    assert null["n"] == pytest.approx(null["share"] * 150)
    assert null["found"] <= 0.17


def test_where_no_campaign_passes_the_gates_nothing_is_said() -> None:
    few = mixing_calibration(campaigns=3, lifts=(0.0,), world=World(n_markets=5, days_before=40))
    gated = few[few["gated"]]
    assert (gated["n"] == 0).all()
    assert gated["found"].isna().all()
