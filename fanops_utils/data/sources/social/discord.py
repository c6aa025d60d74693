"""Discord's server insights: one CSV a question, days or weeks or months, percents, text in single quotes.

Insights that no table holds (invite links, referring domains, platforms, …) are left to mappings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from fanops_utils.data.sources.files.reading import Grid
from fanops_utils.data.sources.shared.owners import account_key, whose
from fanops_utils.data.sources.shared.resaved import counts
from fanops_utils.data.sources.shared.sheet import Sheet, accepted, fold, sheet_at
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.errors import ImportRefused

PLATFORM = ("discord",)
START = ("interval_start_timestamp", "day_pt")  # the second is a day of US Pacific time
FIELD = re.compile(r"(?:^|,)('.*?'(?=,|$)|[^,]*)")
WEEK, MONTH = 7, 28
CHANNEL_ID = r"[0-9]{1,20}"

COUNTS = {
    "visitors": "visitors", "communicators": "communicators", "messages": "messages", "new_members": "new_members",
    "total_membership": "total_membership", "discovery_joins": "joins_discovery", "invites": "joins_invite",
    "vanity_joins": "joins_vanity", "other_joins": "joins_other",
}  # fmt: skip
PERCENTS = {
    "pct_communicated": "pct_communicated", "pct_retained": "pct_retained_week1",
    "pct_opened_channels": "pct_opened_channels",
}  # fmt: skip
NUMBERS = {"messages_per_communicator": "messages_per_communicator", "speaking_minutes": "speaking_minutes"}
DAILY = {**COUNTS, **PERCENTS, **NUMBERS}
BY_TENURE = ("leavers", "muters")
CHANNEL = {
    "readers": "readers", "chatters": "chatters", "messages": "messages", "listeners": "listeners",
    "communicators": "speakers",
}  # fmt: skip


def _titles(grid: Grid) -> list[str]:
    return [fold(cell) for cell in grid.rows[0]] if grid.rows else []


def _sheet(grid: Grid) -> Sheet | None:
    """Return the lines of an insight under its own headers; an absent last cell is empty, never another column's."""
    titles = _titles(grid)
    start = [place for place, title in enumerate(titles) if title in START]
    if len(start) != 1:
        return None
    rows = grid.rows
    if "'" in grid.text and '"' not in grid.text and grid.delimiter == ",":  # commas between single quotes
        rows = [FIELD.findall(line) for line in grid.text.splitlines() if line.strip()]
    unquoted = [[cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == "'" else cell for cell in row] for row in rows]
    names = {place: "start" if place == start[0] else title for place, title in enumerate(titles)}
    return sheet_at(replace(grid, rows=unquoted), (0, names), ragged=True)


def _finder(wanted: Callable[[set[str]], bool], grid: Grid) -> Sheet | None:
    titles = set(_titles(grid))
    return _sheet(grid) if titles & set(START) and wanted(titles - set(START)) else None


def _interval(sheet: Sheet, context: Context) -> tuple[pd.Series, str, list[str]]:
    """Return the first day of each interval, how long the intervals are by their spacing, and warnings."""
    days = sheet.cells.iso_day("start")
    sheet.cells.reject("start", sheet.cells.raw("start").isna(), "the cell is empty")
    distinct = days.dropna().drop_duplicates().sort_values()
    gaps = distinct.diff().dropna().dt.days
    if gaps.empty:
        said = ["the file holds one interval: read as a day; export a longer range if it is a week or a month"]
        return days, "day", said if len(distinct) else []
    if gaps.min() >= MONTH and (distinct.dt.day == distinct.dt.day.iloc[0]).all():
        return days, "month", []
    weekly = gaps.min() >= WEEK and (gaps % WEEK == 0).all()
    if gaps.min() > 1 and not weekly and (gaps != gaps.min()).sum() == 0:
        hint = "Choose daily, weekly or monthly in the insights and export again"
        raise ImportRefused(f"one line every {int(gaps.min())} days", file=context.export.label, hint=hint)
    return days, "week" if weekly else "day", []


def _common(sheet: Sheet, context: Context) -> tuple[dict[str, object], list[str]]:
    days, interval, said = _interval(sheet, context)
    community = account_key(whose(context, PLATFORM))
    return {"platform": "discord", "community_id": community, "interval_start": days, "interval": interval}, said


