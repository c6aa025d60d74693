from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.errors import DataError
from fanops_utils.metrics import Interval
from fanops_utils.models import CampaignEffect, PreTrend, campaign_effect, difference_in_differences
from fanops_utils.models.campaign.verdicts import deciding_control, hint_of
from fanops_utils.models.reasons import (
    BaselineCut,
    Drifted,
    FewDays,
    FewMarkets,
    FewWindows,
    NoControl,
    OneControlDecides,
    ShortBaseline,
)
from fanops_utils.workspace.register import Period

MARKETS = ["BR", "US", "MX", "DE", "FR", "JP"]


def _daily(
    rng: np.random.Generator, *, days: int, lift: float = 0.0, live: int = 28, drift: float = 0.0
) -> pd.DataFrame:
    """Markets share two random walks with unequal weights, have weekdays of their own and noise with a memory."""
    count = len(MARKETS)
    common = np.cumsum(rng.normal(0, 0.015, (days, 2)), axis=0) @ rng.uniform(0.5, 1.5, (2, count))
    noise = rng.normal(0, 0.06 * np.sqrt(0.75), (days, count))
    for day in range(1, days):
        noise[day] += 0.5 * noise[day - 1]
    week = rng.normal(0, 0.05, (7, count))[np.arange(days) % 7]
    logs = 7 + common + noise + week
    logs[-live:, 0] += np.log1p(lift)
    logs[:, 0] += drift * np.arange(days)
    index = pd.date_range(end="2026-05-10", periods=days, name="date_day")
    wide = pd.DataFrame(np.exp(logs), index=index, columns=pd.Index(MARKETS, name="market"))
    return wide.stack().rename("value").reset_index()


def _effect(
    daily: pd.DataFrame, *, live: int = 28, baseline: int = 56, after: int = 0, **options: Any
) -> CampaignEffect:
    end = daily["date_day"].max() - pd.Timedelta(days=after)
    start = end - pd.Timedelta(days=live - 1)
    before = start - pd.Timedelta(days=1)
    periods = {
        "live": Period(start=start.date(), end=end.date()),
        "baseline": Period(start=(before - pd.Timedelta(days=baseline - 1)).date(), end=before.date()),
    }
    return campaign_effect(daily, **({"treated": ["BR"], "controls": MARKETS[1:]} | periods | options))


@pytest.mark.parametrize(("days", "live", "baseline"), [(141, 21, 28), (448, 28, 56)])
def test_campaigns_that_did_nothing_are_rarely_called_an_effect(days: int, live: int, baseline: int) -> None:
    rng = np.random.default_rng(3)
    found = [_effect(_daily(rng, days=days, live=live), live=live, baseline=baseline) for _ in range(200)]
    called = sum(item.verdict in ("worked", "hurt") for item in found)
    covered = sum(item.log_effect.ci_lower <= 0 <= item.log_effect.ci_upper for item in found)
    assert called <= 0.12 * 200
    assert 0.86 <= covered / 200 <= 0.97


def test_twenty_percent_is_found_four_times_in_five() -> None:
    rng = np.random.default_rng(4)
    found = [_effect(_daily(rng, days=448, lift=0.2)) for _ in range(80)]
    assert sum(item.verdict == "worked" for item in found) >= 64
    assert np.mean([item.log_effect.estimate for item in found]) == pytest.approx(np.log(1.2), abs=0.02)
    assert sum(item.effect.ci_lower <= 0.2 <= item.effect.ci_upper for item in found) >= 64


def test_a_loss_is_called_hurt() -> None:
    found = _effect(_daily(np.random.default_rng(5), days=448, lift=-0.35))
    assert found.verdict == "hurt" and found.effect.ci_upper < 0 and found.extra.ci_upper < 0


def test_the_parts_agree_with_each_other() -> None:
    found = _effect(_daily(np.random.default_rng(6), days=448, lift=0.3))
    assert found.daily is not None and found.placebo_time is not None and found.leave_one_out is not None
    last = found.daily[found.daily["phase"] == "live"].iloc[-1]
    ends = (last["cumulative_gap"], last["cumulative_lower"], last["cumulative_upper"])
    assert ends == pytest.approx((found.extra.estimate, found.extra.ci_lower, found.extra.ci_upper))
    live = found.daily[found.daily["phase"] == "live"]
    assert live["actual"].sum() / live["counterfactual"].sum() - 1 == pytest.approx(found.effect.estimate)
    assert found.placebo_time.n == 13 and found.placebo_time.p_smallest == pytest.approx(1 / 14)
    low, high = found.leave_one_out["estimate"].min(), found.leave_one_out["estimate"].max()
    assert low <= found.log_effect.estimate <= high
    assert found.placebo_space is not None and found.placebo_space.names == ("US", "MX", "DE", "FR", "JP")


