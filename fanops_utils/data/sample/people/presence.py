"""On which days each person is there: until they leave, more on days of activities, and again when they come back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, waking_hours

if TYPE_CHECKING:
    from fanops_utils.data.sample.people.population import PeopleTruth

PEAK_SD, AT_PEAK = 0.9, 0.45  # of a person's acts, the share around the own peak


def there(persons: pd.DataFrame, truth: PeopleTruth, code: str, rng: np.random.Generator) -> np.ndarray:
    """Return persons x days: on the day of joining, on days by chance until they leave, and on the last one."""
    days = np.arange(len(calendar()))
    joined, leaves, returns = (persons[name].to_numpy()[:, None] for name in ("day", "leaves", "returns"))
    alive = (days > joined) & (days <= leaves)
    alive |= (returns >= 0) & (days >= returns) & (days <= returns + persons["spell"].to_numpy()[:, None])
    week_end = np.where(calendar().day_of_week >= 5, 1.0, -0.4)
    moving = np.clip(1 + persons["weekend"].to_numpy()[:, None] * week_end, 0.2, 1.8)
    chance = np.minimum(persons["chance"].to_numpy()[:, None] * moving * gathering_factor(truth, code), 0.98)
    there = alive & (rng.random(alive.shape) < chance)
    there |= days == joined
    there |= (days == leaves) & (leaves > joined + 30)
    there |= (returns >= 0) & (days == returns)
    return there


def gathering_days(truth: PeopleTruth, name: str, code: str) -> np.ndarray:
    """Return the days of the calendar on which the activity *name* begins in market *code*, from the 60th on."""
    kind = dict(truth.gatherings)[name]
    place = kind.markets.index(code) if code in kind.markets else -1
    return np.arange(60 + 3 * place, len(calendar()) - 5, kind.every) if place >= 0 else np.empty(0, dtype="int64")


def gathering_factor(truth: PeopleTruth, code: str) -> np.ndarray:
    """Return what the activities of market *code* do to activity, day by day."""
    factor = np.ones(len(calendar()))
    for name, kind in truth.gatherings:
        for later in range(kind.days):
            factor[gathering_days(truth, name, code) + later] *= kind.factor
    return factor


def won_back(
    persons: pd.DataFrame, there: np.ndarray, truth: PeopleTruth, rng: np.random.Generator
) -> tuple[np.ndarray, pd.DataFrame]:
    """Return the days with those whom a message brought back, and to whom of the silent it was sent or not."""
    there, parts = there.copy(), []
    for offer, when, silent, held, adds in truth.win_backs:
        day = (date.fromisoformat(when) - calendar()[0].date()).days
        was = there[:, day - 240 : day - silent].any(axis=1) & ~there[:, day - silent : day].any(axis=1)
        was &= (persons["leaves"] >= persons["day"] + 30).to_numpy()
        target = np.flatnonzero(was)
        out, luck = rng.random(len(target)) < held, rng.random(len(target))
        woken = target[~out & (luck < adds)]
        after = np.minimum(day + 1 + rng.integers(0, 14, len(woken)), len(calendar()) - 1)
        there[woken, after] = True
        parts.append(pd.DataFrame({
            "offer": offer, "person": persons["person"].to_numpy()[target], "arm": np.where(out, "holdout", "sent"), "day": day,
        }))  # fmt: skip
    return there, pd.concat(parts, ignore_index=True)


def own_hours(persons: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Return one local clock time in hours per row: around the person's own peak, or at any waking hour."""
    at_peak = rng.random(len(persons)) < AT_PEAK
    around = np.clip(rng.normal(persons["peak"].to_numpy(), PEAK_SD), 0, 23.99)
    return np.where(at_peak, around, waking_hours(len(persons), rng))
