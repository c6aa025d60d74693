"""What of a campaign's markets and days can be compared at all, decided before anything is estimated, and said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from fanops_utils.metrics.columns import days, need
from fanops_utils.models.panel.markets import SHARE_OF_DAYS
from fanops_utils.models.reasons import (
    DaysLeftOut,
    MarketLeftOut,
    MetricChanged,
    NoControlsLeft,
    NoTotals,
    NoTreated,
    OneControl,
    Reason,
    Running,
    TooEarly,
    Window,
)
from fanops_utils.workspace.register import Period

FEWEST_LIVE_DAYS = 7


@dataclass(frozen=True)
class Scope:
    """The markets and days left to compare. `notes`: what was left out and why; `refusal`: why nothing can be said."""

    daily: pd.DataFrame
    treated: tuple[str, ...]
    controls: tuple[str, ...]
    live: Period
    notes: tuple[Reason, ...] = ()
    refusal: Reason | None = None
    running: bool = False


def scope(
    daily: pd.DataFrame,
    *,
    treated: Sequence[str],
    controls: Sequence[str],
    live: Period,
    baseline: Period,
    platform: str = "",
    metric: str = "",
    breaks: pd.DataFrame | None = None,
    as_of: date | None = None,
) -> Scope:
    """Return what can be compared of *daily* (date_day, market, value).

    A market without data on four fifths of the baseline's and the live days is left out. A campaign that runs beyond
    *as_of* (by default the last day in *daily*) is cut to the days seen. *breaks* (`data.reference.metric_breaks`):
    where the *platform* changed what the *metric* means between the baseline's first day and the last live day,
    nothing is comparable; the days before an earlier change, and after a later one, are left out.
    """
    need(daily, "date_day", "market", "value")
    daily = daily.assign(date_day=days(daily["date_day"]))
    if daily.empty:
        return Scope(daily, tuple(treated), tuple(controls), live, refusal=NoTotals())
    last = as_of or daily["date_day"].max().date()
    running, seen = last < live.end, live
    notes: list[Reason] = []
    if running:
        so_far = (last - live.start).days + 1
        if so_far < FEWEST_LIVE_DAYS:
            early = TooEarly(max(so_far, 0), live.days, FEWEST_LIVE_DAYS)
            return Scope(daily, tuple(treated), tuple(controls), live, refusal=early, running=True)
        seen = Period(start=live.start, end=last)
        notes.append(Running(so_far, live.days))
    daily, more, refusal = _unbroken(daily, breaks, platform, metric, Period(start=baseline.start, end=seen.end))
    notes += more
    kept, left_out = _with_data(daily, [*treated, *controls], baseline, seen)
    notes += left_out
    named, others = ([code for code in codes if code in kept] for codes in (treated, controls))
    if refusal is None and not named:
        refusal = NoTreated()
    if refusal is None and controls and not others:
        notes.append(NoControlsLeft())
    if len(others) == 1:
        notes.append(OneControl(others[0]))
    return Scope(daily, tuple(named), tuple(others), seen, tuple(notes), refusal, running)


def _unbroken(
    daily: pd.DataFrame, breaks: pd.DataFrame | None, platform: str, metric: str, window: Period
) -> tuple[pd.DataFrame, list[Reason], Reason | None]:
    """Return the days on which the metric means one thing, notes, and the refusal where it changed in the window."""
    notes: list[Reason] = []
    if breaks is None:
        return daily, notes, None
    own = breaks[(breaks["platform"] == platform) & (breaks["metric"] == metric)]
    for when, precision, note in zip(own["date"], own["precision"], own["note"], strict=True):
        first = pd.Timestamp(when)
        # A change dated to a month may have come on any day of it.
        new_since = first + pd.offsets.MonthBegin(1) if precision == "month" else first
        if new_since > pd.Timestamp(window.start) and first <= pd.Timestamp(window.end):
            return daily, notes, MetricChanged(platform, metric, first.date(), str(note))
        before = new_since <= pd.Timestamp(window.start)
        kept = daily[daily["date_day"] >= new_since] if before else daily[daily["date_day"] < first]
        if len(kept) < len(daily):
            notes.append(DaysLeftOut("before" if before else "since", metric, first.date(), str(note)))
        daily = kept
    return daily, notes, None


def _with_data(
    daily: pd.DataFrame, markets: Sequence[str], baseline: Period, live: Period
) -> tuple[set[str], list[Reason]]:
    """Return the markets with data enough, and a note for each that lacks it."""
    known = daily[daily["value"].notna()]
    counts: dict[Window, tuple[pd.Series, int]] = {}
    periods: tuple[tuple[Window, Period], ...] = (("baseline", baseline), ("live", live))
    for name, period in periods:
        inside = known["date_day"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
        counts[name] = (known[inside].groupby("market")["date_day"].nunique(), period.days)
    kept: set[str] = set()
    notes: list[Reason] = []
    for code in markets:
        lacking = [(name, int(seen.get(code, 0)), of) for name, (seen, of) in counts.items()
                   if seen.get(code, 0) < SHARE_OF_DAYS * of]  # fmt: skip
        if lacking:
            name, number, of = lacking[0]
            notes.append(MarketLeftOut(code, number, of, name))
        else:
            kept.add(code)
    return kept, notes
