"""Tiers and lifecycle of members: published rules first, so that anybody can tell why a member is where they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics import folds
from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.text import Day, say

if TYPE_CHECKING:
    import ibis

    from fanops_utils.workspace.registers.segments import TierRules

Tier = Literal["high-value", "loyal", "active", "ordinary"]
Stage = Literal["new", "active", "at-risk", "silent"]
TIERS: tuple[Tier, ...] = ("high-value", "loyal", "active", "ordinary")
STAGES: tuple[Stage, ...] = ("new", "active", "at-risk", "silent")


@dataclass(frozen=True)
class TierThresholds:
    """The published rules; days, active days of the last 28, and money in the currency of `spend`.

    `active_days`: an active member has at least so many. `loyal_days` and `loyal_tenure`: a loyal one has so many and
    joined so long ago. `spend`: a high-value one spent so much in all and was seen within `gap` days; None: no such
    tier. `new_days`: new until so long after joining. `gap`: silence longer than this is at risk, longer than
    `gap` times `silent_factor` silent; `activity_gap` measures it.
    """

    active_days: int = 4
    loyal_days: int = 8
    loyal_tenure: int = 90
    spend: float | None = None
    new_days: int = 28
    gap: int = 28
    silent_factor: float = 3.0

    @classmethod
    def of(cls, rules: TierRules, *, gap: int) -> TierThresholds:
        """Return the *rules* of `segments.yml` with the *gap* measured."""
        return cls(
            active_days=rules.active_days, loyal_days=rules.loyal_days, loyal_tenure=rules.loyal_tenure,
            spend=rules.high_value_spend, gap=gap,
        )  # fmt: skip

    def __post_init__(self) -> None:
        if self.loyal_days < self.active_days:
            message = say(
                "loyal asks fewer active days ({loyal}) than active ({active})",
                loyal=self.loyal_days,
                active=self.active_days,
            )
            raise DataError(message)
        if self.gap < 1 or self.silent_factor <= 1:
            raise DataError(say("the gap must be a day or more, and silent a longer silence than at risk"))


def tiers(members: pd.DataFrame, *, thresholds: TierThresholds, as_of: date) -> pd.DataFrame:
    """Return *members* with tenure_days, recency_days, tier and stage as of the last complete day *as_of*.

    Columns, one row per member: member_key, joined_on, last_active (null: never seen), active_days_28, and spend
    where thresholds name one (null: unknown, not zero, so no high-value). The first rule that fits decides.
    tier: high-value, loyal, active, ordinary; stage: silent (beyond gap x silent_factor), at-risk (beyond gap), new
    (tenure within new_days), active. A member never seen counts from the day of joining. Silent is not gone.
    Raises DataError for a member that stands twice, one without active_days_28, or a
    date after *as_of*.
    """
    need(members, "member_key", "joined_on", "last_active", "active_days_28")
    if thresholds.spend is not None:
        need(members, "spend")
    tenure, recency = _ages(members, as_of)
    often = numbers(members["active_days_28"])
    if np.isnan(often).any():
        raise DataError(say("a member without a count has no tier: no active day is 0"), column="active_days_28")
    spend = numbers(members["spend"]) if thresholds.spend is not None else np.full(len(members), np.nan)
    floor = np.inf if thresholds.spend is None else thresholds.spend
    tier = np.select(
        [
            (spend >= floor) & (recency <= thresholds.gap),
            (often >= thresholds.loyal_days) & (tenure >= thresholds.loyal_tenure),
            often >= thresholds.active_days,
        ],
        TIERS[:3],
        TIERS[3],
    )
    silent, at_risk = recency > thresholds.gap * thresholds.silent_factor, recency > thresholds.gap
    stage = np.select([silent, at_risk, tenure <= thresholds.new_days], ["silent", "at-risk", "new"], "active")
    return members.assign(
        tenure_days=tenure,
        recency_days=recency,
        tier=pd.Categorical(tier, categories=TIERS, ordered=True),
        stage=pd.Categorical(stage, categories=STAGES, ordered=True),
    )


def segment_shares(segmented: pd.DataFrame, column: Literal["tier", "stage"], *, level: float = 0.95) -> pd.DataFrame:
    """Return the size of each tier or stage of a `tiers` frame.

    Columns: *column*, members, estimate, ci_lower, ci_upper (share of all members, Wilson), n; and, where known,
    spend_share and activity_share (part of all spend and of all active days of the last 28 that the segment holds).
    """
    need(segmented, column)
    counts = segmented[column].value_counts(sort=False)
    total = pd.Series(len(segmented), index=counts.index)
    frame = wilson_frame(counts, total, level=level)
    frame.insert(0, "members", counts)
    for name, source in (("spend_share", "spend"), ("activity_share", "active_days_28")):
        if source in segmented.columns:
            amount = pd.Series(numbers(segmented[source]), index=segmented.index).groupby(
                segmented[column], observed=False
            )
            frame[name] = amount.sum(min_count=1).where(frame["members"] > 0, 0.0) / amount.sum().sum()
    return frame.rename_axis(column).reset_index()


def migration(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return how many members moved from each tier of *before* (rows) to each of *now* (columns).

    Both are `tiers` frames; members in only one of them are the row "joined" or the column "gone".
    """
    need(before, "member_key", "tier")
    need(now, "member_key", "tier")
    both = before[["member_key", "tier"]].merge(now[["member_key", "tier"]], on="member_key", how="outer")
    start, end = both["tier_x"].astype(object).fillna("joined"), both["tier_y"].astype(object).fillna("gone")
    table = pd.crosstab(start, end).reindex(index=[*TIERS, "joined"], columns=[*TIERS, "gone"], fill_value=0)
    return table.rename_axis(index="before", columns="now")