def _is_partial(same: dict[str, object], context: Context) -> pd.Series:
    """Return whether the export was made inside the interval."""
    start = pd.Series(same["interval_start"])
    length = {"day": pd.DateOffset(days=1), "week": pd.DateOffset(days=7), "month": pd.DateOffset(months=1)}
    end = start + length[str(same["interval"])]
    now = pd.Timestamp(context.exported_at()).tz_localize(None)
    return ((start <= now) & (end > now)).fillna(value=False)


def parse_daily(sheet: Sheet, context: Context) -> Parsed:
    """Return columns of table community_daily; percents become fractions.

    `pct_retained` is of joiners, one week later. Where a line ends before it, nobody joined or the week is not over.
    """
    same, said = _common(sheet, context)
    cells = sheet.cells
    values: dict[str, pd.Series] = {DAILY[name]: found for name, found in counts(sheet, COUNTS).items()}
    values |= {PERCENTS[name]: cells.percent(name) for name in PERCENTS if cells.has(name)}
    values |= {NUMBERS[name]: cells.number(name) for name in NUMBERS if cells.has(name)}
    frame = accepted(sheet, {**same, **values, "is_partial": _is_partial(same, context)})
    return Parsed({"community_daily": frame}, cells.rejects, sheet.rows_in, context.exported_at(), said)


def parse_by_tenure(sheet: Sheet, context: Context) -> Parsed:
    """Return leavers or members who muted, of all lengths of membership together.

    A record is an interval: its lines are added up, and one that cannot be read sets the whole interval aside.
    """
    same, said = _common(sheet, context)
    cells = sheet.cells
    start = cells.frame["start"].str.strip()
    if unread := [reject.value for reject in cells.rejects if reject.row in start.index]:
        reason = "a line cannot be read, so the sum of its interval is not known"
        raise ImportRefused(reason, file=context.export.label, value=unread[0], hint="Export the file again")
    twice = cells.frame.duplicated(["start", "days_in_guild"], keep=False)
    if twice.any():
        reason = "two lines of one interval and length of membership: pasted again, or two exports in one file"
        raise ImportRefused(reason, file=context.export.label, value=str(start[twice].iloc[0]))
    first = pd.Series(cells.frame.index, index=cells.frame.index).groupby(start, dropna=False).transform("min")
    values = {
        name: found.groupby(first).transform("sum", min_count=1) for name, found in counts(sheet, BY_TENURE).items()
    }
    for name in values:
        cells.reject(name, cells.raw(name).isna(), "the cell is empty")
    rejects = [replace(reject, row=int(first[reject.row])) for reject in cells.rejects]
    bad = {reject.row for reject in rejects}
    whole = accepted(sheet, {**same, **values, "is_partial": _is_partial(same, context)})
    kept = whole["source_row"].isin(set(first)) & ~whole["source_row"].isin(bad)
    return Parsed(
        {"community_daily": whole[kept].reset_index(drop=True)}, rejects, first.nunique(), context.exported_at(), said
    )


def parse_channels(sheet: Sheet, context: Context) -> Parsed:
    """Return the most popular channels of each interval (not all channels): who read, wrote, listened, spoke."""
    same, said = _common(sheet, context)
    found = {CHANNEL[name]: values for name, values in counts(sheet, CHANNEL).items()}
    frame = accepted(sheet, {
        **same, "channel_id": sheet.cells.identifier("channel_id", shape=CHANNEL_ID),
        "channel_name": sheet.cells.text("channel_name"), **found,
    })  # fmt: skip
    said.append("Discord lists the most popular channels only: their sum is not the server's")
    return Parsed({"community_channel": frame}, sheet.cells.rejects, sheet.rows_in, context.exported_at(), said)


def _source(report: str, wanted: Callable[[set[str]], bool], parse: Callable[[Sheet, Context], Parsed]) -> Source:
    return Source("discord", report, PLATFORM, {}, frozenset(), parse, partial(_finder, wanted), ragged=True)


SOURCES = (
    _source("channels", lambda names: "channel_id" in names and bool(names & CHANNEL.keys()), parse_channels),
    _source("by_tenure", lambda names: "days_in_guild" in names and bool(names & set(BY_TENURE)), parse_by_tenure),
    _source("insight", lambda names: bool(names & DAILY.keys()) and names <= DAILY.keys(), parse_daily),
)