def test_no_control_is_never_a_lift() -> None:
    found = _effect(_daily(np.random.default_rng(7), days=448, lift=1.0), controls=[])
    assert found.verdict == "cannot tell" and np.isnan(found.effect.estimate)
    assert found.before_after > 0.3 and found.reason == NoControl()


def test_too_little_history_cannot_tell() -> None:
    found = _effect(_daily(np.random.default_rng(8), days=140, lift=0.5))
    assert found.verdict == "cannot tell" and isinstance(found.reason, FewWindows)


def _shocked(daily: pd.DataFrame, market: str, *, by: float, live: int = 28) -> pd.DataFrame:
    inside = (daily["date_day"] > daily["date_day"].max() - pd.Timedelta(days=live)) & (daily["market"] == market)
    return daily.assign(value=daily["value"].where(~inside, daily["value"] * (1 + by)))


@pytest.mark.parametrize(("controls", "most"), [(3, 0.05), (5, 0.12)])
def test_a_shock_in_one_control_is_not_an_effect(controls: int, most: float) -> None:
    rng = np.random.default_rng(21)
    used = {"controls": MARKETS[1 : 1 + controls], "baseline": 28}
    found = [_effect(_shocked(_daily(rng, days=300), "US", by=0.5), **used) for _ in range(40)]
    assert sum(one.verdict in ("worked", "hurt") for one in found) <= most * 40


def test_an_effect_that_stands_or_falls_with_one_control_is_not_told_and_the_control_is_named() -> None:
    log = Interval(0.2, 0.05, 0.35, 8)
    rows = [("US", 0.19, 0.04, 0.34), ("MX", 0.06, -0.08, 0.2), ("DE", 0.21, 0.06, 0.36)]
    without = pd.DataFrame(rows, columns=["control", "estimate", "ci_lower", "ci_upper"])
    assert deciding_control(log, without) == "MX"
    assert deciding_control(log, without.drop(index=1)) is None
    # Zero enters the interval without it by a change of width: the estimate hardly moved, so nothing hangs on it.
    wider = pd.DataFrame([("MX", 0.165, -0.01, 0.34)], columns=without.columns)
    assert deciding_control(log, wider) is None
    moved = pd.DataFrame([("MX", 0.16, -0.01, 0.33)], columns=without.columns)
    assert deciding_control(log, moved) == "MX", "a quarter of the margin of error"
    assert hint_of(log, OneControlDecides("MX")) == "rise"
    assert hint_of(log, None) is None


def test_live_days_wilder_than_the_past_widen_the_interval_and_quiet_ones_do_not() -> None:
    rng, stretches = np.random.default_rng(22), []
    for wild in (1.0, 6.0):
        daily = _daily(rng, days=448)
        live = daily["date_day"] > daily["date_day"].max() - pd.Timedelta(days=28)
        codes = pd.Series(rng.normal(0, 0.05 * (wild - 1), 6), index=MARKETS)
        moved = np.exp(daily["market"].map(codes).astype(float) * live)
        found = _effect(daily.assign(value=daily["value"] * moved))
        assert found.placebo_time is not None
        stretches.append(found.placebo_time.stretch)
        assert found.placebo_time.half_width(0.9) == pytest.approx(
            found.placebo_time.critical(0.9) * found.placebo_time.moderated * stretches[-1]
        )
    assert 1 <= stretches[0] < 2 < stretches[1]


def test_two_controls_or_a_short_baseline_give_a_hint_and_no_verdict() -> None:
    daily = _daily(np.random.default_rng(23), days=448, lift=0.8)
    found = _effect(daily, controls=["US", "MX"])
    assert (found.verdict, found.reason, found.hint) == ("cannot tell", FewMarkets(2, 3), "rise")
    found = _effect(daily, baseline=21)
    assert (found.verdict, found.reason, found.hint) == ("cannot tell", ShortBaseline(21, 28), "rise")
    assert (_effect(daily).verdict, _effect(daily).hint) == ("worked", None)


