"""Checks of the data behind a report: fresh, complete, consistent, comparable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.playbook import Check
from fanops_utils.playbook.checks import Status
from fanops_utils.sections import words
from fanops_utils.text import Day, Listed, Message, Percent, Sayable, Written, say, say_n, term

if TYPE_CHECKING:
    import ibis

STALE_DAYS = 14
MANY_MISSING = 0.05
FEW_QUARANTINED, MANY_QUARANTINED = 0.001, 0.05
MOSTLY_PROVED = 0.95
PROVED = ("proved", "export_offset", "declared")
NAMES: dict[str, Message] = {
    "freshness": term("Freshness", "check"),
    "posts": term("Posts", "check"),
    "members": term("Members", "check"),
    "deliveries": term("Deliveries", "check"),
    "history": term("History", "check"),
    "days": term("Days", "check"),
    "campaigns": term("Campaigns", "check"),
    "completeness": term("Completeness", "check"),
    "orders": term("Orders", "check"),
    "post_metrics": term("Post metrics", "check"),
    "member_list": term("Member list", "check"),
    "reach": term("Reach", "check"),
    "interactions": term("Interactions", "check"),
    "publication_times": term("Publication times", "check"),
    "import": term("Import", "check"),
    "definitions": term("Definitions", "check"),
    "strange_markets": term("Unknown markets", "check"),
    "undated_posts": term("Posts without a date", "check"),
}
AMOUNTS: dict[str, Callable[[int], Sayable]] = {
    "posts": lambda n: say_n("{n} post", "{n} posts", n=n),
    "members": lambda n: say_n("{n} member", "{n} members", n=n),
    "orders": lambda n: say_n("{n} order", "{n} orders", n=n),
    "deliveries": lambda n: say_n("{n} delivery", "{n} deliveries", n=n),
    "history": lambda n: say_n("{n} day with activity", "{n} days with activity", n=n),
    "days": lambda n: say_n("{n} day of history", "{n} days of history", n=n),
    "campaigns": lambda n: say_n(
        "{n} simulated campaign per planted effect", "{n} simulated campaigns per planted effect", n=n
    ),
}


def check(
    code: str, status: Status, finding: Sayable, action: Sayable | None = None, *, name: Sayable | None = None
) -> Check:
    """Return the check *code* under its name (NAMES), or the *name* given."""
    return Check(code=code, name=name or NAMES[code], status=status, finding=finding, action=action)


def freshness(as_of: date | None, *, on: date | None, newest: date | None = None) -> Check:
    """Return whether the newest day in the data is, on the day *on*, at most 14 days old.

    *newest*: the last day there is, where a report was asked to stop at *as_of*: then it looks back, and nothing is missing.
    """
    if as_of is None or on is None:
        action = say("Import an export with dates to see how old the data are")
        return check("freshness", "REVIEW", say("no row carries a date"), action)
    if newest is not None and newest > as_of:
        back = say(
            "this report looks back to {day}, as it was asked to; the data go on to {newest}", day=as_of, newest=newest
        )
        return check("freshness", "REVIEW", back, say("Leave out the last day asked for to see the newest"))
    if (on - as_of).days <= STALE_DAYS:
        return check("freshness", "PASS", say("the data reach {day}", day=as_of))
    old = say("the data end on {day}, more than {days} days ago", day=as_of, days=STALE_DAYS)
    return check("freshness", "REVIEW", old, say("Import newer exports"))


def holds_until(as_of: date | None, *, on: date | None) -> date | None:
    """Return the last day on which `freshness` reads the same without a new import; None where no later day changes it."""
    if as_of is None or on is None or (on - as_of).days > STALE_DAYS:
        return None
    return as_of + timedelta(days=STALE_DAYS)


def enough(code: str, seen: int, *, least: int, name: Sayable | None = None, amount: Sayable | None = None) -> Check:
    """Return whether the number *seen* reaches *least*; `code` is one of AMOUNTS, or *name* and *amount* say what it is.

    `amount` is the number with its noun: say_n("{n} order", "{n} orders", n=seen).
    """
    shown = amount or AMOUNTS[code](seen)
    if seen >= least:
        return check(code, "PASS", shown, name=name)
    status: Status = "FAIL" if seen == 0 else "REVIEW"
    only = say("only {amount}, {least} are wanted", amount=shown, least=least)
    return check(code, status, only, say("Read with care, or import more"), name=name)


def completeness(frame: pd.DataFrame | ibis.Table, columns: Iterable[str], *, code: str = "completeness") -> Check:
    """Return whether the *columns* that the frame (or table) has values in at all are filled in 95 % of its rows."""
    rows, filled = _filled(frame, [column for column in columns if column in frame.columns])
    used = [column for column, number in filled.items() if number]
    if not used:
        return check(code, "REVIEW", say("no row has a value in these columns"), say("Read with care, or import more"))
    missing = {column: rows - filled[column] for column in used}
    gaps = {column: number for column, number in missing.items() if number}
    if not gaps:
        return check(
            code, "PASS", say("no missing value in {columns}", columns=Listed.of(words.column(name) for name in used))
        )
    told = Listed.of(
        say("{column} {missing} of {rows}", column=words.column(column), missing=number, rows=rows)
        for column, number in gaps.items()
    )
    finding = say("missing: {columns}", columns=told)
    if max(gaps.values()) <= MANY_MISSING * rows:
        return check(code, "PASS", finding)
    return check(code, "REVIEW", finding, say("Missing values are left out, never read as zero"))


def _filled(frame: pd.DataFrame | ibis.Table, columns: list[str]) -> tuple[int, dict[str, int]]:
    """Return how many rows there are, and in how many of them each of *columns* is filled."""
    if isinstance(frame, pd.DataFrame):
        return len(frame), {column: int(frame[column].notna().sum()) for column in columns}
    found = frame.agg(rows=frame.count(), **{f"n_{column}": frame[column].count() for column in columns}).to_pandas()
    return int(found["rows"].iloc[0]), {column: int(found[f"n_{column}"].iloc[0]) for column in columns}


def reach_is_plausible(posts: pd.DataFrame) -> Check | None:
    """Return whether no post reached more accounts than it was shown times; None where no post tells both."""
    reach, views, impressions = (pd.to_numeric(posts[name]) for name in ("reach", "views", "impressions"))
    shown = impressions.fillna(views)
    if not (reach.notna() & shown.notna()).any():
        return None
    wrong = int((reach > shown).sum())
    if not wrong:
        return check("reach", "PASS", say("no post reached more accounts than it was shown times"))
    finding = say_n(
        "{n} post reached more accounts than it was shown times, which cannot be",
        "{n} posts reached more accounts than they were shown times, which cannot be",
        n=wrong,
    )
    return check("reach", "REVIEW", finding, say("Ask the platform; they are kept in all numbers"))


def interactions_add_up(posts: pd.DataFrame) -> Check | None:
    """Return whether exported interactions equal likes + comments + shares (+ saves); None where none are exported."""
    if not len(posts) or posts["engagements"].isna().all():
        return None
    parts = posts[["likes", "comments", "shares", "saves"]].fillna(0).sum(axis=1)
    known = posts["engagements"].notna()
    equal, total = int((parts == posts["engagements"])[known].sum()), int(known.sum())
    finding = say("exported interactions equal their parts on {equal} of {total} posts", equal=equal, total=total)
    if equal == total:
        return check("interactions", "PASS", finding)
    action = say("The platform counts more kinds; the exported total is used")
    return check("interactions", "REVIEW", finding, action)


def times_are_proved(posts: pd.DataFrame) -> Check:
    """Return how many publication times are proved by the post id or an explicit offset."""
    known = posts["tz_source"].dropna()
    if known.empty:
        action = say("Hours of the day cannot be compared")
        return check("publication_times", "REVIEW", say("the posts carry no time"), action)
    proved = float(known.isin(PROVED).mean())
    if proved >= MOSTLY_PROVED:
        finding = say("{share} of the times are proved by the post id or stated with their zone", share=Percent(proved))
        return check("publication_times", "PASS", finding)
    finding = say("the time zone of {share} of the posts is assumed", share=Percent(1 - proved))
    return check("publication_times", "REVIEW", finding, say("Hours of the day rest on the proved posts only"))


def quarantine(log: pd.DataFrame) -> list[Check]:
    """Return how much of what was imported no report counts (*log*: table import_log).

    What lies in quarantine, of which up to 1 in 1,000 passes; and, where there are any, records of markets that brand.yml
    does not know and posts without a date.
    """
    rows, aside = int(log["rows_in"].sum()), int(log["rows_quarantined"].sum())
    if not rows:
        action = say("Import your exports: {command}", command=Written("fanops import PATH"))
        return [check("import", "REVIEW", say("nothing was imported yet"), action)]
    finding = say("{aside} of {rows} imported rows of the workspace are in quarantine", aside=aside, rows=rows)
    if aside <= FEW_QUARANTINED * rows:
        return [check("import", "PASS", finding), *_unseen(log)]
    status: Status = "FAIL" if aside > MANY_QUARANTINED * rows else "REVIEW"
    action = say("{command} names them; correct the file and import it again", command=Written("fanops status"))
    return [check("import", status, finding, action), *_unseen(log)]


def _unseen(log: pd.DataFrame) -> Iterator[Check]:
    """Yield what was loaded and is seen by no report; a warehouse of an earlier version does not say."""
    counted = {name: int(log[name].sum()) if name in log else 0 for name in ("strange_markets", "undated_posts")}
    if number := counted["strange_markets"]:
        finding = say_n(
            "{n} imported record is of a market that brand.yml does not know: no report of a market counts it",
            "{n} imported records are of markets that brand.yml does not know: no report of a market counts them",
            n=number,
        )
        action = say("Add the market to brand.yml, or correct the file, and import it again")
        yield check("strange_markets", "REVIEW", finding, action)
    if number := counted["undated_posts"]:
        finding = say_n(
            "{n} imported post has no date: no report counts it",
            "{n} imported posts have no date: no report counts them",
            n=number,
        )
        yield check("undated_posts", "REVIEW", finding, say("Export the posts again with their dates"))


ADVERTISED = ("conversions",)


def no_break(breaks: pd.DataFrame, *, platforms: Iterable[str], start: date | None, end: date | None) -> Check:
    """Return whether a metric of *platforms* changed its meaning between *start* and *end*.

    What advertising counts (ADVERTISED) is no part of it: these are the files of the platforms' own accounts.
    """
    if start is None and end is None:
        finding = say("the data are undated: a change of definition inside them would not be seen")
        return check("definitions", "REVIEW", finding)
    here = breaks[breaks["platform"].isin(list(platforms)) & ~breaks["metric"].isin(ADVERTISED)]
    if start:
        until = here["date"].where(here["precision"] != "month", here["date"] + pd.offsets.MonthEnd(0))
        here = here[until > pd.Timestamp(start)]
    if end:
        here = here[here["date"] <= pd.Timestamp(end)]
    if here.empty:
        return check("definitions", "PASS", say("no metric changed its meaning in this period"))
    told = Listed.of(_changed(row) for row in here.to_dict("records"))
    action = say("Series are not joined across it")
    return check("definitions", "REVIEW", told, action)


def _changed(row: Mapping[Any, Any]) -> Sayable:
    return say(
        "{platform} {metric} ({when}): {note}",
        platform=words.platform(row["platform"]),
        metric=words.column(row["metric"]),
        when=Day.of(row["date"], form=row["precision"]),
        note=words.told_in(row, "note"),
    )
