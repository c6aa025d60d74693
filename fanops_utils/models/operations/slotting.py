"""Content by the calendar: the slots of the coming weeks with what stands in their way, and which past ones were kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import Interval, wilson
from fanops_utils.models.operations.launching import moments_in
from fanops_utils.models.operations.signing import signed
from fanops_utils.workspace.operations.calendar import Calendar, Series
from fanops_utils.workspace.operations.shared import WEEKDAYS
from fanops_utils.workspace.operations.team import SignOff

SLOTS = ["date", "series", "name", "kind", "platform", "format", "owner", "moments", "state", "given", "asked"]


def series_of(calendar: Calendar, market: str) -> tuple[Series, ...]:
    """Return the series that appear in *market*."""
    return tuple(one for one in calendar.series if not one.markets or market in one.markets)


def slots(
    calendar: Calendar, *, market: str, start: date, weeks: int, rule: SignOff | None, soon: int = 3
) -> pd.DataFrame:
    """Return the slots of *market* for *weeks* from *start*: date, series, name, kind, …, moments, state, given, asked.

    state: free (needs no sign-off), signed, open (no piece yet, or not signed, and more than *soon* days away) or blocked
    (not signed, and at most *soon* days away). Series without a reviewer need no sign-off.
    """
    pieces = {(one.series, one.date): one for one in calendar.pieces if one.market == market}
    rows = []
    for offset in range(7 * weeks):
        day = start + timedelta(days=offset)
        for one in series_of(calendar, market):
            if WEEKDAYS[day.weekday()] not in one.weekdays:
                continue
            piece = pieces.get((one.id, day))
            told = signed(rule, piece.approvals if piece else ()) if rule and one.reviewer else None
            near = [moment.name for moment in moments_in(calendar.moments, market=market, start=day, end=day)]
            state = (
                "free" if told is None else "signed" if not told.blocked else "blocked" if offset <= soon else "open"
            )
            rows.append((day, one.id, one.name, one.kind, one.platform, one.format, one.owner, near, state,
                         told.given if told else None, told.asked if told else None))  # fmt: skip
    return pd.DataFrame(rows, columns=SLOTS, dtype=object).astype({"given": "Int64", "asked": "Int64"})


def off_series(calendar: Calendar, *, market: str, start: date) -> pd.DataFrame:
    """Return the pieces of *market* from *start* on that no slot takes up: date, name (of the series), why.

    why: weekday (its series does not appear on that day of the week) or market (its series does not appear here).
    """
    named = {one.id: one for one in calendar.series}
    here = {one.id for one in series_of(calendar, market)}
    rows = []
    for piece in sorted(calendar.pieces, key=lambda one: (one.date, one.series)):
        series = named[piece.series]
        falls = WEEKDAYS[piece.date.weekday()] in series.weekdays
        if piece.market == market and piece.date >= start and not (falls and series.id in here):
            rows.append((piece.date, series.name, "weekday" if series.id in here else "market"))
    return pd.DataFrame(rows, columns=["date", "name", "why"], dtype=object)


def kept_slots(series: Iterable[Series], posts: pd.DataFrame, *, end: date, weeks: int) -> pd.DataFrame:
    """Return a row per series: name, planned slots of the *weeks* before *end* (exclusive), kept, share, its interval.

    *posts*: platform, post_type, created_local. A slot counts as kept when the platform carries a post of the series'
    format on that local day: which series a post belongs to, no export tells. Several series on the same platform, day
    and format need as many posts. Of a platform that *posts* hold none of, kept and share are not known (NaN): its posts
    were not exported.
    """
    count = posts.assign(day=pd.to_datetime(posts["created_local"]).dt.date).value_counts(
        ["platform", "post_type", "day"]
    )
    left: dict[tuple[str, str, date], int] = {key: int(n) for key, n in count.items()}  # type: ignore[misc]
    rows, seen_on = [], set(posts["platform"])
    for one in series:
        planned = kept = 0
        for offset in range(1, 7 * weeks + 1):
            day = end - timedelta(days=offset)
            if WEEKDAYS[day.weekday()] not in one.weekdays:
                continue
            planned += 1
            formats = [one.format] if one.format else [kind for platform, kind, when in left if when == day]
            hit = next(((one.platform, kind, day) for kind in formats if left.get((one.platform, kind, day))), None)
            if hit:
                left[hit], kept = left[hit] - 1, kept + 1
        told = wilson(kept, planned)
        known = (kept, told.estimate, told.ci_lower, told.ci_upper) if one.platform in seen_on else (np.nan,) * 4
        rows.append((one.id, one.name, planned, *known))
    columns = ["series", "name", "planned", "kept", "estimate", "ci_lower", "ci_upper"]
    return pd.DataFrame(rows, columns=columns).astype({"name": object})


def user_band(calendar: Calendar, *, market: str, on: date) -> tuple[float, float] | None:
    """Return the band of the share made by users that holds on the day *on*, by the months since the market's launch."""
    launch = calendar.launch(market)
    if launch is None or on < launch.start:
        return None
    month = (on.year - launch.start.year) * 12 + on.month - launch.start.month + 1
    bands = [band for band in calendar.mix if band.source == "users" and band.from_month <= month]
    newest = max(bands, key=lambda band: band.from_month, default=None)
    return (newest.low, newest.high) if newest else None


def share_of(kept: pd.DataFrame) -> Interval:
    """Return the share of all planned slots that were kept, with its interval; of those of which it is known."""
    kept = kept.dropna(subset=["kept"])
    return wilson(int(kept["kept"].sum()), int(kept["planned"].sum()))
