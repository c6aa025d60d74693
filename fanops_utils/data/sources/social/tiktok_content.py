"""TikTok Studio's Content.csv: the posts listed, with the minute that their ids hold and the year that the file omits."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pandas as pd

from fanops_utils.data.sources.shared.dates import full_date, month_and_day
from fanops_utils.data.sources.shared.owners import owners
from fanops_utils.data.sources.shared.post_ids import tiktok_link, tiktok_time
from fanops_utils.data.sources.shared.publication import MOMENT, Publication, by_day, contradicts
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted, cells_of
from fanops_utils.data.sources.shared.source import Context, Parsed
from fanops_utils.errors import ImportRefused

EPOCH = re.compile(r"_(1[4-9]\d{8}|2\d{9})_")
PLATFORM = ("tiktok",)
SCHEDULED_WITHIN = timedelta(days=30)  # TikTok schedules no further ahead
MOST = 15
OFFSET = r"(?:Z|[+-]\d{2}:?\d{2})$"
COUNTS = ("views", "likes", "comments", "shares")

CONTENT: Aliases = {
    "exported": ("Time",), "post_message": ("Video title",), "post_url": ("Video link",), "post_time": ("Post time",),
    "likes": ("Total likes",), "comments": ("Total comments",), "shares": ("Total shares",), "views": ("Total views",),
}  # fmt: skip
REQUIRED = frozenset({"post_message", "post_url", "post_time", "views", "likes"})


def exported_at(context: Context) -> datetime:
    """Return when TikTok wrote the file: the number in the zip's name is that moment (the date before it is not)."""
    for part in reversed(context.export.parts):
        if found := EPOCH.search(part):
            return context.exported_at(named=datetime.fromtimestamp(int(found.group(1)), UTC))
    return context.exported_at()


def parse_content(sheet: Sheet, context: Context) -> Parsed:
    """Return the (at most 15) listed posts and their lifetime metrics; video ids give the year, and the hour.

    In the layout without the column `Time`, the times of publication are ISO 8601.
    """
    sheet = _unquoted(sheet, context)
    cells = sheet.cells
    links = cells.required("post_url").map(lambda url: tiktok_link(str(url)), na_action="ignore")
    cells.reject("post_url", links.isna() & cells.raw("post_url").notna(), "not the link of a TikTok video")
    handles = links.map(lambda link: link[0], na_action="ignore").astype("string")
    account, theirs = owners(context, "tiktok", [handles])
    cells.reject("post_url", theirs & handles.notna(), "the video of an account that is not ours")
    post_id = links.map(lambda link: link[1], na_action="ignore").astype("string")
    uploaded = pd.Series(
        [None if pd.isna(one) else tiktok_time(one) for one in post_id], index=post_id.index, dtype=MOMENT
    )
    cells.required("post_time")
    is_iso = cells.raw("post_time").str.match(r"[0-9]{4}-").fillna(value=False)
    published = _by_iso(sheet, uploaded) if is_iso.any() else _by_month_and_day(sheet, uploaded)
    published.refuse_impossible(cells, "post_time")
    exported = _content_exported(sheet, context, published.created)
    counts = {name: cells.count(name) for name in COUNTS if cells.has(name)}
    photos = cells.raw("post_url").str.contains("/photo/", regex=False).fillna(value=False)
    kind = pd.Series("short_video", index=post_id.index, dtype="string").mask(photos, "image")
    same = {"platform": "tiktok", "post_id": post_id}
    posts = accepted(sheet, {
        **same, "account_id": account, "post_url": cells.raw("post_url"),
        "post_message": cells.text("post_message"), "post_type": kind, **published.columns(),
        "is_collab": False, "is_reply": False,
    })  # fmt: skip
    metrics = accepted(sheet, {**same, "metric_window": "lifetime", "snapshot_at": exported, **counts})
    listed = [f"TikTok lists at most {MOST} posts: this is not a count of posts"]
    tables = {"posts": posts, "post_metrics": metrics}
    return Parsed(tables, cells.rejects, sheet.rows_in, exported, [*published.warnings, *listed])


