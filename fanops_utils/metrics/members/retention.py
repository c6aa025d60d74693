"""Retention: who of those who joined came back, with the definition named and young cohorts left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.folds import came_back
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.text import say

if TYPE_CHECKING:
    import ibis

Kind = Literal["n_day", "unbounded"]
KINDS: tuple[Kind, ...] = ("n_day", "unbounded")


def retention(
    fans: pd.DataFrame,
    active_days: pd.DataFrame | ibis.Table,
    *,
    day: int,
    kind: Kind = "n_day",
    as_of: date,
    by: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the share of fans active *day* days after they joined, of all fans or per value of the column *by*.

    Columns of *fans*: member_key, joined_on, and *by*; of *active_days*: member_key, date_day (repeats do not
    count twice), as a frame or in the
    engine (`warehouse.fan_days`). `n_day`: active on that very day; `unbounded`: on that day or later, which favours old cohorts,
    never compare the two. *as_of* is the last complete day: fans whose day lies after it are immature and left out.
    Returned: [by,] day, kind, retained, estimate, ci_lower, ci_upper (Wilson), n (mature fans), n_immature.
    Raises DataError for day 0 (everybody is active on it), an unknown kind, or a fan that stands twice.
    """
    need(fans, "member_key", "joined_on", *([by] if by else []))
    _refuse(fans, day=day, kind=kind)
    cohort = fans.assign(joined=days(fans["joined_on"]))
    cohort = cohort[cohort["joined"].notna() & (cohort["joined"] <= pd.Timestamp(as_of))]
    due = cohort["joined"] + pd.Timedelta(days=day)
    cohort = cohort.assign(
        mature=due <= pd.Timestamp(as_of), retained=_came_back(cohort, active_days, day, kind, as_of)
    )
    cohort["retained"] &= cohort["mature"]
    keys = cohort[by] if by else pd.Series("all", index=cohort.index)
    counts = cohort.groupby(keys, observed=True)[["retained", "mature"]].sum().astype("int64")
    counts["n_immature"] = cohort.groupby(keys, observed=True).size() - counts["mature"]
    return _tidy(counts, day=day, kind=kind, by=by, level=level)


def retention_curve(
    fans: pd.DataFrame,
    active_days: pd.DataFrame | ibis.Table,
    *,
    days_after: Sequence[int] = (1, 3, 7, 14, 30),
    kind: Kind = "n_day",
    as_of: date,
    by: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return `retention` for each of *days_after*, one below the other; later days rest on fewer, older cohorts."""
    parts = [retention(fans, active_days, day=day, kind=kind, as_of=as_of, by=by, level=level) for day in days_after]
    return pd.concat(parts, ignore_index=True)


def _refuse(fans: pd.DataFrame, *, day: int, kind: str) -> None:
    if kind not in KINDS:
        raise DataError(say("not a kind of retention"), value=kind, choices=KINDS)
    if day < 1:
        raise DataError(say("retention starts at day 1: on day 0 everybody is active"), value=day)
    if (twice := fans.loc[fans["member_key"].duplicated(), "member_key"]).size:
        raise DataError(say("the fan stands twice"), column="member_key", value=twice.iloc[0])


def _came_back(
    cohort: pd.DataFrame, active_days: pd.DataFrame | ibis.Table, day: int, kind: Kind, as_of: date
) -> pd.Series:
    """Return whether each of *cohort* was active *day* days after joining; in the engine where the days lie there."""
    if not isinstance(active_days, pd.DataFrame):
        joined = dict(zip(cohort["member_key"], cohort["joined"], strict=True))
        back = came_back(active_days, joined, day=day, or_later=kind != "n_day", as_of=as_of)
        return cohort["member_key"].astype("string").isin(back)  # keys are text in the engine
    need(active_days, "member_key", "date_day")
    active = pd.DataFrame({"member_key": active_days["member_key"], "seen": days(active_days["date_day"])})
    active = active[active["seen"] <= pd.Timestamp(as_of)].merge(cohort[["member_key", "joined"]], on="member_key")
    age = (active["seen"] - active["joined"]).dt.days
    back = active.loc[age == day if kind == "n_day" else age >= day, "member_key"]
    return cohort["member_key"].isin(back)


def _tidy(counts: pd.DataFrame, *, day: int, kind: Kind, by: str | None, level: float) -> pd.DataFrame:
    frame = wilson_frame(counts["retained"], counts["mature"], level=level)
    frame.insert(0, "retained", counts["retained"])
    frame["n_immature"] = counts["n_immature"]
    frame.insert(0, "kind", kind)
    frame.insert(0, "day", day)
    return frame.rename_axis(by).reset_index() if by else frame.reset_index(drop=True)
