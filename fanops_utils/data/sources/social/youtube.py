"""YouTube Studio, Advanced mode: Table data, Chart data and Totals, with whatever metrics were ticked."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

import pandas as pd

from fanops_utils.data.sources.files.reading import Grid
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.dates import full_date
from fanops_utils.data.sources.shared.owners import account_key, whose
from fanops_utils.data.sources.shared.sheet import Sheet, accepted, find_header, sheet_at
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.errors import ImportRefused, counted

PLATFORM = ("youtube",)
TOTALS_NAME = re.compile(r"(?:totals|totales|totais|gesamtwerte|totaux)\b", re.IGNORECASE)
VIDEO_ID = r"[A-Za-z0-9_-]{11}"
FOLDER_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})_(\d{4}-\d{2}-\d{2})")

METRICS = {
    "likes": ("Likes", "Me gusta"), "new_viewers": ("New viewers",), "views": ("Views", "Visualizaciones"),
    "watch_time_hours": ("Watch time (hours)", "Tiempo de visualización (horas)"),
    "follows": ("Subscribers", "Suscriptores"), "comments": ("Comments added", "Comments"), "shares": ("Shares",),
    # renamed in October 2026: the same count under a new name, so one column
    "impressions": ("Impressions", "Thumbnail impressions", "Impresiones"),
    "impressions_ctr": (
        "Impressions click-through rate (%)", "Thumbnail click-through rate (%)",
        "Porcentaje de clics de las impresiones (%)", "Porcentaje de clics de las impresiones",
    ),
    "average_view_duration": ("Average view duration",),
}  # fmt: skip
VIDEO = {
    "post_id": ("Content", "Contenido"), "post_message": ("Video title", "Título del vídeo"),
    "publish_day": ("Video publish time", "Hora de publicación del vídeo"), "duration_seconds": ("Duration", "Duración"),
}  # fmt: skip
TABLE = {**VIDEO, **METRICS}
CHART = {"date": ("Date", "Fecha"), **VIDEO, **METRICS}
TOTALS = {"date": ("Date", "Fecha"), **METRICS}
COUNTS = ("likes", "new_viewers", "views", "follows", "comments", "shares", "impressions")
TOTAL = ("total", "gesamt", "totale", "итого", "合計", "总计", "總計", "합계", "łącznie", "toplam")
ADDITIVE = ("likes", "views", "follows", "comments", "shares", "impressions")


def _range(context: Context) -> tuple[date | None, date | None]:
    for part in reversed(context.export.parts):
        if found := FOLDER_RANGE.search(part):
            return date.fromisoformat(found.group(1)), date.fromisoformat(found.group(2))
    return None, None


def _exported_at(context: Context) -> datetime:
    end = _range(context)[1]
    return context.exported_at(named=datetime.combine(end, time(23, 59, 59), UTC) if end else None)


def _days(cells: Cells, context: Context) -> pd.Series:
    """Return the days of a chart or of totals; raise ImportRefused where the rows lie further apart than a day.

    YouTube leaves no day out, so the distance is that of most rows; a single one must make up the folder's range.
    """
    cells.required("date")
    days = cells.iso_day("date")
    steps = days.dropna().drop_duplicates().sort_values().diff().dt.days.dropna()
    start, end = _range(context)
    alone = (end - start).days + 1 if steps.empty and days.notna().any() and start and end else 1
    step = steps.median() if len(steps) else float(alone)
    if step > 1:
        hint = "In YouTube Studio choose 'Daily' above the chart and export again"
        raise ImportRefused(f"one row every {step:g} days, not one a day", file=context.export.label, hint=hint)
    return days


def _values(cells: Cells) -> dict[str, pd.Series]:
    found: dict[str, pd.Series] = {name: cells.count(name) for name in COUNTS if cells.has(name)}
    if cells.has("watch_time_hours"):
        found["watch_time_seconds"] = cells.number("watch_time_hours", scale=3600.0)
    if cells.has("impressions_ctr"):
        found["impressions_ctr"] = cells.percent("impressions_ctr")
    if cells.has("average_view_duration"):
        clock = cells.apply("average_view_duration", _clock_seconds, "not a duration like 0:03:25")
        found["average_view_duration_seconds"] = clock.astype("Float64")
    return found


def _clock_seconds(text: str) -> float | None:
    parts = text.split(":")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return None
    return float(sum(int(part) * 60**power for power, part in enumerate(reversed(parts))))


def _without_total(sheet: Sheet) -> tuple[Sheet, pd.Series | None]:
    frame = sheet.cells.frame
    is_total = frame["post_id"].str.strip().str.casefold().isin(TOTAL)
    is_total &= ~sheet.cells.raw("publish_day").notna()
    return (sheet.only(~is_total), frame[is_total].iloc[0]) if is_total.any() else (sheet, None)


def _checksum(sheet: Sheet, total: pd.Series | None, values: dict[str, pd.Series]) -> list[str]:
    """Return a warning where the listed videos do not add up to the file's own Total row."""
    if total is None:
        return []
    off = []
    for name in ADDITIVE:
        if name not in values or name not in total:
            continue
        printed = Cells(total[[name]].to_frame().T, numbers=sheet.cells.numbers).number(name, whole=True).iloc[0]
        if pd.notna(printed) and int(values[name].sum()) != int(printed):
            off.append(f"{sheet.cells.names.get(name, name)} {int(values[name].sum()):,} of {int(printed):,}")
    return [f"the videos listed do not add up to the Total row ({'; '.join(off)}): the list is cut"] if off else []


