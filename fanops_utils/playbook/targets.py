"""Targets judged three ways, by the interval of what was measured: met, not met, cannot tell yet."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from fanops_utils.workspace.registers.target import Target

if TYPE_CHECKING:
    from fanops_utils.metrics.catalogue.together import Lookup
    from fanops_utils.metrics.intervals import Interval

Judged = Literal["met", "not_met", "cannot_tell"]
Where = Literal["reached", "beyond", "below", "above", "inside", "not_yet", "not_measured"]
WINDOW = 28  # days, where a target names none


@dataclass(frozen=True, kw_only=True)
class TargetState:
    """One target in one market (None: all together) on a day: what was measured, and what that says.

    `odds` is the chance to meet it by its day, where somebody worked it out; `judged` never leans on it.
    """

    target: Target
    market: str | None
    measured: Interval
    judged: Judged
    where: Where
    odds: float | None = None


def judge(target: Target, measured: Interval, *, on: date) -> tuple[Judged, Where]:
    """Return whether *target* is met on the day *on*, and where the interval lies: what says so.

    met: the whole interval lies at `low` or above (at `high` or below where only that is given). not_met: the whole
    interval lies on the other side, and the day by which it was to be reached has come. Otherwise it cannot be told yet.

    >>> from fanops_utils.metrics.intervals import Interval
    >>> judge(Target(id="t", metric="m", low=0.2), Interval(0.25, 0.21, 0.29, 9), on=date(2026, 11, 2))
    ('met', 'reached')
    """
    if not all(math.isfinite(end) for end in (measured.estimate, measured.ci_lower, measured.ci_upper)):
        return "cannot_tell", "not_measured"
    open_still = target.by is not None and on < target.by
    if target.low is None:
        assert target.high is not None
        if measured.ci_upper <= target.high:
            return "met", "reached"
        return _short("above", measured.ci_lower > target.high, open_still)
    if measured.ci_lower >= target.low:
        return "met", "beyond" if target.high is not None and measured.ci_lower > target.high else "reached"
    return _short("below", measured.ci_upper < target.low, open_still)


def _short(where: Where, wholly: bool, open_still: bool) -> tuple[Judged, Where]:
    if not wholly:
        return "cannot_tell", "inside"
    return ("cannot_tell", "not_yet") if open_still else ("not_met", where)


def states(
    targets: Iterable[Target],
    lookup: Lookup,
    *,
    on: date,
    odds: Callable[[Target, str | None], float | None] | None = None,
) -> list[TargetState]:
    """Return every target of *targets* in each of its markets as it stands on the day *on*.

    A target is measured over its window, the last 28 days where it names none, ending the day before *on*, or on its
    day where that is past. What *lookup* does not know stays, as cannot be told; so does money in another currency.
    """
    targets = list(targets)
    found: list[TargetState] = []
    if not targets:
        return found
    from fanops_utils.metrics.intervals import NOTHING  # here: pages are made without the libraries that measure

    for target in targets:
        last = min(on - timedelta(days=1), target.by) if target.by else on - timedelta(days=1)
        first = last - timedelta(days=(target.window or WINDOW) - 1)
        for market in target.markets or (None,):
            asked = (target.metric, market, target.platform, first, last)
            seen = lookup(*asked, None, target.currency) if target.currency else lookup(*asked)
            measured = seen or NOTHING
            judged, where = judge(target, measured, on=on)
            chance = odds(target, market) if odds and judged == "cannot_tell" else None
            found.append(
                TargetState(target=target, market=market, measured=measured, judged=judged, where=where, odds=chance)
            )
    return found
