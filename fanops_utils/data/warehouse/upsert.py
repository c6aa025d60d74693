"""New rows into a table by its key: the newest export wins, its unfinished days and its gaps do not."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from fanops_utils.data.schema import PROVENANCE, Table


@dataclass(frozen=True)
class Merge:
    """The merged table, and of the new rows' `source_row` those that changed it."""

    frame: pd.DataFrame
    loaded: set[int]


def upsert(table: Table, old: pd.DataFrame, new: pd.DataFrame) -> Merge:
    """Return *old* with the rows of *new*; both in canonical types.

    A new key is added. A known key is replaced by a newer or equally old export that says something else; in
    tables that merge columns, missing cells never replace values, and an unfinished day only fills gaps.
    """
    key = list(table.key)
    new = new.drop_duplicates(subset=key, keep="last")
    if old.empty:
        return Merge(new.reset_index(drop=True), _records(new))
    places = pd.DataFrame({**{name: old[name].array for name in key}, "place": range(len(old))})
    place = new[key].merge(places, how="left", on=key)["place"].to_numpy()
    known = ~pd.isna(place)
    fresh, again = new[~known], new[known].reset_index(drop=True)
    before = old.iloc[place[known].astype(int)].reset_index(drop=True)
    says = [
        name for name in again.columns if not table.merge_columns or name in PROVENANCE or again[name].notna().any()
    ]
    after = _combine(table, before, again[says])
    facts = [name for name in says if name not in PROVENANCE]
    changed = _differs(before.reindex(columns=facts), after[facts])
    merged = old.copy() if changed.any() else old
    if changed.any():
        merged = merged.reindex(columns=[*merged.columns, *[name for name in facts if name not in merged]])
        rows = place[known].astype(int)[changed.to_numpy()]
        for name in after.columns:
            column = merged[name].astype(after[name].dtype)
            column.iloc[rows] = after.loc[changed, name].array
            merged[name] = column
    merged = pd.concat([merged, fresh], ignore_index=True) if len(fresh) else merged
    return Merge(merged, _records(fresh) | _records(again[changed]))


def _combine(table: Table, before: pd.DataFrame, again: pd.DataFrame) -> pd.DataFrame:
    newer = ~(again["exported_at"] < before["exported_at"])
    if "is_partial" in again:
        newer &= ~(again["is_partial"].fillna(value=False) & ~before["is_partial"].fillna(value=False))
    combined = {}
    for name in again.columns:
        mine = before[name] if name in before else pd.Series(None, index=again.index, dtype=again[name].dtype)
        if table.merge_columns:
            combined[name] = again[name].fillna(mine).where(newer, mine.fillna(again[name]))
        else:
            combined[name] = again[name].where(newer, mine)
    return pd.DataFrame(combined)


def _differs(before: pd.DataFrame, after: pd.DataFrame) -> pd.Series:
    different = pd.Series(data=False, index=after.index)
    for name in after.columns:
        same = (before[name] == after[name]).fillna(value=False).astype(bool) | (
            before[name].isna() & after[name].isna()
        )
        different |= ~same
    return different


def _records(rows: pd.DataFrame) -> set[int]:
    return set(rows["source_row"].dropna().astype(int))
