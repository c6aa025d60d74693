"""From an interval to a verdict: what must hold before a campaign's interval may be called worked or hurt.

Three controls, four past windows, four weeks of baseline, no drift that explains it, and no single control whose
absence would change it. Where one of these is missing the interval stays, as a hint.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import Interval
from fanops_utils.models.campaign.pretrend import PreTrend
from fanops_utils.models.panel.markets import Panel
from fanops_utils.models.reasons import (
    Drifted,
    FewDays,
    FewMarkets,
    FewWindows,
    OneControlDecides,
    Reason,
    ShortBaseline,
    Window,
)
from fanops_utils.workspace.register import Period

Verdict = Literal["worked", "no clear effect", "hurt", "cannot tell"]
Hint = Literal["rise", "fall", "nothing"]
FEWEST_PLACEBOS, FEWEST_FOR_A_HINT = 4, 2
FEWEST_CONTROLS = 3
SHORTEST_BASELINE = 28
INFLUENCE = 0.25  # of the margin of error: a control that moves the estimate by less decides nothing
LEFT_OUT = ["control", "estimate", "ci_lower", "ci_upper"]


def side_of(interval: Interval) -> int:
    """Return 1 where *interval* lies above zero, -1 below, else 0."""
    return int(interval.ci_lower > 0) - int(interval.ci_upper < 0)


def leave_one_out(panel: Panel, baseline: Period, live: Period, *, half: float) -> pd.DataFrame:
    """Return estimate and interval without each control in turn: control, estimate, ci_lower, ci_upper.

    *half*: half the width of the interval with all of them, since what chance does is not one control's to say.
    """
    rows = []
    for name in panel.controls if len(panel.controls) > 1 else ():
        fewer = panel.with_controls([other for other in panel.controls if other != name])
        estimate = fewer.effect(baseline, live)
        rows.append((name, estimate, estimate - half, estimate + half))
    return pd.DataFrame(rows, columns=LEFT_OUT).astype(dict.fromkeys(LEFT_OUT[1:], float))


def deciding_control(log: Interval, without: pd.DataFrame | None) -> str | None:
    """Return the control whose absence changes what *log* says; of several the one that moves the estimate most.

    An interval that ends near zero crosses it with any change of width: only a control that moves the estimate by a
    quarter of its margin of error counts.
    """
    if without is None or not len(without):
        return None
    side = (without["ci_lower"] > 0).astype(int) - (without["ci_upper"] < 0).astype(int)
    moved = (without["estimate"] - log.estimate).abs() >= INFLUENCE * (log.ci_upper - log.ci_lower) / 2
    changed = without[(side != side_of(log)) & moved]
    if changed.empty:
        return None
    furthest = int((changed["estimate"] - log.estimate).abs().to_numpy().argmax())
    return str(changed["control"].iloc[furthest])


def judged(
    log: Interval, panel: Panel, baseline: Period, live: Period, *, trend: PreTrend | None, without: pd.DataFrame | None
) -> tuple[Verdict, Reason | None]:
    """Return the verdict that *log* may carry, and the reason where it may carry none."""
    reason = _missing(log, panel, baseline, live) or _doubt(log, panel, trend, without)
    if reason is not None:
        return "cannot tell", reason
    said: dict[int, Verdict] = {1: "worked", 0: "no clear effect", -1: "hurt"}
    return said[side_of(log)], None


def hint_of(log: Interval, reason: Reason | None) -> Hint | None:
    """Return what *log* points at where *reason* forbids a verdict; None where it may not even be a hint."""
    hinted = isinstance(reason, FewMarkets | ShortBaseline | OneControlDecides | Drifted) or (
        isinstance(reason, FewWindows) and log.n >= FEWEST_FOR_A_HINT
    )
    if not hinted or not np.isfinite(log.ci_lower):
        return None
    return ("nothing", "rise", "fall")[side_of(log)]


def _missing(log: Interval, panel: Panel, baseline: Period, live: Period) -> Reason | None:
    periods: tuple[tuple[Window, Period], ...] = (("live", live), ("baseline", baseline))
    for name, period in periods:
        if not panel.covers(period):
            return FewDays(name, panel.seen(period), period.days)
    if log.n < FEWEST_PLACEBOS:
        return FewWindows(log.n, FEWEST_PLACEBOS)
    if len(panel.controls) < FEWEST_CONTROLS:
        return FewMarkets(len(panel.controls), FEWEST_CONTROLS)
    if baseline.days < SHORTEST_BASELINE:
        return ShortBaseline(baseline.days, SHORTEST_BASELINE)
    return None


def _doubt(log: Interval, panel: Panel, trend: PreTrend | None, without: pd.DataFrame | None) -> Reason | None:
    if trend and trend.failed:
        points = panel.choice.scale == "difference"
        return Drifted(trend.p_value, trend.drift if points else float(np.expm1(trend.drift)), points)
    if side_of(log) and (name := deciding_control(log, without)):
        return OneControlDecides(name)
    return None
