"""Who is about to leave? The chance that a member who is still there will not be seen in the weeks to come.

A hazard in discrete time: every week is a snapshot of the members still active, and a logistic regression learns from it who
was not seen afterwards. It is judged on weeks it has not learnt from, all of them later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.warehouse.asking.dividing import group_of
from fanops_utils.metrics.folds import habits_per_member
from fanops_utils.metrics.intervals import Interval
from fanops_utils.models.audience.daylog import DayLog
from fanops_utils.models.audience.rhythm import own_pause, rhythm_from

if TYPE_CHECKING:
    import ibis

WITHIN, EVERY = 28, 7
LEARNT, JUDGED = 8, 4  # snapshots a model learns from, and is judged on
LEAST_SNAPSHOTS, LEAST_LEAVERS = 2, 50
MOST_LEARNT = 20_000  # members that are learnt from: more would not change what is learnt
FEATURES = ("gap", "own", "over", "far_over", "tenure", "often", "often_91", "once")
EDGE = 1e-6


@dataclass(frozen=True)
class TooFewLeavers:
    """There is too little to learn from: whole snapshots, members who left in them, and how many it takes."""

    snapshots: int
    leavers: int
    least_snapshots: int = LEAST_SNAPSHOTS
    least_leavers: int = LEAST_LEAVERS


@dataclass(frozen=True)
class Leaving:
    """The chance of each member still there not to be seen within *within* days, and how far such chances came true.

    `members`: member_key, chance, gap, own_days, tenure, days_28, most likely first. `slope`: 1 where chances come true as they
    are, below 1 where they are too bold; `expected` and `seen`: mean chance and share gone in the snapshots judged; `lift`: how
    many times as many of the top tenth left as of all; `judged` and `left`: member-weeks, and members who left. `deciles`:
    decile, expected, seen, n. Without enough later weeks to be judged on, slope, lift and deciles are empty.
    """

    within: int
    members: pd.DataFrame
    slope: Interval
    lift: Interval
    expected: float
    seen: float
    judged: int
    deciles: pd.DataFrame = field(repr=False)

    @property
    def holds(self) -> bool:
        """Whether chances came true on later weeks: a slope that may be 1, and a mean within a fifth of what was seen."""
        fair = self.slope.ci_lower <= 1 <= self.slope.ci_upper or 0.9 <= self.slope.estimate <= 1.1
        return bool(fair and abs(self.expected - self.seen) <= 0.2 * self.seen)


def leaving(
    active_days: pd.DataFrame | ibis.Table,
    *,
    as_of: date,
    within: int = WITHIN,
    start: date | None = None,
    gone: pd.Series | None = None,
) -> Leaving | TooFewLeavers:
    """Return who of the members active in the last *within* days will hardly be seen in the next, from their days alone.

    *active_days* (a frame, or in the engine): member_key, date_day; *start*: the first day of the log, by default that of the
    first act; *gone*: the day on which a member has left, by member_key: who has left is not asked. It learns from
    eight weekly snapshots whose time is over, and is judged by one fitted on eight earlier ones and held against the last four.
    Raises nothing: too little to learn from gives TooFewLeavers.
    """
    first = start or _first(active_days)
    log = DayLog.of(learnt_from(active_days))
    days = _weeks(first, as_of, within)
    known = [day for day in days if day <= days[min(JUDGED, len(days)) - 1] - timedelta(days=within)][:LEARNT]
    snapshots = {day: _snapshot(log, day, within, gone) for day in {*days[:LEARNT], *known}}
    newest = [snapshots[day] for day in days[:LEARNT]]
    left = int(pd.concat(newest).query("left")["member_key"].nunique()) if newest else 0
    if len(newest) < LEAST_SNAPSHOTS or left < LEAST_LEAVERS:
        return TooFewLeavers(len(newest), left)
    now = _features(habits_per_member(active_days, as_of=as_of), as_of, within, gone)
    chance = _Hazard(newest).of(now)
    order = np.argsort(-chance, kind="stable")
    shown = ["member_key", "gap_days", "own_days", "tenure_days", "days_28"]
    members = now[shown].assign(chance=chance).iloc[order].reset_index(drop=True)
    told = judge([snapshots[day] for day in known], newest[:JUDGED])
    names = {"gap_days": "gap", "tenure_days": "tenure"}
    return Leaving(within, members.rename(columns=names), *told)


def judge(
    earlier: Sequence[pd.DataFrame], later: Sequence[pd.DataFrame]
) -> tuple[Interval, Interval, float, float, int, pd.DataFrame]:
    """Return slope, lift, mean chance, share gone, member-weeks and deciles of a model of *earlier* held against *later*."""
    nothing = Interval(np.nan, np.nan, np.nan, 0)
    empty = pd.DataFrame(columns=["decile", "expected", "seen", "n"])
    enough = (
        len(earlier) >= LEAST_SNAPSHOTS and pd.concat(earlier).query("left")["member_key"].nunique() >= LEAST_LEAVERS
    )
    rows = pd.concat(later, ignore_index=True)
    if not enough or rows["left"].nunique() < 2 or len(rows) < 100:
        return nothing, nothing, np.nan, np.nan, 0, empty
    rows["chance"] = _Hazard(earlier).of(rows)
    rows["place"] = rows["chance"].rank(method="first", ascending=True)
    rows["decile"] = np.ceil(10 * rows["place"] / len(rows)).astype("int64")
    deciles = rows.groupby("decile").agg(expected=("chance", "mean"), seen=("left", "mean"), n=("left", "size"))
    slope, lift = _slope(rows), _lift(rows)
    return slope, lift, float(rows["chance"].mean()), float(rows["left"].mean()), len(rows), deciles.reset_index()


class _Hazard:
    """A logistic regression on scaled features of snapshots, oldest last; its level is that of the newest one."""

    def __init__(self, snapshots: Sequence[pd.DataFrame]) -> None:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        rows = pd.concat(snapshots, ignore_index=True)
        self.model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=500))
        self.model.fit(rows[list(FEATURES)].to_numpy(float), rows["left"].to_numpy(bool))
        self.moved = self._level(snapshots[0])

    def of(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the chance of each row."""
        return _expit(self._log_odds(rows) + self.moved)

    def _log_odds(self, rows: pd.DataFrame) -> np.ndarray:
        return np.asarray(self.model.decision_function(rows[list(FEATURES)].to_numpy(float)), dtype=float)

    def _level(self, newest: pd.DataFrame) -> float:
        """Return what is added to all log odds so that as many of *newest* leave as did."""
        odds, seen = self._log_odds(newest), float(newest["left"].mean())
        if not 0 < seen < 1:
            return 0.0
        moved = 0.0
        for _ in range(30):
            p = _expit(odds + moved)
            moved += (seen - float(p.mean())) / max(float((p * (1 - p)).mean()), EDGE)
        return float(np.clip(moved, -1, 1))


