"""When a post was published: what the file prints against what the post's id proves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pandas as pd

from fanops_utils.data.sources.shared.cells import Cells

MOMENT: Final = "datetime64[us, UTC]"
ZONES_APART = 27  # hours: the two most distant zones of the world
A_MINUTE = 0.02  # hours: printed times are cut to the minute
AHEAD = timedelta(days=75)  # Meta schedules no further ahead; others schedule less
ENOUGH = 3  # rows with ids that must agree before rows without one are read in the zone they prove


CONTRADICTS: Final = "the post's id proves another time: no post is published before it is made, or that long after"


@dataclass(frozen=True)
class Publication:
    """The columns of table posts on publication, and what there is to say about them."""

    created: pd.Series
    precision: pd.Series
    source: pd.Series
    zone: pd.Series
    scheduled: pd.Series
    warnings: list[str]
    impossible: pd.Series | None = None  # printed before the id was made, or later than the platform schedules

    def refuse_impossible(self, cells: Cells, column: str) -> None:
        """Reject the records whose printed time contradicts the post's id."""
        if self.impossible is not None:
            cells.reject(column, self.impossible, CONTRADICTS)

    def columns(self) -> dict[str, pd.Series]:
        """Return the five columns under their names in table posts."""
        return {
            "created_timestamp": self.created, "created_precision": self.precision, "created_source": self.source,
            "tz_source": self.zone, "is_scheduled": self.scheduled,
        }  # fmt: skip


def decoded(values: Iterable[object], read: Callable[[str], datetime | None], index: pd.Index) -> pd.Series:
    """Return what *read* finds in each of *values* (ids or links), in UTC; null where it finds nothing.

    >>> from fanops_utils.data.sources.shared.post_ids import x_time
    >>> decoded(["2035933555061686272", "20"], x_time, pd.RangeIndex(2)).dt.hour.tolist()
    [4.0, nan]
    """
    found = [None if pd.isna(value) else read(str(value)) for value in values]  # type: ignore[call-overload]
    return pd.Series(found, index=index, dtype=MOMENT)


def by_minute(printed: pd.Series, ids: pd.Series, *, zone: str) -> Publication:
    """Return publication from *printed* times (read in the zone called *zone*) and the times in post *ids*, both UTC.

    One zone prints the whole file, so the rows lie equally far from their ids, but for daylight saving. A row that does
    not was created before it was published: it keeps its printed time, read in the zone the others prove.
    """
    gap = (printed - ids.dt.floor("min")) / timedelta(hours=1)
    usual, agreeing = _usual(gap)
    # Printed an hour before its own id: the hour that daylight saving repeats. Other zones change on other days.
    tolerated = (-1, 0) if usual == 0 else (-1, 0, 1)
    proved = pd.Series(False, index=printed.index)
    for hours in tolerated:
        proved |= (gap - usual - hours).abs() <= A_MINUTE
    shift = timedelta(hours=usual) if agreeing >= ENOUGH else timedelta(0)
    dated = ids.notna() & printed.notna()
    warnings = _about_zone(usual, int((proved & dated).sum()) if usual == 0 else 0, int(dated.sum()), zone)
    if unproved := int((printed.notna() & ~proved).sum()):
        read_as = "in the zone of the others" if shift else f"as {zone}"
        warnings.append(f"{unproved} publication times cannot be proved by the post id: read {read_as}")
    return Publication(
        created=ids.where(proved, printed - shift).astype(MOMENT),
        precision=pd.Series("minute", index=printed.index, dtype="string").mask(printed.isna()),
        source=pd.Series("export", index=printed.index, dtype="string").mask(proved, "post_id").mask(printed.isna()),
        zone=pd.Series("assumed", index=printed.index, dtype="string").mask(proved, "proved").mask(printed.isna()),
        scheduled=(ids < printed - shift).astype("boolean").mask(proved, other=False).mask(~dated),
        warnings=warnings,
        impossible=contradicts(printed - shift, ids, timedelta(hours=ZONES_APART), AHEAD),
    )


def contradicts(printed: pd.Series, ids: pd.Series, before: timedelta, after: timedelta) -> pd.Series:
    """Return where the *printed* time lies longer *before* the one in the id, or *after* it, than can be."""
    gap = printed - ids
    return ((gap < -before) | (gap > after)).fillna(value=False)


def _usual(gap: pd.Series) -> tuple[float, int]:
    """Return how many hours most rows lie from their ids, in quarters of an hour, and how many rows agree on it."""
    plausible = gap[gap.abs() <= ZONES_APART]
    quarters = (plausible * 4).round() / 4
    votes = quarters[(plausible - quarters).abs() <= A_MINUTE].value_counts()
    if votes.empty or votes.get(0.0, 0) == votes.max() or votes.max() * 2 < len(plausible):
        return 0.0, int(votes.get(0.0, 0))
    return float(votes.index[0]), int(votes.max())


def _about_zone(usual: float, agreeing: int, dated: int, zone: str) -> list[str]:
    if usual:
        return [f"the printed times lie {usual:+g} h from {zone} by the post ids: the ids are used"]
    if agreeing < dated:
        return [f"the printed times are {zone} in {agreeing} of {dated} rows whose post id holds a time"]
    return []


def by_day(printed: pd.Series, ids: pd.Series) -> Publication:
    """Return publication from *printed* days (naive, UTC days) and the times in post *ids* (UTC).

    Where the id's day is the printed one, its minute is known. A post whose id is older than the printed day was
    created before it was published: only the day is known.
    """
    days = pd.to_datetime(printed).astype("datetime64[us]")
    id_days = ids.dt.tz_localize(None).dt.normalize()
    proved = (id_days == days).fillna(value=False)
    dated = ids.notna() & days.notna()
    warnings = []
    if agreeing := int(proved.sum()):
        differing = int(dated.sum()) - agreeing
        warnings += [f"{differing} of {int(dated.sum())} post ids lie on another UTC day than printed: only the day of "
                     "these posts is known"] if differing else []  # fmt: skip
    elif dated.any():
        warnings.append("no printed day is the UTC day of its post id: the days are read as UTC, which is not proved")
    return Publication(
        created=ids.where(proved, days.dt.tz_localize("UTC")).astype(MOMENT),
        precision=pd.Series("day", index=days.index, dtype="string").mask(proved, "minute").mask(days.isna()),
        source=pd.Series("export", index=days.index, dtype="string").mask(proved, "post_id").mask(days.isna()),
        zone=pd.Series("assumed", index=days.index, dtype="string").mask(proved, "proved").mask(days.isna()),
        scheduled=(id_days < days).astype("boolean").mask(~dated).mask((id_days > days).fillna(value=False)),
        warnings=warnings,
        impossible=contradicts(days, id_days, timedelta(days=1), AHEAD),
    )
