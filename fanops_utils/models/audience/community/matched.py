"""Activities against matched days without any: the same weekday, weeks before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import mean_t

WEEKS = (-4, -3, -2, -1, 1, 2, 3, 4)
FEWEST_MATCHES = 2
LEVEL = 0.05
TOGETHER = " + "


def against_matched_days(activities: pd.DataFrame, daily: pd.DataFrame, *, value: str = "dau") -> pd.DataFrame:
    """Return per kind of activity how *value* on its days compares with days without one: kind, n, estimate,
    ci_lower, ci_upper, verdict.

    Columns of *activities*: kind, date_day; of *daily*: date_day, *value*. Matched days are the same weekday one to
    four weeks before and after, without any activity on them or the day before (what lasts two days does not pass for
    quiet). Estimates are relative (0.5: half as much again), geometric means over activities with a t interval
    corrected for the number of kinds (Bonferroni). verdict: more, less, unclear, or too_few (below five activities
    with two matched days). Activities that always share their day cannot be told apart: a day with several kinds is a
    kind of its own ("quiz + tasting"). The days are chosen by the team: no proof of cause.
    """
    series = daily.set_index("date_day")[value].astype(float)
    dates = pd.to_datetime(activities["date_day"])
    busy = set(dates) | set(dates + pd.Timedelta(days=1))
    kinds = activities.assign(day=dates).groupby("day")["kind"].agg(lambda names: TOGETHER.join(sorted(set(names))))
    rows: dict[str, list[float]] = {str(kind): [] for kind in kinds.unique()}
    for day, kind in zip(pd.DatetimeIndex(kinds.index), kinds, strict=True):
        quiet = [day + pd.Timedelta(weeks=week) for week in WEEKS]
        usual = series.reindex([one for one in quiet if one not in busy]).dropna()
        if day in series.index and len(usual) >= FEWEST_MATCHES and usual.mean() > 0 and series[day] > 0:
            rows[str(kind)].append(float(np.log(series[day] / usual.mean())))
    level = 1 - LEVEL / max(1, len(rows))
    return pd.DataFrame(
        [_told(kind, logs, level) for kind, logs in rows.items()],
        columns=["kind", "n", "estimate", "ci_lower", "ci_upper", "verdict"],
    )


def _told(kind: str, logs: list[float], level: float) -> tuple[object, ...]:
    if len(logs) < 5:
        return kind, len(logs), np.nan, np.nan, np.nan, "too_few"
    told = mean_t(logs, level=level)
    verdict = "more" if told.ci_lower > 0 else "less" if told.ci_upper < 0 else "unclear"
    return kind, told.n, *(float(np.expm1(one)) for one in (told.estimate, told.ci_lower, told.ci_upper)), verdict