def _expit(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


def _weeks(first: date | None, as_of: date, within: int) -> list[date]:
    """Return the days of the snapshots whose time is over on *as_of*, a week apart, newest first."""
    if first is None:
        return []
    last, oldest = as_of - timedelta(days=within), first + timedelta(days=within)
    back = (last - timedelta(days=EVERY * number) for number in range(LEARNT + JUDGED + within // EVERY))
    return [day for day in back if day >= oldest]


def learnt_from(active_days: pd.DataFrame | ibis.Table, *, most: int = MOST_LEARNT) -> pd.DataFrame | ibis.Table:
    """Return the days of about *most* members, drawn by their keys: the same ones in every engine; a frame as it is."""
    if isinstance(active_days, pd.DataFrame):
        return active_days
    share = 1 + int(active_days.member_key.nunique().to_pandas()) // most
    return active_days.filter(group_of(active_days.member_key, share) == 0) if share > 1 else active_days


def _first(active_days: pd.DataFrame | ibis.Table) -> date | None:
    if isinstance(active_days, pd.DataFrame):
        first = active_days["date_day"].min()
    else:
        first = active_days.date_day.min().to_pandas()
    return None if pd.isna(first) else pd.Timestamp(first).date()


def _features(each: pd.DataFrame, as_of: date, within: int, gone: pd.Series | None) -> pd.DataFrame:
    """Return the members of *each* (`habits_per_member`) still there on *as_of* with what was known of them then."""
    now = pd.Timestamp(as_of)
    own, _ = own_pause(each, rhythm_from(each))
    each = each.assign(own=own, own_days=np.exp(own), gap_days=(now - each["last_active"]).dt.days)
    each = each[each["gap_days"] < within]
    if gone is not None:
        day = each["member_key"].map(gone.set_axis(gone.index.astype("string")))
        each = each[~(pd.to_datetime(day) <= now)]
    gap = np.log1p(each["gap_days"])
    over = gap - each["own"]
    tenure = (now - each["first_active"]).dt.days
    return each.assign(
        gap=gap, over=over, far_over=over.clip(lower=0) ** 2, tenure_days=tenure, tenure=np.log1p(tenure),
        often=np.log1p(each["days_28"]), often_91=np.log1p(each["days_91"]), once=(each["pauses"] == 0).astype(float),
    ).reset_index(drop=True)  # fmt: skip


def _snapshot(log: DayLog, day: date, within: int, gone: pd.Series | None) -> pd.DataFrame:
    """Return the features of *day* and `left`: whether the member was not seen in the *within* days after it."""
    rows = _features(log.habits(day), day, within, gone)
    return rows.assign(left=~rows["member_key"].isin(log.seen(day + timedelta(days=1), day + timedelta(days=within))))


def _slope(rows: pd.DataFrame) -> Interval:
    """Return the slope of what came true on the log odds promised; its error holds a member's weeks together."""
    import statsmodels.api as sm

    promised = np.clip(rows["chance"].to_numpy(float), EDGE, 1 - EDGE)
    design = sm.add_constant(np.log(promised / (1 - promised)))
    groups = pd.factorize(rows["member_key"])[0]
    fit = sm.GLM(rows["left"].astype(float).to_numpy(), design, family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": groups}
    )
    slope, error = float(fit.params[1]), float(fit.bse[1])
    return Interval(slope, slope - 1.96 * error, slope + 1.96 * error, len(rows))


def _lift(rows: pd.DataFrame) -> Interval:
    """Return the share gone of the tenth most likely to leave, over that of all; members are redrawn whole."""
    top = (rows["decile"] == 10).to_numpy(float)
    left = rows["left"].to_numpy(float)
    member = pd.factorize(rows["member_key"])[0]
    sums = np.zeros((member.max() + 1, 4))
    np.add.at(sums, member, np.column_stack([top * left, top, left, np.ones(len(rows))]))
    rng = np.random.default_rng(11)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=400) @ sums
    with np.errstate(divide="ignore", invalid="ignore"):
        each = (drawn[:, 0] / drawn[:, 1]) / (drawn[:, 2] / drawn[:, 3])
    whole = sums.sum(axis=0)
    low, high = np.nanquantile(each, [0.025, 0.975])
    return Interval(float((whole[0] / whole[1]) / (whole[2] / whole[3])), float(low), float(high), len(rows))
