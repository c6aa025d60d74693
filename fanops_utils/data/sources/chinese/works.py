"""What the three Chinese platforms share: times in UTC+8, durations with units, works that have no id, two tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import pandas as pd

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.owners import account_key, whose
from fanops_utils.data.sources.shared.sheet import Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed

ZONE = "Asia/Shanghai"
TOTALS = ("累计", "合计", "总计", "汇总")
PRINTED = re.compile(
    r"(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?(?:[ T]*(\d{1,2})[时:](\d{1,2})(?:[分:](\d{1,2})秒?)?分?)?"
)
DURATION = re.compile(
    r"(?:(\d+)\s*(?:小时|时|h))?\s*(?:(\d+)\s*(?:分钟|分|min|m(?!s)))?\s*(?:(\d+(?:\.\d+)?)\s*(?:秒|s)?)?",
    re.IGNORECASE,
)
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2})")


def published(cells: Cells, column: str) -> tuple[pd.Series, pd.Series]:
    """Return time of publication in UTC and its precision; *column* prints China's time, with or without the hour.

    A day without an hour stays that day, at midnight UTC.
    """
    values = cells.raw(column)
    parts = values.str.extract(f"^{PRINTED.pattern}$").astype("Float64")
    parts.columns = pd.Index(["year", "month", "day", "hour", "minute", "second"])
    timed = parts["hour"].notna()
    if (parts.loc[timed, ["hour", "minute", "second"]].fillna(0) == 0).all(axis=None):
        timed &= False  # a workbook puts midnight after every day
    naive = pd.to_datetime(parts.fillna({"hour": 0, "minute": 0, "second": 0}).astype("float64"), errors="coerce")
    cells.reject(column, values.notna() & naive.isna(), "not a date and time like 2026-07-20 10:00:00")
    local = naive.dt.tz_localize(ZONE, ambiguous=True, nonexistent="shift_forward").dt.tz_convert("UTC")
    found = local.where(timed, naive.dt.tz_localize("UTC")).astype("datetime64[us, UTC]")
    precision = pd.Series("day", index=values.index, dtype="string").mask(timed, "minute").mask(found.isna())
    return found, precision


def works(
    sheet: Sheet,
    context: Context,
    platform: str,
    *,
    post_id: pd.Series,
    kind: pd.Series | str,
    created: tuple[pd.Series, pd.Series],
    counts: Mapping[str, pd.Series],
    rates: Mapping[str, pd.Series],
) -> Parsed:
    """Return posts and their lifetime metrics from a list of works; *created* is what `published` returns.

    *counts* and *rates* are columns of table post_metrics. Warns where the platform shortened numbers.
    """
    cells, account, exported = sheet.cells, whose(context, (platform,)), context.exported_at()
    watched, same = seconds(cells, "average_view_duration"), {"platform": platform, "post_id": post_id}
    posts = accepted(sheet, {
        **same, "account_id": account_key(account), "post_message": cells.text("post_message"), "post_type": kind,
        "created_timestamp": created[0], "created_precision": created[1], "created_source": "export",
        "tz_source": "assumed", "is_collab": False, "is_reply": False,
    })  # fmt: skip
    metrics = accepted(sheet, {
        **same, "metric_window": "lifetime", "snapshot_at": exported, **counts, **rates,
        "average_view_duration_seconds": watched,
    })  # fmt: skip
    warnings = rounded(cells, tuple(counts))
    return Parsed({"posts": posts, "post_metrics": metrics}, cells.rejects, sheet.rows_in, exported, warnings)


def seconds(cells: Cells, column: str) -> pd.Series:
    """Return *column*, a duration such as 14.2, 12秒, 1分12秒 or 01:12, in seconds."""
    return cells.apply(column, duration, "not a duration like 12秒").astype("Float64")


def duration(text: str) -> float | None:
    """Return a printed duration in seconds; None where it cannot be read.

    >>> duration("14.2"), duration("1分12秒"), duration("01:12"), duration("long")
    (14.2, 72.0, 72.0, None)
    """
    if found := CLOCK.fullmatch(text):
        hours, minutes, rest = (int(part or 0) for part in found.groups())
        return float(hours * 3600 + minutes * 60 + rest)
    units = DURATION.fullmatch(text)
    if not units or not any(units.groups()):
        return None
    hours, minutes = (int(part or 0) for part in units.groups()[:2])
    return hours * 3600 + minutes * 60 + float(units.group(3) or 0)


def work_key(title: pd.Series, created: pd.Series, kind: pd.Series) -> pd.Series:
    """Return an id for works that have none: the hash of title, time and genre. It changes when the title is edited."""
    texts = pd.DataFrame({"title": title, "created": created.dt.strftime("%Y%m%d%H%M%S"), "kind": kind})
    texts = texts.fillna("").astype(str)
    keys = [hashlib.sha256("\x1f".join(row).encode()).hexdigest()[:20] for row in texts.itertuples(index=False)]
    return pd.Series(keys, index=texts.index, dtype="string")


def without_totals(sheet: Sheet, column: str) -> tuple[Sheet, pd.DataFrame]:
    """Return the sheet without the rows that add the others up, and those rows."""
    frame = sheet.cells.frame
    summing = frame[column].str.strip().str.startswith(TOTALS).fillna(value=False) & frame["created"].str.strip().isin(
        ["", "-"]
    )
    if not summing.any():
        return sheet, frame[summing]
    return sheet.only(~summing), frame[summing]


def checked_totals(sheet: Sheet, totals: pd.DataFrame, values: dict[str, pd.Series]) -> list[str]:
    """Return a warning where *values* do not add up to the file's own totals row; rounded totals may be 1 % off."""
    off = []
    for _, total in totals.head(1).iterrows():
        printed = Cells(pd.DataFrame([total]), sheet.cells.names, numbers=sheet.cells.numbers)
        for name, series in values.items():
            stated = printed.large(name).iloc[0] if printed.has(name) else pd.NA
            if pd.notna(stated) and abs(int(series.sum()) - int(stated)) > 0.01 * abs(int(stated)):
                off.append(f"{sheet.cells.names[name]} {int(series.sum()):,} of {int(stated):,}")
    return [f"the works listed do not add up to the totals row ({'; '.join(off)}): the list is cut"] if off else []


def rounded(cells: Cells, columns: tuple[str, ...]) -> list[str]:
    """Return a warning where the platform shortened numbers (1.2万): they are exact to their last digit only."""
    found = sum(int(cells.raw(name).str.contains(r"[kmw万萬亿億]\+?$", case=False).sum()) for name in columns)
    return [f"{found} numbers are rounded by the platform (such as 1.2万)"] if found else []
