"""Markets as rough as real ones: simulated log daily totals, many campaigns at once, of which the last days are live.

All worlds: a common random walk of 1 % a day with a wave over the year, a week of its own for each market, noise of 8 %
with a memory of half a day. `WORLDS` adds what breaks methods: markets that walk alone, common walks of which each
market takes another share, lasting steps, one control with a shock of its own, and all of it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import signal

WorldName = Literal["easy", "own_walks", "uneven_factors", "steps", "shocked_control", "everything"]
NOISE, MEMORY, WAVE, WEEK, SHOCK = 0.08, 0.5, 0.15, 0.05, 0.5


@dataclass(frozen=True)
class HardWorld:
    """What is rough in a world: standard deviations of daily steps of common and own walks; steps per market and year."""

    factors: tuple[float, ...] = (0.01,)
    uneven: bool = False
    own_walk: tuple[float, float] | None = None
    steps: float = 0.0
    shocked: bool = False
    heavy_tails: bool = False


WORLDS: dict[WorldName, HardWorld] = {
    "easy": HardWorld(),
    "own_walks": HardWorld(own_walk=(0.01, 0.03)),
    "uneven_factors": HardWorld(factors=(0.010, 0.015), uneven=True),
    "steps": HardWorld(steps=1.0),
    "shocked_control": HardWorld(shocked=True),
    "everything": HardWorld(
        factors=(0.010, 0.015), uneven=True, own_walk=(0.01, 0.03), steps=1.0, shocked=True, heavy_tails=True
    ),
}


def hard_markets(
    world: HardWorld, *, campaigns: int, treated: int, controls: int, before: int, live: int, wild: float,
    rng: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """Return log daily totals, campaigns x (*before* + *live* days) x markets, the *treated* first; nothing is planted.

    In the live days noise and walks of every market are *wild* times as large as before; a shocked control gains half.
    """
    days, markets = before + live, treated + controls
    shape, size = (campaigns, days, markets), np.where(np.arange(days) < before, 1.0, wild)[:, None]
    walks = np.cumsum(rng.normal(0, world.factors, (campaigns, days, len(world.factors))) * size, axis=1)
    walks[..., 0] += WAVE * np.sin(2 * np.pi * (np.arange(days) / 365 + rng.uniform(size=(campaigns, 1))))
    shares = (campaigns, len(world.factors), markets)
    logs = walks @ (rng.uniform(0.4, 1.6, shares) if world.uneven else np.ones(shares))
    logs += rng.normal(0, WEEK, (campaigns, 7, markets))[:, np.arange(days) % 7]
    drawn = rng.standard_t(3, shape) / np.sqrt(3) if world.heavy_tails else rng.normal(size=shape)
    logs += signal.lfilter([1.0], [1.0, -MEMORY], NOISE * np.sqrt(1 - MEMORY**2) * drawn, axis=1) * size
    if world.own_walk:
        own = rng.normal(size=shape) * rng.uniform(*world.own_walk, (campaigns, 1, markets))
        logs += np.cumsum(own * size, axis=1)
    if world.steps:
        heights = rng.uniform(0.1, 0.3, shape) * rng.choice([-1.0, 1.0], shape)
        logs += np.cumsum((rng.random(shape) < world.steps / 365) * heights, axis=1)
    if world.shocked:
        logs[:, before:, treated] += np.log1p(SHOCK)
    return logs