def test_half_a_year_of_history_is_enough_by_the_last_four_weeks_of_the_baseline() -> None:
    found = _effect(_daily(np.random.default_rng(24), days=180, lift=0.8), baseline=56)
    assert found.verdict == "worked" and found.notes == (BaselineCut(28, 56),)
    longer = _effect(_daily(np.random.default_rng(24), days=448, lift=0.8), baseline=56)
    assert longer.notes == ()


def test_a_drift_that_does_not_undo_the_effect_is_named_with_its_share() -> None:
    common = {"slope": 0.001, "drift": 0.03, "material": False, "share": 0.3}
    assert PreTrend(p_value=0.006, unusual=1.0, **common).doubtful
    assert not PreTrend(p_value=0.006, unusual=1.0, **common).failed
    assert not PreTrend(p_value=0.2, unusual=1.0, **common).doubtful
    assert PreTrend(p_value=0.2, unusual=2.5, **(common | {"material": True})).failed


def test_a_gap_that_drifted_before_cannot_tell() -> None:
    daily = _daily(np.random.default_rng(9), days=448)
    start = daily["date_day"].max() - pd.Timedelta(days=84)
    rise = (daily["date_day"] - start).dt.days.clip(lower=0) * (daily["market"] == "BR") * 0.01
    found = _effect(daily.assign(value=daily["value"] * np.exp(rise)))
    assert found.verdict == "cannot tell" and isinstance(found.reason, Drifted)
    assert found.pre_trend is not None and found.pre_trend.slope == pytest.approx(0.01, abs=0.004)


def test_missing_days_are_dropped_everywhere_and_counted() -> None:
    daily = _daily(np.random.default_rng(10), days=448, lift=0.3)
    days = daily["date_day"].drop_duplicates().to_numpy()
    gone = daily["date_day"].isin(days[[30, 200, -5]]) & (daily["market"] == "JP")
    found = _effect(daily[~gone])
    assert (found.n_dropped_days, found.n_live_days) == (3, 27)
    assert found.verdict == "worked"
    half_gone = daily["date_day"].isin(days[-12:]) & (daily["market"] == "JP")
    found = _effect(daily[~half_gone & ~gone])
    assert found.verdict == "cannot tell" and found.reason == FewDays("live", 16, 28)


def test_zeros_are_refused_by_name_or_taken_on_request() -> None:
    daily = _daily(np.random.default_rng(11), days=448)
    daily.loc[(daily["market"] == "FR") & (daily["date_day"] == "2026-03-01"), "value"] = 0.0
    with pytest.raises(DataError, match="market FR on 2026-03-01"):
        _effect(daily)
    assert np.isfinite(_effect(daily, zeros="log1p").log_effect.estimate)


def test_eight_controls_give_placebos_in_space() -> None:
    rng = np.random.default_rng(12)
    more = _daily(rng, days=448).replace({"market": {name: f"{name}2" for name in MARKETS}})
    daily = pd.concat([_daily(rng, days=448, lift=0.6), more])
    found = _effect(daily, controls=[*MARKETS[1:], "US2", "MX2", "DE2"])
    assert found.placebo_space is not None
    assert (found.placebo_space.n, found.placebo_space.p_value) == (8, pytest.approx(1 / 9))
    assert found.placebo_space.df == 7, "each is held against the others: one of them is not free"


def test_the_dip_after_the_campaign_is_seen() -> None:
    daily = _daily(np.random.default_rng(13), days=448)
    days = daily["date_day"].drop_duplicates().to_numpy()
    dip = daily["date_day"].isin(days[-14:]) & (daily["market"] == "BR")
    found = _effect(daily.assign(value=daily["value"].where(~dip, daily["value"] * 0.6)), after=14)
    assert found.after is not None and found.after.ci_upper < 0
    assert found.after.estimate == pytest.approx(np.log(0.6), abs=0.15)


def test_wrong_markets_days_and_baselines_are_refused() -> None:
    daily = _daily(np.random.default_rng(14), days=300)
    with pytest.raises(DataError, match="Did you mean 'BR'"):
        _effect(daily, treated=["BRA"])
    with pytest.raises(DataError, match="twice"):
        _effect(pd.concat([daily, daily.tail(1)]))
    with pytest.raises(DataError, match="14 days"):
        _effect(daily, baseline=10)


def test_proposition_99_gives_the_published_difference() -> None:
    frame = pd.read_csv(shared("prop99") / "california_prop99_synthdid.csv", sep=";")
    names = {"unit": "State", "time": "Year", "value": "PacksPerCapita"}
    found = difference_in_differences(frame, treated=["California"], since=1989, **names)
    assert found == pytest.approx(-27.349, abs=1e-3)
