"""TikTok Studio: the CSVs of its zips. Dates have no year, the last days are unfinished, `undefined` is no data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pandas as pd

from fanops_utils.data.sources.base import (
    Aliases,
    Context,
    Parsed,
    Sheet,
    Source,
    accepted,
    account_key,
    cells_of,
    whose,
)
from fanops_utils.data.sources.dates import days_before, month_and_day
from fanops_utils.data.sources.post_ids import tiktok_link, tiktok_time
from fanops_utils.data.sources.reading import read_grid
from fanops_utils.errors import FanopsError, YearUnknown

EPOCH = re.compile(r"_(1[4-9]\d{8}|2\d{9})_")
PLATFORM = ("tiktok",)
PARTIAL_DAYS, COUNTED_AFTER = 2, 4  # the last two days still rise, unless the export was made days later
SCHEDULED_WITHIN = timedelta(days=6)

OVERVIEW: Aliases = {
    "date": ("Data",), "views": ("Video Views", "Visualizações de vídeo"),
    "profile_visits": ("Profile Views", "Visualizações do perfil"), "likes": ("Likes", "Curtidas"),
    "comments": ("Comments", "Comentários"), "shares": ("Shares", "Compartilhamentos"),
}  # fmt: skip
# "Difference in followers from previous day" is never read: in some exports it is the difference to the next day.
FOLLOWERS: Aliases = {"date": ("Date",), "followers_total": ("Followers",)}
VIEWERS: Aliases = {
    "date": ("Date",), "viewers": ("Total Viewers",), "new_viewers": ("New Viewers",),
    "returning_viewers": ("Returning Viewers",),
}  # fmt: skip
ACTIVITY: Aliases = {"date": ("Date",), "hour": ("Hour",), "active_followers": ("Active followers",)}
GENDER: Aliases = {"segment": ("Gender",), "share": ("Distribution",)}
TERRITORIES: Aliases = {"segment": ("Top territories",), "share": ("Distribution",)}
CONTENT: Aliases = {
    "exported": ("Time",), "post_message": ("Video title",), "post_url": ("Video link",), "post_time": ("Post time",),
    "likes": ("Total likes",), "comments": ("Total comments",), "shares": ("Total shares",), "views": ("Total views",),
}  # fmt: skip


def _exported_at(context: Context) -> datetime:
    for part in reversed(context.export.parts):
        if found := EPOCH.search(part):
            return context.exported_at(named=datetime.fromtimestamp(int(found.group(1)), UTC))
    return context.exported_at()


def _days(sheet: Sheet, context: Context, exported: datetime) -> pd.Series:
    """Return the day of each row with its year, counted back from the export; refuse a file whose year is unknown."""
    raw = sheet.cells.required("date")
    try:
        found: list[date | None] = days_before(raw.fillna("").tolist(), exported)
    except ValueError as error:
        hint = "Import TikTok's zip as downloaded, or pass --exported-on with the day of the export"
        raise YearUnknown(
            f"the year of these days is not known: {error}", file=context.export.label, hint=hint
        ) from None
    days = pd.Series(found, index=raw.index, dtype="datetime64[us]")
    sheet.cells.reject("date", raw.notna() & days.isna(), "not a day in a language fanops reads")
    return days


def _year_warning(context: Context, exported: datetime) -> list[str]:
    if exported != context.export.modified:
        return []
    return [f"the year was counted back from the file's date, {exported.date()}; pass --exported-on if that is wrong"]


def _parse_daily(sheet: Sheet, context: Context, names: Iterable[str]) -> Parsed:
    account, exported = whose(context, PLATFORM), _exported_at(context)
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
    account, exported = whose(context, PLATFORM), _exported_at(context)
    days = _days(sheet, context, exported)
    hourly = accepted(sheet, {
        "platform": "tiktok", "account_id": account_key(account), "date_day": days, "hour": sheet.cells.count("hour"),
        "active_followers": sheet.cells.count("active_followers"), "is_partial": days == days.max(),
    })  # fmt: skip
    warnings = _year_warning(context, exported)
    return Parsed({"audience_activity_hourly": hourly}, sheet.cells.rejects, sheet.rows_in, exported, warnings)


def _parse_audience(sheet: Sheet, context: Context, dimension: str) -> Parsed:
    account, exported = whose(context, PLATFORM), _exported_at(context)
    audience = accepted(sheet, {
        "platform": "tiktok", "account_id": account_key(account), "snapshot_at": exported, "dimension": dimension,
        "segment": sheet.cells.required("segment"), "share": sheet.cells.number("share"),
    })  # fmt: skip
    return Parsed({"audience_snapshot": audience}, sheet.cells.rejects, sheet.rows_in, exported)


def parse_gender(sheet: Sheet, context: Context) -> Parsed:
    """Return the followers by gender."""
    return _parse_audience(sheet, context, "gender")


def parse_territories(sheet: Sheet, context: Context) -> Parsed:
    """Return the followers by country; `Others` is kept as it is."""
    return _parse_audience(sheet, context, "country")


def parse_content(sheet: Sheet, context: Context) -> Parsed:
    """Return the (at most 15) listed posts and their lifetime metrics; video ids give the year, and the hour."""
    sheet = _unquoted(sheet)
    cells = sheet.cells
    links = cells.required("post_url").map(lambda url: tiktok_link(str(url)), na_action="ignore")
    cells.reject("post_url", links.isna() & cells.raw("post_url").notna(), "not the link of a TikTok video")
    handles = links.dropna().map(lambda link: link[0])
    account = whose(context, PLATFORM, named=handles.unique())
    post_id = links.map(lambda link: link[1], na_action="ignore").astype("string")
    uploaded = pd.Series(
        [tiktok_time(str(value)) for value in post_id], index=post_id.index, dtype="datetime64[us, UTC]"
    )
    printed = cells.apply("post_time", month_and_day, "not a day in a language fanops reads")
    published, precision, scheduled = _publication(uploaded, printed)
    same = {"platform": "tiktok", "post_id": post_id}
    exported = _content_exported(sheet, context, published)
    counts = {name: cells.count(name) for name in ("views", "likes", "comments", "shares")}
    posts = accepted(sheet, {
        **same, "account_id": account_key(account), "post_url": cells.raw("post_url"),
        "post_message": cells.text("post_message"), "post_type": "short_video", "created_timestamp": published,
        "created_precision": precision, "created_source": "post_id", "tz_source": "proved", "is_scheduled": scheduled,
        "is_collab": False, "is_reply": False,
    })  # fmt: skip
    metrics = accepted(sheet, {**same, "metric_window": "lifetime", "snapshot_at": exported, **counts})
    listed = ["TikTok lists at most 15 posts: this is not a count of posts"]
    return Parsed({"posts": posts, "post_metrics": metrics}, cells.rejects, sheet.rows_in, exported, listed)


def _publication(uploaded: pd.Series, printed: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return time, precision and whether scheduled: the id's minute where its day is the printed one, else that day."""
    times, precisions, scheduled = [], [], []
    for upload, pair in zip(uploaded, printed, strict=True):
        near = None if pd.isna(upload) or pair is None else _printed_day(upload, pair)
        same_day = near is not None and near == upload.date()
        times.append(upload if same_day else None if near is None else pd.Timestamp(near, tz=UTC))
        precisions.append("minute" if same_day else "day")
        scheduled.append(None if near is None else not same_day)
    index = uploaded.index
    return (
        pd.Series(times, index=index, dtype="datetime64[us, UTC]"),
        pd.Series(precisions, index=index, dtype="string"),
        pd.Series(scheduled, index=index, dtype="boolean"),
    )


