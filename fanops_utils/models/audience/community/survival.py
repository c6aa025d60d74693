"""What is left after each time, who still waits included: streaks of days, waits for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight

from fanops_utils.metrics.folds import first_runs
from fanops_utils.metrics.multiple import holm

if TYPE_CHECKING:
    import ibis

EXACT = 1e-9


def left_after(times: pd.Series, ended: pd.Series) -> pd.DataFrame:
    """Return what share is left after each time: time, share, lower, upper (95 %, log-log), at_risk; empty without rows.

    *times* are positive, *ended* false where nothing more is known (censored). Source of the method: Kaplan-Meier.
    """
    if not len(times) or not ended.any():
        return pd.DataFrame(columns=["time", "share", "lower", "upper", "at_risk"], dtype=float)
    found = SurvfuncRight(times.to_numpy(dtype=float), ended.to_numpy(dtype=int))
    share, error = np.asarray(found.surv_prob), np.asarray(found.surv_prob_se)
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    width = np.where(inside, 1.959964 * error / (safe * -np.log(safe)), 0.0)
    lower, upper = (np.where(inside, safe ** np.exp(sign * width), share) for sign in (1, -1))
    return pd.DataFrame(
        {"time": found.surv_times, "share": share, "lower": lower, "upper": upper, "at_risk": found.n_risk}
    )


def time_until(curve: pd.DataFrame, share: float) -> float:
    """Return the time at which *share* of all have ended (0.5: the median, 0.9: P90); NaN where so many have not yet.

    *curve*: `left_after`. Where exactly so many have ended it is the middle between that time and the next, as of a median.
    """
    left = curve["share"].to_numpy(float) - (1 - share)
    times = curve["time"].to_numpy(float)
    place = np.flatnonzero(left <= EXACT)
    if not place.size:
        return float("nan")
    first = int(place[0])
    exact = abs(left[first]) <= EXACT and first + 1 < len(times)
    return float((times[first] + times[first + 1]) / 2 if exact else times[first])


def done_within(curve: pd.DataFrame, time: float) -> tuple[float, float, float]:
    """Return what share has ended by *time*, with its interval (*curve*: `left_after`); NaN for an empty curve."""
    if curve.empty:
        return float("nan"), float("nan"), float("nan")
    before = curve[curve["time"] <= time]
    if before.empty:
        return 0.0, 0.0, float("nan")
    last = before.iloc[-1]
    return float(1 - last["share"]), float(1 - last["upper"]), float(1 - last["lower"])


def streaks(check_ins: pd.DataFrame | ibis.Table, *, length: int, as_of: pd.Timestamp | None = None) -> pd.DataFrame:
    """Return per streak how many days it held: subject, member_key, held, broke.

    Columns of *check_ins* (a frame, or in the engine): subject, member_key, date_day. A streak begins on the first day
    anybody has for its subject that the member has one, and holds while each next day has one. broke is false where it
    reached *length* or where the next day is not over on *as_of* (None: the last day of all check-ins).
    """
    runs = first_runs(check_ins)
    if as_of is None and len(runs):
        days = check_ins["date_day"].max()
        as_of = pd.Timestamp(days if isinstance(check_ins, pd.DataFrame) else days.to_pandas())
    over = runs["first"] + pd.to_timedelta(runs["held"], unit="D") <= (as_of or pd.NaT)
    broke = (runs["held"] < length) & over
    return runs[["subject", "member_key"]].assign(held=runs["held"].clip(upper=length), broke=broke)


def break_day(found: pd.DataFrame) -> tuple[int | None, pd.DataFrame]:
    """Return the day on which streaks break clearly more often than on the others, and the days: day, at_risk, broke,
    rate, p_adjusted.

    *found*: `streaks`. A streak that held d days and broke, broke on day d + 1. Exact test of each day against the
    rate of the other days, one-sided, Holm over the days; None where no day stands out.
    """
    if found.empty:
        return None, pd.DataFrame(columns=["day", "at_risk", "broke", "rate", "p_adjusted"])
    last = int(found["held"].max())
    rows = [
        (
            day,
            int(((found["held"] >= day) | ((found["held"] == day - 1) & found["broke"])).sum()),
            int(((found["held"] == day - 1) & found["broke"]).sum()),
        )
        for day in range(2, last + 2)
    ]
    table = pd.DataFrame(rows, columns=["day", "at_risk", "broke"])
    table = table[table["at_risk"] > 0].reset_index(drop=True)
    total = table[["at_risk", "broke"]].sum()
    p = []
    for at_risk, broke in zip(table["at_risk"].tolist(), table["broke"].tolist(), strict=True):
        others = (total["broke"] - broke) / max(1, total["at_risk"] - at_risk)
        p.append(float(stats.binom.sf(broke - 1, at_risk, min(max(others, 1e-9), 1.0))) if broke else 1.0)
    table = table.assign(rate=table["broke"] / table["at_risk"], p_adjusted=holm(p) if p else [])
    clear = table[table["p_adjusted"] < 0.01]
    return (int(clear["day"].iloc[int(clear["p_adjusted"].argmin())]) if len(clear) else None), table
