"""How often a market's own past suggests something: seldom where nothing happened, often where everything rose."""

from __future__ import annotations

import pandas as pd

from fanops_utils.models import own_past_calibration
from fanops_utils.models.simulation.own_past import CELLS


def test_nothing_is_seldom_suggested_and_a_common_rise_passes_for_an_effect() -> None:
    table = own_past_calibration(campaigns=8, lift=1.0)
    assert table[["world", "by", "shock"]].to_numpy().tolist() == [list(cell) for cell in CELLS]
    alone = table["shock"] == 0
    assert table.loc[alone, "found"].mean() <= 0.25
    assert table.loc[~alone, "found"].min() > table.loc[alone, "found"].mean(), "no past foretells what rose everywhere"
    assert (table["lifted"] >= 0.8).all()
    assert (table["found_lower"] <= table["found"]).all() and (table["found"] <= table["found_upper"]).all()
    pd.testing.assert_frame_equal(
        own_past_calibration(campaigns=1), own_past_calibration(campaigns=1), obj="the same seed, the same table"
    )