def _by_iso(sheet: Sheet, uploaded: pd.Series) -> Publication:
    """Return publication by ISO times: to the minute where they carry their offset, else as the id proves the day."""
    printed = sheet.cells.iso_time("post_time", "UTC")
    if not sheet.cells.raw("post_time").str.contains(OFFSET, regex=True).all():
        return by_day(printed.dt.tz_localize(None).dt.normalize(), uploaded)
    later = (printed - uploaded > timedelta(minutes=10)).astype("boolean").mask(printed.isna() | uploaded.isna())
    minute, source, zone = (
        pd.Series(word, index=printed.index, dtype="string").mask(printed.isna())
        for word in ("minute", "export", "export_offset")
    )
    far = contradicts(printed, uploaded, timedelta(days=1), SCHEDULED_WITHIN)
    return Publication(printed, minute, source, zone, later, [], far)


def _by_month_and_day(sheet: Sheet, uploaded: pd.Series) -> Publication:
    """Return publication by day and month: the id's minute where its day is the printed one, else that day."""
    cells = sheet.cells
    printed = cells.apply("post_time", month_and_day, "not a day in a language fanops reads")
    whole = cells.raw("post_time").map(full_date, na_action="ignore")
    days = [
        _printed_day(upload, pair, day) if pd.notna(upload) and hasattr(pair, "__len__") else None
        for upload, pair, day in zip(uploaded, printed, whole, strict=True)
    ]
    found = pd.Series(days, index=uploaded.index, dtype="datetime64[us]")
    far = "the video's id proves another day: over 30 days from the printed one"
    cells.reject("post_time", printed.notna() & uploaded.notna() & found.isna(), far)
    cells.reject("post_url", cells.raw("post_url").notna() & uploaded.isna(), "the video's id holds no time")
    return by_day(found, uploaded)


def _printed_day(upload: pd.Timestamp, pair: tuple[int, int], whole: object) -> date | None:
    """Return the printed day with its year: the first such day on or just after the upload; a printed year counts."""
    days = (upload.date() + timedelta(days=ahead) for ahead in range(-1, SCHEDULED_WITHIN.days + 1))
    if isinstance(whole, date):
        return whole if whole in set(days) else None
    return next((day for day in days if (day.month, day.day) == tuple(pair)), None)


def _content_exported(sheet: Sheet, context: Context, published: pd.Series) -> datetime:
    """Return the export moment; without other evidence the column `Time` dated after the newest video."""
    exported = exported_at(context)
    if exported != context.export.modified or published.dropna().empty or not sheet.cells.has("exported"):
        return exported
    pair, newest = month_and_day(str(sheet.cells.frame["exported"].iloc[0])), published.max().date()
    for ahead in range(366):
        day = newest + timedelta(days=ahead)
        if pair == (day.month, day.day):
            return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
    return exported


def _unquoted(sheet: Sheet, context: Context) -> Sheet:
    """Return the sheet read anew where titles hold quotation marks that TikTok did not double.

    All other cells hold none, so a record is what lies between them. Raises ImportRefused where that does not read
    the whole file.
    """
    if not sheet.grid.damage and not sheet.cells.rejects:
        return sheet
    place = sheet.header.index(sheet.cells.names["post_message"])
    cell = [r'"([^"\n]*)"' if number != place else r'"(.*?)"' for number in range(len(sheet.header))]
    body = "\n".join(sheet.grid.text.replace("\r\n", "\n").split("\n")[len(sheet.preamble) + 1 :])
    record = re.compile(rf"{','.join(cell)}(?:\n|\Z)", re.DOTALL)
    if record.sub("", body).strip():
        if sheet.grid.damage:
            raise ImportRefused(sheet.grid.damage, file=context.export.label, hint="Export the file again")
        return sheet
    rows = [[text.replace('""', '"') for text in found] for found in record.findall(body)]
    positions = {name: sheet.header.index(spelling) for name, spelling in sheet.cells.names.items()}
    return Sheet(cells_of(rows, positions, sheet.header), sheet.header, sheet.preamble, sheet.grid)
