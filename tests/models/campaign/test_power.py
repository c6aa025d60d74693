from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from market_worlds import MARKETS, world

from fanops_utils.errors import DataError
from fanops_utils.models import campaign_effect, detectable_effects, market_choices, power_curve, propose_controls
from fanops_utils.workspace.register import Period

HISTORY = world(np.random.default_rng(1))


def test_markets_that_move_along_are_proposed_and_a_stranger_is_not() -> None:
    rng = np.random.default_rng(2)
    days = HISTORY["date_day"].drop_duplicates()
    alone = pd.DataFrame(
        {"date_day": days, "market": "XX", "value": np.exp(7 + np.cumsum(rng.normal(0, 0.03, len(days))))}
    )
    daily = pd.concat([HISTORY, alone])
    found = propose_controls(daily, treated=["BR"], candidates=[*MARKETS[1:], "XX"])
    assert found.loc[found["market"] == "XX", "proposed"].tolist() == [False]
    assert found.loc[found["market"] != "XX", "proposed"].sum() >= 3
    assert found["correlation"].is_monotonic_decreasing
    twin = HISTORY[HISTORY["market"] == "BR"].assign(market="YY")
    best = propose_controls(pd.concat([HISTORY, twin]), treated=["BR"], candidates=[*MARKETS[1:], "YY"]).iloc[0]
    assert (best["market"], best["scatter"]) == ("YY", pytest.approx(0, abs=1e-9))


def test_the_detectable_effect_is_what_a_campaign_s_own_reading_finds() -> None:
    table = detectable_effects(HISTORY, treated=["BR"], controls=MARKETS[1:], live_days=[28], baseline_days=[56]).iloc[
        0
    ]
    assert table["n_windows"] >= 10
    assert 0.05 < table["detectable"] < 0.4
    found = []
    for seed in range(100, 130):
        daily = world(np.random.default_rng(seed), lift=float(table["detectable"]))
        end = daily["date_day"].max()
        live = Period(start=(end - pd.Timedelta(days=27)).date(), end=end.date())
        before = Period(start=(end - pd.Timedelta(days=83)).date(), end=(end - pd.Timedelta(days=28)).date())
        effect = campaign_effect(daily, treated=["BR"], controls=MARKETS[1:], live=live, baseline=before)
        found.append(effect.verdict == "worked")
    assert 0.5 <= np.mean(found) <= 1.0, "other worlds, other noise: near four in five"


def test_power_grows_with_the_lift_and_false_alarms_stay_rare() -> None:
    curve = power_curve(
        HISTORY, treated=["BR"], controls=MARKETS[1:], live_days=21, baseline_days=56, lifts=[0, 0.1, 0.3, 1]
    )
    assert curve["found"].is_monotonic_increasing
    assert curve["found"].iloc[0] <= 0.2
    assert curve["found"].iloc[-1] == 1.0


def test_a_quiet_market_is_the_easier_one_to_test() -> None:
    rng = np.random.default_rng(3)
    noisy = HISTORY["market"] == "JP"
    shaken = np.where(noisy, np.exp(rng.normal(0, 0.5, len(HISTORY))), 1.0)
    found = market_choices(
        HISTORY.assign(value=HISTORY["value"] * shaken), markets=MARKETS, live_days=28, baseline_days=56
    )
    assert len(found) == 6 + 15
    assert (found["n_controls"] == 6 - found["n_treated"]).all()
    single = found[found["n_treated"] == 1].set_index("treated")["detectable"]
    assert single.idxmax() == "JP" or np.isnan(single["JP"])


def test_a_short_history_promises_nothing_and_no_control_is_refused() -> None:
    short = HISTORY[HISTORY["date_day"] > "2026-01-20"]
    row = detectable_effects(short, treated=["BR"], controls=["US"], live_days=[28], baseline_days=[56]).iloc[0]
    assert np.isnan(row["detectable"])
    assert row["n_windows"] < 4
    with pytest.raises(DataError, match="without a control"):
        detectable_effects(HISTORY, treated=["BR"], controls=[])
    with pytest.raises(DataError, match="a rate has none"):
        detectable_effects(HISTORY, treated=["BR"], controls=["US"], outcome="rate")
