"""Checks of the data behind a report: fresh, complete, consistent, comparable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from fanops_utils.playbook.checks import Check, Status
from fanops_utils.playbook.wording import count, percent

STALE_DAYS = 14
MANY_MISSING = 0.05
FEW_QUARANTINED, MANY_QUARANTINED = 0.001, 0.05


def freshness(as_of: date | None, *, today: date | None = None) -> Check:
    """Return whether the newest day in the data is at most 14 days old."""
    if as_of is None:
        return Check(
            "Freshness", "REVIEW", "no row carries a date", "Import an export with dates to see how old the data are"
        )
    age = ((today or date.today()) - as_of).days
    if age <= STALE_DAYS:
        return Check("Freshness", "PASS", f"the data reach {as_of}")
    return Check("Freshness", "REVIEW", f"the data end {age} days ago, on {as_of}", "Import newer exports")


def enough(name: str, found: int, *, least: int, what: str) -> Check:
    """Return whether *found* (a number of *what*) reaches *least*."""
    if found >= least:
        return Check(name, "PASS", f"{count(found)} {what}")
    status: Status = "FAIL" if found == 0 else "REVIEW"
    return Check(name, status, f"only {count(found)} {what}, {least} are wanted", "Read with care, or import more")


def completeness(frame: pd.DataFrame, columns: Iterable[str], *, name: str = "Completeness") -> Check:
    """Return whether the *columns* that the frame has values in at all are filled in 95 % of its rows."""
    used = [column for column in columns if column in frame and frame[column].notna().any()]
    missing = {column: int(frame[column].isna().sum()) for column in used}
    gaps = {column: number for column, number in missing.items() if number}
    if not gaps:
        return Check(name, "PASS", f"no missing value in {', '.join(used) or 'any column'}")
    listed = ", ".join(f"{column} {number} of {len(frame)}" for column, number in gaps.items())
    many = max(gaps.values()) > MANY_MISSING * len(frame)
    action = "Missing values are left out, never read as zero"
    return Check(name, "REVIEW" if many else "PASS", f"missing: {listed}", action if many else "")


def reach_is_plausible(posts: pd.DataFrame) -> Check:
    """Return whether no post reached more accounts than it was shown times."""
    shown = posts["impressions"].fillna(posts["views"]) if len(posts) else pd.Series(dtype="Int64")
    wrong = int((posts["reach"] > shown).sum()) if len(posts) else 0
    if not wrong:
        return Check("Reach", "PASS", "no post reached more accounts than it was shown times")
    plural = "post reached" if wrong == 1 else "posts reached"
    return Check("Reach", "REVIEW", f"{wrong} {plural} more accounts than it was shown times, which cannot be",
                 "Ask the platform; they are kept in all numbers")  # fmt: skip


def interactions_add_up(posts: pd.DataFrame) -> Check | None:
    """Return whether exported interactions equal likes + comments + shares (+ saves); None where none are exported."""
    if not len(posts) or posts["engagements"].isna().all():
        return None
    parts = posts[["likes", "comments", "shares", "saves"]].fillna(0).sum(axis=1)
    known = posts["engagements"].notna()
    equal = int((parts == posts["engagements"])[known].sum())
    text = f"exported interactions equal their parts on {equal} of {int(known.sum())} posts"
    if equal == int(known.sum()):
        return Check("Interactions", "PASS", text)
    return Check("Interactions", "REVIEW", text, "The platform counts more kinds; the exported total is used")


def times_are_proved(posts: pd.DataFrame) -> Check:
    """Return how many publication times are proved by the post id or an explicit offset."""
    known = posts["tz_source"].dropna()
    if known.empty:
        return Check("Publication times", "REVIEW", "the posts carry no time", "Hours of the day cannot be compared")
    proved = float(known.isin(["proved", "export_offset", "declared"]).mean())
    if proved >= 0.95:
        return Check("Publication times", "PASS", f"{percent(proved)} of the times are proved by the post id")
    assumed = f"the time zone of {percent(1 - proved)} of the posts is assumed"
    return Check("Publication times", "REVIEW", assumed, "Hours of the day rest on the proved posts only")


def quarantine(log: pd.DataFrame) -> Check:
    """Return how much of what was imported lies in quarantine (*log*: table import_log); up to 1 in 1,000 passes."""
    rows, aside = int(log["rows_in"].sum()), int(log["rows_quarantined"].sum())
    if not rows:
        return Check("Import", "REVIEW", "nothing was imported yet", "fanops import PATH")
    text = f"{count(aside)} of {count(rows)} imported rows of the workspace are in quarantine"
    if aside <= FEW_QUARANTINED * rows:
        return Check("Import", "PASS", text)
    status: Status = "FAIL" if aside > MANY_QUARANTINED * rows else "REVIEW"
    return Check("Import", status, text, "fanops status names them; correct the file and import it again")


def no_break(breaks: pd.DataFrame, *, platforms: Iterable[str], start: date | None, end: date | None) -> Check:
    """Return whether a metric of *platforms* changed its meaning between *start* and *end*."""
    if start is None and end is None:
        return Check(
            "Definitions", "REVIEW", "the data are undated: a change of definition inside them would not be seen"
        )
    here = breaks[breaks["platform"].isin(list(platforms))]
    if start:
        until = here["date"].where(here["precision"] != "month", here["date"] + pd.offsets.MonthEnd(0))
        here = here[until > pd.Timestamp(start)]
    if end:
        here = here[here["date"] <= pd.Timestamp(end)]
    if here.empty:
        return Check("Definitions", "PASS", "no metric changed its meaning in this period")
    form = {"month": "%B %Y", "day": "%Y-%m-%d"}
    rows = here.to_dict("records")
    listed = "; ".join(
        f"{row['platform']} {row['metric']} ({row['date'].strftime(form[row['precision']])}): {row['note']}"
        for row in rows
    )
    return Check("Definitions", "REVIEW", listed, "Series are not joined across it; rates here use reach")
