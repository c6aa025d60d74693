"""What was published: by whom it was made, whether the calendar was kept, and how live streams did."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.intervals import Interval, mean_t, ratio_of_sums, wilson, wilson_frame

ORIGINS = ("OGC", "PGC", "UGC", "KOL")
STAGE_BANDS = {"start": (0.05, 0.15), "building": (0.15, 0.30), "running": (0.30, 1.0)}  # months 1-3, 4-6, later
FEWEST_SESSIONS = 5


def origins(posts: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Return who made the posts: origin, hits, estimate, ci_lower, ci_upper (Wilson), n.

    Column: origin; null is the brand's own (OGC), as the canonical table says.
    """
    need(posts, "origin")
    named = posts["origin"].astype("object").where(posts["origin"].notna(), "OGC")
    hits = pd.Series([int((named == name).sum()) for name in ORIGINS])
    table = wilson_frame(hits, pd.Series([len(posts)] * len(ORIGINS)), level=level)
    return table.assign(origin=list(ORIGINS), hits=hits)[["origin", "hits", "estimate", "ci_lower", "ci_upper", "n"]]


def against_stage(share: Interval, stage: str) -> str:
    """Return whether a share of user content lies "below", "inside" or "above" the band of *stage*, else "unclear"."""
    low, high = STAGE_BANDS[stage]
    if not share.n:
        return "no_data"
    if share.ci_upper < low:
        return "below"
    if share.ci_lower > high:
        return "above"
    return "inside" if low <= share.ci_lower and share.ci_upper <= high else "unclear"


def calendar_kept(posts: pd.DataFrame) -> pd.DataFrame:
    """Return how the calendar was kept: what (on_the_day, within_a_day, signed_off), hits, estimate, ci_lower, ci_upper, n.

    Columns: planned_for, created_local, signed_off_at, created_timestamp. Posts that nobody planned are not in the
    first two; signed_off is the share of tagged posts with a sign-off before they were published.
    """
    need(posts, "planned_for", "created_local", "signed_off_at", "created_timestamp")
    planned = posts.dropna(subset=["planned_for", "created_local"])
    late = (days(planned["created_local"]) - days(planned["planned_for"])).dt.days
    signed = pd.to_datetime(planned["signed_off_at"], utc=True)
    before = signed.notna() & (signed <= pd.to_datetime(planned["created_timestamp"], utc=True))
    kept = {"on_the_day": late == 0, "within_a_day": late.abs() <= 1, "signed_off": before}
    hits = pd.Series([int(held.sum()) for held in kept.values()])
    table = wilson_frame(hits, pd.Series([len(planned)] * len(kept)))
    return table.assign(what=list(kept), hits=hits)[["what", "hits", "estimate", "ci_lower", "ci_upper", "n"]]


def live_sessions(streams: pd.DataFrame) -> pd.DataFrame:
    """Return the live streams by kind (their title): what they drew, what was watched and bought.

    Columns: title, viewers, peak_viewers, average_watch_seconds, messages, orders. Returned: kind, n (sessions), viewers
    (median), peak (share of viewers at once), watch_seconds (mean), messages (per viewer), bought (orders per viewer,
    ratio over sessions) with bought_lower, bought_upper, enough (five sessions or more); most sessions first.
    """
    need(streams, "title", "viewers", "peak_viewers", "average_watch_seconds", "messages", "orders")
    rows = []
    titles = streams["title"].astype("object").where(streams["title"].notna(), "")
    for title, part in streams.groupby(titles):
        seen = numbers(part["viewers"])
        peak, talk, bought = (
            ratio_of_sums(numbers(part[name]), seen) for name in ("peak_viewers", "messages", "orders")
        )
        watched = mean_t(numbers(part["average_watch_seconds"]))
        middle = float(np.nanmedian(seen)) if np.isfinite(seen).any() else np.nan
        rows.append((title, len(part), middle, peak.estimate, watched.estimate, talk.estimate, bought.estimate,
                     bought.ci_lower, bought.ci_upper))  # fmt: skip
    names = ["kind", "n", "viewers", "peak", "watch_seconds", "messages", "bought", "bought_lower", "bought_upper"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(enough=table["n"] >= FEWEST_SESSIONS).sort_values("n", ascending=False, ignore_index=True)


def live_compared(streams: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Return each kind of stream against the most frequent one: kind, against, measure, estimate, ci_lower, ci_upper, n.

    Measures: viewers (ratio of geometric means, Welch) and bought (ratio of orders per viewer, delta method over
    sessions), as changes (0.8: 80 % more). Kinds with fewer than five sessions are left out.
    """
    titles = streams["title"].astype("object").where(streams["title"].notna(), "")
    groups = {str(name): part for name, part in streams.groupby(titles) if len(part) >= FEWEST_SESSIONS}
    order = sorted(groups, key=lambda name: -len(groups[name]))
    rows = []
    for name, measure in product(order[1:], ("viewers", "bought")):
        one, other = groups[name], groups[order[0]]
        told = (
            _log_ratio(_logs(one), _logs(other), level) if measure == "viewers" else _ratio_of_rates(one, other, level)
        )
        rows.append((name, order[0], measure, *told, len(one)))
    return pd.DataFrame(rows, columns=["kind", "against", "measure", "estimate", "ci_lower", "ci_upper", "n"])


def _logs(part: pd.DataFrame) -> np.ndarray:
    seen = numbers(part["viewers"])
    return np.log(seen[seen > 0])


def _log_ratio(one: np.ndarray, other: np.ndarray, level: float) -> tuple[float, float, float]:
    if min(one.size, other.size) < 2:
        return np.nan, np.nan, np.nan
    told = stats.ttest_ind(one, other, equal_var=False).confidence_interval(level)
    return tuple(float(np.expm1(value)) for value in (one.mean() - other.mean(), told.low, told.high))  # type: ignore[return-value]


def _ratio_of_rates(one: pd.DataFrame, other: pd.DataFrame, level: float) -> tuple[float, float, float]:
    rates = [ratio_of_sums(numbers(part["orders"]), numbers(part["viewers"]), level=level) for part in (one, other)]
    if not all(rate.estimate > 0 for rate in rates):
        return np.nan, np.nan, np.nan
    ratio = float(np.log(rates[0].estimate / rates[1].estimate))
    one_half, other_half = ((rate.ci_upper - rate.ci_lower) / 2 / rate.estimate for rate in rates)
    half = float(np.hypot(one_half, other_half))
    return tuple(float(np.expm1(value)) for value in (ratio, ratio - half, ratio + half))  # type: ignore[return-value]


def user_share(table: pd.DataFrame) -> Interval:
    """Return the share of user content of `origins` as an interval."""
    row = table[table["origin"] == "UGC"].iloc[0]
    return wilson(int(row["hits"]), int(row["n"]))
