"""Tags of members by the rules of `segments.yml`, and who got or lost one since four weeks ago."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need

if TYPE_CHECKING:
    from fanops_utils.workspace.registers.segments import TagRule


def tagged(
    fans: pd.DataFrame, habits: pd.DataFrame, rules: Sequence[TagRule], *, as_of: date, spend: Mapping[str, float]
) -> pd.DataFrame:
    """Return who carries which tag on *as_of*: member_key, tag. A measure that is not known gives no tag.

    *fans*: member_key, joined_on; *habits*: `folds.habits_per_member` of that day; *spend* by member_key. Measures:
    active_days_28, active_days_91, days_away, tenure_days, spend, and pace: active days of the last 28 against what the last
    91 would give in 28 (1: as always, below 1: less).
    """
    need(fans, "member_key", "joined_on")
    now = pd.Timestamp(as_of)
    joined = days(fans["joined_on"])
    here = fans[joined <= now].drop_duplicates("member_key")
    each = habits.set_index("member_key").reindex(here["member_key"].astype("string"))
    since = pd.Series(days(here["joined_on"]).to_numpy(), index=each.index)
    quarter, month = each["days_91"].fillna(0), each["days_28"].fillna(0)
    measures = pd.DataFrame(
        {
            "active_days_28": month,
            "active_days_91": quarter,
            "days_away": (now - each["last_active"].fillna(since)).dt.days,
            "tenure_days": (now - since).dt.days,
            "pace": month / (quarter * 28 / 91).where(quarter > 0),
            "spend": each.index.map(spend).astype(float),
        }
    )
    rows = []
    for rule in rules:
        value = measures[rule.measure]
        low, high = (
            -np.inf if rule.at_least is None else rule.at_least,
            np.inf if rule.at_most is None else rule.at_most,
        )
        carries = value.between(low, high)
        rows.append(pd.DataFrame({"member_key": measures.index[carries], "tag": rule.name}))
    found = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["member_key", "tag"])
    return found.astype("string")


def tag_changes(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return who got or lost a tag between two days: member_key, tag, change (got, lost). Both: `tagged`."""
    was, carried = (pd.MultiIndex.from_frame(one[["member_key", "tag"]]) for one in (before, now))
    rows = [(*one, "got") for one in carried.difference(was)] + [(*one, "lost") for one in was.difference(carried)]
    moved = pd.DataFrame(rows, columns=["member_key", "tag", "change"], dtype="string")
    return moved.sort_values(["tag", "member_key"], ignore_index=True)


def tag_sizes(now: pd.DataFrame, changes: pd.DataFrame, rules: Sequence[TagRule], *, members: int) -> pd.DataFrame:
    """Return per tag, in the order of *rules*: tag, members, share (of *members*), got, lost."""
    names = [rule.name for rule in rules]
    sizes = now["tag"].value_counts().reindex(names, fill_value=0)
    moved = changes.groupby(["tag", "change"]).size().unstack("change").reindex(names).fillna(0)
    moved = moved.reindex(columns=["got", "lost"], fill_value=0).astype("int64")
    table = pd.DataFrame({"tag": names, "members": sizes.to_numpy("int64")})
    table["share"] = table["members"] / members if members else np.nan
    return table.assign(got=moved["got"].to_numpy(), lost=moved["lost"].to_numpy())
