"""Rates of simulations held against what a method promises."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.experiments.simulation.simulate import band
from fanops_utils.text import Level, Message, Percent, say

BAND_LEVEL = 0.05


def against(
    label: pd.Series, rate: pd.Series, n: pd.Series, *, nominal: float, valid: pd.Series, most: bool | None = None
) -> pd.DataFrame:
    """Return rates with the band in which a method that keeps its promise ends up 95 times in 100.

    *most*: the promise is an upper limit (True), a lower one (False), or a rate (None). Rows that are not *valid* get
    no band, and are within none: they promise nothing.
    """
    low, high = np.reshape([band(nominal, int(size), level=BAND_LEVEL) for size in n], (-1, 2)).T
    shares = rate.to_numpy(float)
    within = (shares <= high if most is not False else True) & (shares >= low if most is not True else True)
    held = valid.to_numpy(bool)
    return pd.DataFrame({
        "label": label.to_numpy(), "rate": shares, "n": n.to_numpy(), "nominal": np.where(held, nominal, np.nan),
        "band_lower": np.where(held, low, np.nan), "band_upper": np.where(held, high, np.nan),
        "within": within & held, "valid": held,
    })  # fmt: skip


def to_the_letter(nominal: float, n: float) -> Message:
    """Return how far chance alone moves a share of *n* simulations."""
    low, high = band(nominal, int(n), level=BAND_LEVEL)
    return say(
        "In {n} campaigns a method that keeps this to the letter ends between {low} and {high}, {often} of the time.",
        n=int(n), low=Percent(low), high=Percent(high), often=Level(1 - BAND_LEVEL),
    )  # fmt: skip
