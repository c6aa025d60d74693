"""Where the market's figures go if nothing is done differently: three scenarios, and how such forecasts came out before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.models.forecasts.backtest import Backtest, backtest
from fanops_utils.models.forecasts.drift import Refused, forecast, refusal

AHEAD = (4, 13, 26)
CHOSEN = (13, 4)  # weeks a figure is told for first: a quarter, else a month
LOW, HIGH = 0.1, 0.9
COLUMNS = ["figure", "ahead", "now", "low", "middle", "high", "code"]


@dataclass(frozen=True)
class Outlook:
    """`table`, one row per figure and horizon: figure, ahead (weeks), now (mean of its last four weeks; last week of a stock),
    low, middle, high (exceeded in 9, 5 and 1 of 10 cases), code: told, or why not (short, far, wide, not_positive).
    `horizons`: by figure the weeks it is told for first (13, else 4; none where it is refused), `backtests` of that horizon,
    None where the past is too short to try it.
    """

    table: pd.DataFrame
    horizons: Mapping[str, int]
    backtests: Mapping[str, Backtest | None]

    def first(self) -> pd.DataFrame:
        """Return the rows of the horizon that each figure is told for first."""
        return self.table[self.table["ahead"].eq(self.table["figure"].map(self.horizons)).fillna(False).astype(bool)]


def outlook(weeks: Mapping[str, pd.Series], *, stocks: frozenset[str] = frozenset()) -> Outlook:
    """Return the scenarios of each figure of *weeks* (whole weeks, oldest first) for 4, 13 and 26 weeks.

    *stocks*: figures that are a level (followers), not a sum of the week. Method of `models.forecasts.forecast`.
    """
    rows: list[tuple[object, ...]] = []
    horizons, tried = {}, {}
    for figure, series in weeks.items():
        known, stock = series.to_numpy(float), figure in stocks
        now = float(known[-1] if stock else known[-4:].mean()) if len(known) else np.nan
        for ahead in AHEAD:
            reason: Refused | None = refusal(known, ahead=ahead, stock=stock)
            if reason is not None:
                rows.append((figure, ahead, now, np.nan, np.nan, np.nan, reason))
                continue
            told = forecast(known, ahead=ahead, stock=stock)
            rows.append((figure, ahead, now, *(told.quantile(part) for part in (LOW, 0.5, HIGH)), "told"))
        able = [ahead for ahead in CHOSEN if refusal(known, ahead=ahead, stock=stock) is None]
        if able:
            horizons[figure] = able[0]
            tried[figure] = backtest(known, ahead=able[0], stock=stock)
    return Outlook(pd.DataFrame(rows, columns=COLUMNS), horizons, tried)
