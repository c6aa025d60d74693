"""Where the market's figures go if nothing is done differently: three scenarios, and how such forecasts came out before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.models.forecasts.backtest import Backtest, backtest
from fanops_utils.models.forecasts.drift import Refused, forecast, refusal

AHEAD = (4, 13, 26)
MAIN = 13
LOW, HIGH = 0.1, 0.9
COLUMNS = ["figure", "ahead", "now", "low", "middle", "high", "code"]


@dataclass(frozen=True)
class Outlook:
    """`table`, one row per figure and horizon: figure, ahead (weeks), now (mean of its last four weeks; last week of a stock),
    low, middle, high (exceeded in 9, 5 and 1 of 10 cases), code: told, or why not (short, far, wide, not_positive).
    `backtests` of the main horizon by figure, None where the past is too short to try it.
    """

    table: pd.DataFrame
    backtests: Mapping[str, Backtest | None]


def outlook(weeks: Mapping[str, pd.Series], *, stocks: frozenset[str] = frozenset()) -> Outlook:
    """Return the scenarios of each figure of *weeks* (whole weeks, oldest first) for 4, 13 and 26 weeks.

    *stocks*: figures that are a level (followers), not a sum of the week. Method of `models.forecasts.forecast`.
    """
    rows: list[tuple[object, ...]] = []
    tried = {}
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
        able = len(known) > 0 and bool((known > 0).all())
        tried[figure] = backtest(known, ahead=MAIN, stock=stock) if able else None
    return Outlook(pd.DataFrame(rows, columns=COLUMNS), tried)
