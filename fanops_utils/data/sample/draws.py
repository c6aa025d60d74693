"""Random draws and clock times that all parts of the simulated brand share."""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd

from fanops_utils.data.sample.period import FIRST_DAY, LAST_DAY

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Share of a fan's acts per local hour: quiet nights, a lunch bump, an evening peak.
WAKING = np.array([2, 1, 1, 1, 1, 2, 4, 7, 8, 8, 8, 9, 12, 11, 8, 8, 8, 9, 11, 14, 17, 17, 12, 6], dtype=float)


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of the part *name*: parts do not disturb one another.

    >>> int(stream(1, "shop").integers(1000)) == int(stream(1, "shop").integers(1000))
    True
    """
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def calendar() -> pd.DatetimeIndex:
    """Return the simulated days.

    >>> len(calendar())
    730
    """
    return pd.date_range(FIRST_DAY, LAST_DAY, unit="s")


def autoregression(shocks: np.ndarray, persistence: float) -> np.ndarray:
    """Return the AR(1) series that *shocks* drive, starting at rest.

    >>> autoregression(np.array([1.0, 0.0, 0.0]), 0.5).tolist()
    [1.0, 0.5, 0.25]
    """
    return np.convolve(shocks, persistence ** np.arange(len(shocks)))[: len(shocks)]


def waking_hours(size: int, rng: np.random.Generator) -> np.ndarray:
    """Return *size* local clock times in hours, drawn from the day of a usual fan."""
    return rng.choice(24, size, p=WAKING / WAKING.sum()) + rng.random(size)


def to_utc(days: pd.DatetimeIndex, hours: np.ndarray, zone: str) -> pd.DatetimeIndex:
    """Return the instants at which clocks in *zone* show *hours* (0-24, fractions kept to the second) on *days*."""
    wall = days + pd.to_timedelta((hours * 3600).astype("int64"), unit="s")
    first = np.ones(len(wall), dtype=bool)
    return wall.tz_localize(zone, ambiguous=first, nonexistent="shift_forward").tz_convert("UTC")


def iso(times: pd.DatetimeIndex | pd.Series) -> np.ndarray:
    """Return UTC *times* as text with offset.

    >>> iso(pd.to_datetime(["2026-03-01 10:00:00Z"])).tolist()
    ['2026-03-01T10:00:00+00:00']
    """
    seconds = pd.DatetimeIndex(times).tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[s]")
    return np.char.add(np.datetime_as_string(seconds), "+00:00").astype(object)


def apportion(total: float, shares: dict[str, float]) -> dict[str, int]:
    """Return *total* split by *shares*, each part rounded and at least 1.

    >>> apportion(10, {"US": 0.7, "DE": 0.3})
    {'US': 7, 'DE': 3}
    """
    whole = sum(shares.values())
    return {name: max(1, round(total * share / whole)) for name, share in shares.items()}
