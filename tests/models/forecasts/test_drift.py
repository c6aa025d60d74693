"""Forecasts of simulated series cover what they promise; odds are clipped and refused where nothing can be told."""

from __future__ import annotations

import numpy as np
import pytest

from fanops_utils.models.forecasts.backtest import backtest
from fanops_utils.models.forecasts.drift import LEAST, MOST, forecast, odds, refusal


def made(rng: np.random.Generator, weeks: int, *, stock: bool = False, season: float = 0.0) -> np.ndarray:
    steps = rng.normal(rng.normal(0, 0.006), rng.choice([0.01, 0.025]), weeks)
    level = np.cumsum(steps) + season * np.sin(2 * np.pi * (np.arange(weeks) / 52 + rng.random()))
    return np.asarray(1000 * np.exp(level + (0 if stock else rng.normal(0, 0.06, weeks))))


@pytest.mark.parametrize(("stock", "ahead", "season"), [
    (False, 4, 0.0), (False, 13, 0.0), (False, 26, 0.1), (True, 4, 0.0), (True, 13, 0.0), (True, 26, 0.0),
])  # fmt: skip
def test_the_interval_covers_what_comes(stock: bool, ahead: int, season: float) -> None:
    rng, inside, size = np.random.default_rng(11), 0, 400
    for _ in range(size):
        weeks = int(rng.integers(max(12, ahead), 100))
        series = made(rng, weeks + ahead, stock=stock, season=season)
        told = forecast(series[:weeks], ahead=ahead, stock=stock)
        seen = series[-1] if stock else np.exp(np.log(series[-4:]).mean())
        inside += told.quantile(0.05) <= seen <= told.quantile(0.95)
    assert 0.84 <= inside / size <= 0.99


def test_odds_come_true_as_often_as_they_say() -> None:
    rng, said, came = np.random.default_rng(5), [], []
    for _ in range(1500):
        weeks, ahead = int(rng.integers(20, 100)), int(rng.integers(4, 18))
        series = made(rng, weeks + ahead)
        target = series[weeks - 4 : weeks].mean() * np.exp(rng.normal(0.02, 0.12))
        chance = odds(series[:weeks], target=target, ahead=ahead)
        assert chance is not None and LEAST <= chance <= MOST
        said.append(chance)
        came.append(np.exp(np.log(series[-4:]).mean()) >= target)
    bins = np.clip((np.array(said) * 10).astype(int), 0, 9)
    gaps = [abs(np.mean(np.array(said)[bins == one]) - np.mean(np.array(came)[bins == one])) for one in range(10)]
    assert np.mean(gaps) <= 0.08  # s.e. of a bin of 100: .05


def test_odds_are_refused_where_nothing_can_be_told() -> None:
    steady = np.full(30, 100.0) * np.exp(np.random.default_rng(1).normal(0, 0.02, 30))
    assert refusal(steady[:7], ahead=4) == "short"
    assert refusal(steady[:8], ahead=4) is None
    assert refusal(steady, ahead=31) == "far"
    assert refusal(np.where(np.arange(30) == 3, 0.0, steady), ahead=4) == "not_positive"
    wild = 100 * np.exp(np.cumsum(np.random.default_rng(2).normal(0, 0.4, 30)))
    assert refusal(wild, ahead=20) == "wide"
    assert odds(wild, target=100, ahead=20) is None
    assert odds(steady, target=10, ahead=4) == MOST
    assert odds(steady, target=10, ahead=4, below=True) == LEAST


def test_the_season_of_last_year_is_taken_in_from_sixty_weeks_on() -> None:
    weeks = np.exp(0.5 * np.sin(2 * np.pi * np.arange(104) / 52))
    short, long = forecast(weeks[-59:], ahead=26), forecast(weeks, ahead=26)
    truth = 0.5 * np.sin(2 * np.pi * (103 + 26 - 1.5) / 52)
    assert abs(long.mean - truth) < abs(short.mean - truth)


def test_the_backtest_says_where_it_loses() -> None:
    rng = np.random.default_rng(4)
    walk = 100 * np.exp(np.cumsum(rng.normal(0, 0.03, 90)))
    assert backtest(walk[:14], ahead=8) is None
    told = backtest(walk, ahead=8, stock=True)
    assert told and told.origins >= 10 and told.loss > 0
    season = 100 * np.exp(0.8 * np.sin(2 * np.pi * np.arange(160) / 52))
    lost = backtest(season, ahead=13)
    assert lost and lost.naive == "seasonal" and not lost.better