def _printed_day(upload: pd.Timestamp, pair: tuple[int, int]) -> date | None:
    """Return the printed day with its year: the first such day on or just after the upload."""
    days = (upload.date() + timedelta(days=ahead) for ahead in range(-1, SCHEDULED_WITHIN.days + 1))
    return next((day for day in days if (day.month, day.day) == tuple(pair)), None)


def _content_exported(sheet: Sheet, context: Context, published: pd.Series) -> datetime:
    """Return the export moment; without other evidence the column `Time` dated after the newest video."""
    exported = _exported_at(context)
    if exported != context.export.modified or published.dropna().empty:
        return exported
    pair, newest = month_and_day(str(sheet.cells.frame["exported"].iloc[0])), published.max().date()
    for ahead in range(366):
        day = newest + timedelta(days=ahead)
        if pair == (day.month, day.day):
            return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
    return exported


def proved_export_day(context: Context) -> date | None:
    """Return the day on which the Content file of *context* was exported, by its video ids; None where it is none."""
    content = next(source for source in SOURCES if source.report_type == "content")
    try:
        sheet = content.recognise(read_grid(context.export))
        exported = content.parse(sheet, context).exported_at if sheet else context.export.modified
    except FanopsError:
        return None
    return exported.date() if exported != context.export.modified else None


def _unquoted(sheet: Sheet) -> Sheet:
    """Return the sheet split on `","` where titles hold quotes that TikTok did not double."""
    if not sheet.cells.rejects or not sheet.grid.text:
        return sheet
    lines = [line.strip("\r\n") for line in sheet.grid.text.splitlines() if line.strip()]
    start = next(number for number, line in enumerate(lines) if "Video link" in line) + 1
    rows = [line.removeprefix('"').removesuffix('"').split('","') for line in lines[start:]]
    if any(len(row) != len(sheet.header) for row in rows):
        return sheet
    positions = {name: sheet.header.index(title) for name, title in sheet.cells.names.items()}
    return Sheet(cells_of(rows, positions, sheet.header), sheet.header, sheet.preamble, sheet.grid)


def _source(report: str, aliases: Aliases, parse: object, *, required: str = "") -> Source:
    needed = frozenset(required.split()) if required else frozenset(aliases)
    return Source("tiktok", report, PLATFORM, aliases, needed, parse)  # type: ignore[arg-type]


SOURCES = (
    _source("overview", OVERVIEW, parse_overview),
    _source("viewers", VIEWERS, parse_viewers),
    _source("follower_activity", ACTIVITY, parse_activity),
    _source("follower_history", FOLLOWERS, parse_followers),
    _source("follower_gender", GENDER, parse_gender),
    _source("follower_territories", TERRITORIES, parse_territories),
    _source("content", CONTENT, parse_content, required="exported post_url post_time views likes"),
)
