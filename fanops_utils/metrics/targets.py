"""Plan and actual: a target is hit, missed, or neither can be told, by the interval of what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import Interval
from fanops_utils.metrics.wording import worded_frame

Reached = Literal["hit", "miss", "cannot tell"]
Where = Literal["not_measured", "below", "inside", "above", "beyond"]
TARGET_COLUMNS = [
    "metric", "denominator", "window", "unit", "low", "high", "estimate", "ci_lower", "ci_upper", "n", "verdict", "where",
]  # fmt: skip


class TargetLike(Protocol):
    """What a target of a register has."""

    @property
    def metric(self) -> str: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float | None: ...
    @property
    def denominator(self) -> str: ...
    @property
    def window(self) -> str: ...
    @property
    def unit(self) -> str: ...


def against_band(measured: Interval, low: float, high: float | None = None) -> tuple[Reached, Where]:
    """Return whether a target from *low* (to *high*) is reached, and where the interval lies: what says so.

    hit: the whole interval lies at *low* or above. miss: the whole interval lies below *low*. Otherwise cannot tell.
    Beyond *high* is a hit too, and told apart: the band was set too low, or the measure counts something else.

    >>> against_band(Interval(0.25, 0.21, 0.29, 9), 0.2, 0.3)[0]
    'hit'
    >>> against_band(Interval(0.25, 0.15, 0.35, 9), 0.2, 0.3)[0]
    'cannot tell'
    """
    if not np.isfinite([measured.estimate, measured.ci_lower, measured.ci_upper]).all():
        return "cannot tell", "not_measured"
    if measured.ci_upper < low:
        return "miss", "below"
    if measured.ci_lower < low:
        return "cannot tell", "inside"
    if high is not None and measured.ci_lower > high:
        return "hit", "beyond"
    return "hit", "above"


def target_table(
    targets: Sequence[TargetLike], measured: Mapping[tuple[str, str], Interval] | Mapping[str, Interval]
) -> pd.DataFrame:
    """Return one row per target: what was asked, what was measured, and the verdict in three words.

    *measured*: interval by metric, or by (metric, window) where a metric has targets in several windows. A target
    that nobody measured stays in the table, as cannot tell.
    """
    rows = []
    by_name: dict[object, Interval] = dict(measured.items())
    for one in targets:
        found = by_name.get((one.metric, one.window), by_name.get(one.metric, Interval(np.nan, np.nan, np.nan, 0)))
        verdict, where = against_band(found, one.low, one.high)
        rows.append((
            one.metric, one.denominator, one.window, one.unit, one.low, np.nan if one.high is None else one.high,
            found.estimate, found.ci_lower, found.ci_upper, found.n, verdict, where,
        ))  # fmt: skip
    return worded_frame(rows, columns=TARGET_COLUMNS, texts=["metric", "denominator", "window"])