def parse_table(sheet: Sheet, context: Context) -> Parsed:
    """Return videos and their metrics over the range in the folder's name; the Total row is a checksum only."""
    sheet, total = _without_total(sheet)
    cells, account, exported = sheet.cells, whose(context, PLATFORM), _exported_at(context)
    start, end = _range(context)
    post_id, values = cells.identifier("post_id", shape=VIDEO_ID), _values(sheet.cells)
    repeated = post_id[post_id.duplicated() & ~cells.frame.duplicated()].dropna()
    if len(repeated):
        hint = "Export Table data and Chart data as YouTube Studio writes them"
        raise ImportRefused(
            "a video stands on several lines", file=context.export.label, value=repeated.iloc[0], hint=hint
        )
    published = cells.apply("publish_day", full_date, "not a date like Jan 6, 2024")
    same = {"platform": "youtube", "post_id": post_id}
    posts = accepted(sheet, {
        **same, "account_id": account_key(account), "post_url": "https://www.youtube.com/watch?v=" + post_id,
        "post_message": cells.text("post_message"), "post_type": "video",
        "created_timestamp": pd.to_datetime(published, utc=True), "created_precision": "day",
        "created_source": "export", "tz_source": "assumed", "is_collab": False, "is_reply": False,
        "duration_seconds": cells.number("duration_seconds"),
    })  # fmt: skip
    metrics = accepted(sheet, {
        **same, "metric_window": "period", "period_start": pd.Timestamp(start) if start else pd.NaT,
        "period_end": pd.Timestamp(end) if end else pd.NaT, "snapshot_at": exported, **values,
    })  # fmt: skip
    warnings = _checksum(sheet, total, values)
    if start is None:
        warnings.append("the range counted stands only in the folder's name, and it is not there: period unknown")
    return Parsed({"posts": posts, "post_metrics": metrics}, cells.rejects, sheet.rows_in, exported, warnings)


def parse_chart(sheet: Sheet, context: Context) -> Parsed:
    """Return one metric per video and day (the top videos only); a weekly or monthly file is refused as daily."""
    cells, exported = sheet.cells, _exported_at(context)
    whose(context, PLATFORM)
    days, post_id, values = _days(cells, context), cells.identifier("post_id", shape=VIDEO_ID), _values(cells)
    metrics = accepted(sheet, {
        "platform": "youtube", "post_id": post_id, "metric_window": "day", "period_start": days, "period_end": days,
        "snapshot_at": exported, **values,
    })  # fmt: skip
    return Parsed({"post_metrics": metrics}, cells.rejects, sheet.rows_in, exported)


def parse_totals(sheet: Sheet, context: Context) -> Parsed:
    """Return one metric of the channel per day; a weekly or monthly file is refused as daily."""
    cells, account, exported = sheet.cells, whose(context, PLATFORM), _exported_at(context)
    days = _days(cells, context)
    names = {"follows": "followers_gained"}
    values = {names.get(name, name): series for name, series in _values(cells).items()}
    kept = {name: series for name, series in values.items() if name in ("views", "likes", "comments", "shares",
            "impressions", "new_viewers", "followers_gained")}  # fmt: skip
    if not kept:
        raise ImportRefused(
            "no daily metric fanops keeps", file=context.export.label, value=", ".join(sheet.header[1:])
        )
    daily = accepted(sheet, {"platform": "youtube", "account_id": account_key(account), "date_day": days, **kept})
    negative = sum(int((series < 0).sum()) for series in kept.values())
    warnings = [f"{counted(negative, 'day')} below zero: YouTube corrected earlier counts; kept"] if negative else []
    return Parsed({"account_daily": daily}, cells.rejects, sheet.rows_in, exported, warnings)


def _find_totals(grid: Grid) -> Sheet | None:
    """A Totals file has nothing but a date and one metric, as other tools' files have: its name or folder must be ours.

    A metric that only YouTube calls so proves it too.
    """
    header = find_header(grid, TOTALS, {"date"})
    if not header or not len(header[1]) == len(grid.rows[header[0]]) == 2:
        return None
    own = set(header[1].values()) & {"watch_time_hours", "impressions_ctr", "average_view_duration"}
    ours = any(FOLDER_RANGE.search(part) for part in grid.parts) or TOTALS_NAME.match(
        grid.parts[-1] if grid.parts else ""
    )
    return sheet_at(grid, header) if own or ours else None


SOURCES = (
    Source("youtube", "chart", PLATFORM, CHART, frozenset({"date", "post_id", "publish_day"}), parse_chart),
    Source("youtube", "table", PLATFORM, TABLE, frozenset({"post_id", "post_message", "publish_day"}), parse_table),
    Source("youtube", "totals", PLATFORM, TOTALS, frozenset({"date"}), parse_totals, _find_totals),
)