def activity_gap(
    active_days: pd.DataFrame | ibis.Table, *, quantile: float = 0.95, otherwise: int | None = None
) -> int:
    """Return the inactivity gap in days: the *quantile* of members' own gaps between two active days.

    Columns: member_key, date_day, as a frame or in the engine (`warehouse.fan_days`).
    A silence longer than this is unlike these members. Rounded up; consecutive days
    are a gap of 1. Only completed gaps count, so a short history makes it too small. Without any member seen on
    two days it is *otherwise*; raises DataError where that is not given.

    >>> seen = pd.DataFrame({"member_key": ["a"] * 3, "date_day": ["2026-01-01", "2026-01-02", "2026-01-06"]})
    >>> activity_gap(seen, quantile=1.0)
    4
    """
    counts = _gaps(active_days)
    if counts.empty and otherwise is not None:
        return otherwise
    if counts.empty:
        raise DataError(say("no member was active on two days: there is no gap to measure"), column="date_day")
    # The quantile between two neighbours in rank, as of single gaps, from how often each length stands.
    upto, place = counts["n"].cumsum().to_numpy(), quantile * (int(counts["n"].sum()) - 1)
    lower, upper = (int(counts["gap"].iloc[np.searchsorted(upto, rank, side="right")])
                    for rank in (np.floor(place), np.ceil(place)))  # fmt: skip
    return int(np.ceil(lower + (upper - lower) * (place - np.floor(place))))


def _gaps(active_days: pd.DataFrame | ibis.Table) -> pd.DataFrame:
    """Return gap and n, in order: how often so many days lay between two active days of a member."""
    if not isinstance(active_days, pd.DataFrame):
        return folds.gaps(active_days)
    need(active_days, "member_key", "date_day")
    seen = pd.DataFrame({"member_key": active_days["member_key"], "day": days(active_days["date_day"])})
    seen = seen.drop_duplicates().sort_values(["member_key", "day"])
    gaps = seen.groupby("member_key")["day"].diff().dt.days.dropna().astype("int64")
    return gaps.value_counts().sort_index().rename_axis("gap").rename("n").reset_index()


def _ages(members: pd.DataFrame, as_of: date) -> tuple[np.ndarray, np.ndarray]:
    if (twice := members.loc[members["member_key"].duplicated(), "member_key"]).size:
        raise DataError(say("the member stands twice"), column="member_key", value=twice.iloc[0])
    now, joined = pd.Timestamp(as_of), days(members["joined_on"])
    seen = days(members["last_active"]).fillna(joined)
    for column, when in (("joined_on", joined), ("last_active", seen)):
        if (late := when[when > now]).size:
            raise DataError(
                say("the date lies after {day}", day=Day.of(as_of, form="iso")),
                column=column,
                value=late.iloc[0].date(),
            )
    return (now - joined).dt.days.to_numpy(), (now - seen).dt.days.to_numpy()
