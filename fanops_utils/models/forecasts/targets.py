"""The chance to meet each target by its day, from the metric's own weeks; why none is given, where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from fanops_utils.data.warehouse.store import Store
from fanops_utils.metrics.catalogue.registry import known_as, metric
from fanops_utils.metrics.catalogue.together import whole_weeks
from fanops_utils.metrics.intervals import Interval
from fanops_utils.models.forecasts.backtest import Backtest, backtest
from fanops_utils.models.forecasts.drift import forecast, odds, refusal
from fanops_utils.workspace.registers.target import Target

NO_DAY, NO_METRIC, PAST = "no_day", "no_metric", "past"


@dataclass(frozen=True)
class Chance:
    """`odds` to meet *target* in *market* by its day, within 5 and 95 in 100; `reason` where there are none.

    `expected`: what the forecast expects then, with its 90 % interval, `weeks`: the whole weeks it rests on.
    """

    target: Target
    market: str | None
    odds: float | None = None
    reason: str | None = None
    weeks: int = 0
    ahead: int = 0
    expected: Interval | None = None
    backtest: Backtest | None = None


def chances(store: Store, targets: Iterable[Target], *, on: date) -> list[Chance]:
    """Return the chance of each of *targets* in each of its markets, as seen on the day *on*."""
    return [_chance(store, target, market, on) for target in targets for market in target.markets or (None,)]


def target_weeks(store: Store, targets: Iterable[Target], *, on: date) -> list[tuple[np.ndarray, bool]]:
    """Return the whole weeks up to the day *on* of each metric that *targets* name, in each of their markets, and if a stock."""
    asked = {
        (known_as(one.metric), market, one.platform): (one, market)
        for one in targets
        for market in one.markets or (None,)
    }
    return [_weeks(store, one, name, market, on) for (name, *_), (one, market) in asked.items() if name is not None]


def odds_of(found: Iterable[Chance]) -> Callable[[Target, str | None], float | None]:
    """Return the odds of *found* by target and market, as `playbook.targets.states` asks for them."""
    known: Mapping[tuple[str, str | None], float | None] = {(one.target.id, one.market): one.odds for one in found}
    return lambda target, market: known.get((target.id, market))


def _weeks(store: Store, target: Target, name: str, market: str | None, on: date) -> tuple[np.ndarray, bool]:
    currency = target.currency or None
    series = whole_weeks(store, name, last=on, market=market, platform=target.platform, currency=currency)
    return series.to_numpy(float), metric(name).estimator.code in ("last", "last_share")


def _chance(store: Store, target: Target, market: str | None, on: date) -> Chance:
    name = known_as(target.metric)
    if name is None:
        return Chance(target, market, reason=NO_METRIC)
    if target.by is None or target.by <= on:
        return Chance(target, market, reason=NO_DAY if target.by is None else PAST)
    weeks, stock = _weeks(store, target, name, market, on)
    ahead = max(1, round((target.by - on).days / 7))
    if reason := refusal(weeks, ahead=ahead, stock=stock):
        return Chance(target, market, reason=reason, weeks=len(weeks), ahead=ahead)
    told = forecast(weeks, ahead=ahead, stock=stock)
    limit = target.low if target.low is not None else target.high
    assert limit is not None
    chance = odds(weeks, target=limit, ahead=ahead, stock=stock, below=target.low is None)
    expected = Interval(told.quantile(0.5), told.quantile(0.05), told.quantile(0.95), len(weeks))
    return Chance(target, market, chance, None, len(weeks), ahead, expected, backtest(weeks, ahead=ahead, stock=stock))
