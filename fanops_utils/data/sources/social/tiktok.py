"""TikTok Studio: the CSVs of its zips. Dates have no year, the last days are unfinished, `undefined` is no data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pandas as pd

from fanops_utils.data.sources.files.reading import read_grid
from fanops_utils.data.sources.shared.dates import days_before, latest_day
from fanops_utils.data.sources.shared.ids import is_total
from fanops_utils.data.sources.shared.owners import account_key, whose
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.social.tiktok_content import CONTENT, PLATFORM, REQUIRED, exported_at, parse_content
from fanops_utils.errors import FanopsError, YearUnknown

PARTIAL_DAYS, COUNTED_AFTER = 2, 4  # the last two days still rise, unless the export was made days later

OVERVIEW: Aliases = {
    "date": ("Date", "Data"), "views": ("Video Views", "Visualizações de vídeo"),
    "profile_visits": ("Profile Views", "Visualizações do perfil"), "likes": ("Likes", "Curtidas"),
    "comments": ("Comments", "Comentários"), "shares": ("Shares", "Compartilhamentos"),
}  # fmt: skip
# "Difference in followers from previous day" is never read: in some exports it is the difference to the next day.
FOLLOWERS: Aliases = {"date": ("Date",), "followers_total": ("Followers",)}
DIFFERENCE = "Difference in followers from previous day"
# What TikTok calls its files and archives; headers of two words are other tools' too.
NAMED = re.compile(r"^(?:Follower(?:History|Activity|Gender|TopTerritories)|Followers_\d)|^Viewers(?:_\d|\.)")
VIEWERS: Aliases = {
    "date": ("Date",), "viewers": ("Total Viewers",), "new_viewers": ("New Viewers",),
    "returning_viewers": ("Returning Viewers",),
}  # fmt: skip
ACTIVITY: Aliases = {"date": ("Date",), "hour": ("Hour",), "active_followers": ("Active followers",)}
GENDER: Aliases = {"segment": ("Gender",), "share": ("Distribution",)}
TERRITORIES: Aliases = {"segment": ("Top territories",), "share": ("Distribution",)}


def _days(sheet: Sheet, context: Context, exported: datetime) -> pd.Series:
    """Return the day of each row with its year, counted back from the export; refuse a file whose year is unknown."""
    raw = sheet.cells.required("date")
    try:
        found = _dated(raw.fillna("").tolist(), exported)
    except ValueError as error:
        hint = "Import TikTok's zip as downloaded, or pass --exported-on with the day of the export"
        raise YearUnknown(
            f"the year of these days is not known: {error}", file=context.export.label, hint=hint
        ) from None
    days = pd.Series(found, index=raw.index, dtype="datetime64[us]")
    sheet.cells.reject("date", raw.notna() & days.isna(), "not a day in a language fanops reads")
    later = days > pd.Timestamp(exported.date() + timedelta(days=1))
    sheet.cells.reject("date", later, "a day after the export: a spreadsheet gives a day without year its own year")
    return days


def _dated(printed: list[str], exported: datetime) -> list[date | None]:
    """Return the days of *printed*, oldest first as TikTok writes them, or in any order where they make up one window."""
    in_order = days_before(printed, exported)
    alone = [latest_day(text, exported) for text in printed]
    if in_order == alone or _follow(in_order):
        return in_order
    if _follow(alone):
        return alone
    raise ValueError("they do not follow one another")


def _follow(days: list[date | None]) -> bool:
    known = {day for day in days if day}
    return bool(known) and (max(known) - min(known)).days + 1 == len(known)


def _year_warning(context: Context, exported: datetime) -> list[str]:
    if exported != context.export.modified:
        return []
    return [f"the year was counted back from the file's date, {exported.date()}; pass --exported-on if that is wrong"]


def _parse_daily(sheet: Sheet, context: Context, names: Iterable[str]) -> Parsed:
    account, exported = whose(context, PLATFORM), exported_at(context)
    days = _days(sheet, context, exported)
    counts = {name: sheet.cells.count(name) for name in names if sheet.cells.has(name)}
    if "viewers" in counts:  # without total viewers the new and returning ones are printed as zero
        counts = {name: values.where(counts["viewers"].notna()) for name, values in counts.items()}
    partial = days > days.max() - timedelta(days=PARTIAL_DAYS)
    partial &= days > pd.Timestamp(exported.date() - timedelta(days=COUNTED_AFTER))
    daily = accepted(sheet, {
        "platform": "tiktok", "account_id": account_key(account), "date_day": days, **counts, "is_partial": partial,
    })  # fmt: skip
    warnings = _year_warning(context, exported)
    return Parsed({"account_daily": daily}, sheet.cells.rejects, sheet.rows_in, exported, warnings)


def parse_overview(sheet: Sheet, context: Context) -> Parsed:
    """Return daily views, profile visits, likes, comments and shares."""
    return _parse_daily(sheet, context, ("views", "profile_visits", "likes", "comments", "shares"))


def parse_followers(sheet: Sheet, context: Context) -> Parsed:
    """Return the followers at the end of each day."""
    return _parse_daily(sheet, context, ("followers_total",))


def parse_viewers(sheet: Sheet, context: Context) -> Parsed:
    """Return daily viewers, new and returning; null where the total is not known yet."""
    return _parse_daily(sheet, context, ("viewers", "new_viewers", "returning_viewers"))


def parse_activity(sheet: Sheet, context: Context) -> Parsed:
    """Return followers active per hour; the last day is unfinished."""
    account, exported = whose(context, PLATFORM), exported_at(context)
    days = _days(sheet, context, exported)
    hourly = accepted(sheet, {
        "platform": "tiktok", "account_id": account_key(account), "date_day": days, "hour": sheet.cells.count("hour"),
        "active_followers": sheet.cells.count("active_followers"), "is_partial": days == days.max(),
    })  # fmt: skip
    warnings = _year_warning(context, exported)
    return Parsed({"audience_activity_hourly": hourly}, sheet.cells.rejects, sheet.rows_in, exported, warnings)


def _parse_audience(sheet: Sheet, context: Context, dimension: str) -> Parsed:
    account, exported = whose(context, PLATFORM), exported_at(context)
    audience = accepted(sheet, {
        "platform": "tiktok", "account_id": account_key(account), "snapshot_at": exported, "dimension": dimension,
        "segment": _segment(sheet), "share": sheet.cells.number("share"),
    })  # fmt: skip
    return Parsed({"audience_snapshot": audience}, sheet.cells.rejects, sheet.rows_in, exported)


def _segment(sheet: Sheet) -> pd.Series:
    found = sheet.cells.code("segment")  # NA is Namibia
    sheet.cells.reject("segment", found.isna(), "the cell is empty")
    sheet.cells.reject("segment", is_total(found), "a row that adds others up, not a segment")
    return found


def parse_gender(sheet: Sheet, context: Context) -> Parsed:
    """Return the followers by gender."""
    return _parse_audience(sheet, context, "gender")


def parse_territories(sheet: Sheet, context: Context) -> Parsed:
    """Return the followers by country; `Others` is kept as it is."""
    return _parse_audience(sheet, context, "country")


def proved_export_day(context: Context) -> date | None:
    """Return the day on which the Content file of *context* was exported, by its video ids; None where it is none."""
    content = next(source for source in SOURCES if source.report_type == "content")
    try:
        sheet = content.recognise(read_grid(context.export))
        exported = content.parse(sheet, context).exported_at if sheet else context.export.modified
    except FanopsError:
        return None
    return exported.date() if exported != context.export.modified else None


def _source(report: str, aliases: Aliases, parse: object, named: re.Pattern[str] | None = None) -> Source:
    return Source(
        "tiktok", report, PLATFORM, aliases, frozenset(aliases), parse, named=named, also=(DIFFERENCE,), all_quoted=True,  # type: ignore[arg-type]
    )  # fmt: skip


SOURCES = (
    _source("overview", OVERVIEW, parse_overview),
    _source("viewers", VIEWERS, parse_viewers),
    _source("follower_activity", ACTIVITY, parse_activity),
    _source("follower_history", FOLLOWERS, parse_followers, NAMED),
    _source("follower_gender", GENDER, parse_gender, NAMED),
    _source("follower_territories", TERRITORIES, parse_territories),
    Source("tiktok", "content", PLATFORM, CONTENT, REQUIRED, parse_content, mends_quotes=True),
)
