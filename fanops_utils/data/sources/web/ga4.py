"""Google Analytics 4: reports and explorations as CSV, with lines of `#` above one or more tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd

from fanops_utils.data.sources.files.reading import Grid
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.ids import is_total
from fanops_utils.data.sources.shared.owners import whose
from fanops_utils.data.sources.shared.sheet import Sheet, accepted, cells_of
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.web.ga4_tables import COUNTS, NUMBERS, Block, blocks_of, preamble_of
from fanops_utils.errors import ImportRefused, counted

PLATFORM = ("web",)
SPLITS = ("channel_group", "source", "medium", "campaign", "country", "page_path")
ADDITIVE = ("sessions", "engaged_sessions", "views", "event_count", "key_events", "total_revenue")
KEY = ("date_day", "period_start", *SPLITS)
HINT = "Export a report by day (dimension Date), or by channel, source, campaign, country or page over a period"


def find_file(grid: Grid) -> Sheet | None:
    """Return the file as one sheet where it begins like one of Google Analytics, else None; tables are told apart later."""
    if preamble_of(grid) is None:
        return None
    rows = [row for block in blocks_of(grid) for _, row in block.records]
    return Sheet(cells_of(rows, {}, [""] * max((len(row) for row in rows), default=0)), [], [], grid)


def parse_file(sheet: Sheet, context: Context) -> Parsed:
    """Return visits per day, or per period where a table has no days; each table is held against its Grand total.

    A table that fanops has no place for is named in a warning; raises ImportRefused where no other is left.
    """
    said = preamble_of(sheet.grid)
    blocks = list(blocks_of(sheet.grid))
    refused = [(block, why) for block in blocks if (why := block.refusal())]
    read = [block for block in blocks if not block.refusal()]
    if not read:
        what = refused[0][1] if refused else "it holds no table"
        raise ImportRefused(f"no table of visits per day or period: {what}", file=context.export.label, hint=HINT)
    name = said.name if said and said.name else whose(context, PLATFORM).handle
    parts = [_parse_block(block, sheet.grid, name) for block in read]
    whole = Parsed({}, [], 0, context.exported_at())
    for block, why in refused:
        whole.warnings.append(f"the table '{block.title}' ({counted(len(block.records), 'row')}) is not read: {why}")
    for frame, cells, rows, warnings in parts:
        whole.rejects += cells.rejects
        whole.rows_in += rows
        whole.warnings += warnings
        whole.tables["web_daily"] = (
            pd.concat([whole.tables["web_daily"], frame], ignore_index=True) if whole.tables else frame
        )
    whole.tables["web_daily"] = _joined(whole.tables["web_daily"], several=len(parts) > 1)
    return whole


def _parse_block(block: Block, grid: Grid, name: str) -> tuple[pd.DataFrame, Cells, int, list[str]]:
    cells = _cells(block)
    part = Sheet(cells, block.header, [], grid)
    values: dict[str, Any] = {one: cells.count(one) for one in COUNTS if cells.has(one)}
    values |= {one: cells.number(one) for one in NUMBERS if cells.has(one)}
    splits = {one: cells.text(one) for one in SPLITS if cells.has(one)}
    if cells.has("source_medium"):
        pair = cells.text("source_medium").str.split(" / ", n=1, expand=True).reindex(columns=[0, 1])
        splits |= {"source": pair[0], "medium": pair[1]}
    days = _days(block, cells)
    window = {"metric_window": "day", "date_day": days} if days is not None else {
        "metric_window": "period", "period_start": pd.Timestamp(str(block.start)), "period_end": pd.Timestamp(str(block.end)),
    }  # fmt: skip
    key = pd.DataFrame({**splits, "day": days if days is not None else ""}, index=cells.frame.index).astype("string")
    twins = key.fillna("").duplicated(keep=False) & ~cells.frame.duplicated(keep=False)
    for one in splits:
        cells.reject(one, is_total(cells.raw(one)), "a row that adds others up, not a record")
    cells.reject(next(iter(cells.names)), twins, "several records for one day and split: which is right is not known")
    frame = accepted(part, {"property": name, **window, **splits, **values})
    return frame, cells, part.rows_in, _total_warnings(block, cells, values)


def _cells(block: Block) -> Cells:
    """Return the records under their numbers in the file; a record with more or fewer cells than headers is rejected."""
    cells = cells_of([row for _, row in block.records], block.names, block.header)
    short = pd.Series([len(row) < len(block.header) for _, row in block.records], index=cells.frame.index, dtype=bool)
    cells.reject(next(iter(block.names)), short, "cells are missing at the end of the record: the line is cut")
    offset = block.records[0][0] - 1 if block.records else 0
    numbers = [place for place, _ in block.records]
    renumbered = dict(enumerate(numbers, start=1))
    cells.frame.index = pd.Index(numbers, name="source_row", dtype="int64")
    cells.rejects[:] = [type(one)(renumbered.get(one.row, one.row + offset), one.column, one.value, one.reason)
                        for one in cells.rejects]  # fmt: skip
    return cells


def _days(block: Block, cells: Cells) -> pd.Series | None:
    """Return the days of a table that has them: dates such as 20260826, or days counted from the start (0000 is it)."""
    if cells.has("date"):
        compact = cells.required("date").str.replace("-", "", regex=False)
        found = pd.to_datetime(compact.where(compact.str.fullmatch("[0-9]{8}")), format="%Y%m%d", errors="coerce")
        cells.reject("date", cells.raw("date").notna() & found.isna(), "not a day like 20260826")
        return found.astype("datetime64[us]")
    if cells.has("nth_day") and block.start is not None:
        cells.required("nth_day")
        after = cells.count("nth_day")
        first = block.start
        days = [None if pd.isna(one) else first + timedelta(days=int(one)) for one in after]
        return pd.Series(days, index=after.index, dtype="datetime64[us]")
    return None


def _total_warnings(block: Block, cells: Cells, values: dict[str, Any]) -> list[str]:
    if block.total is None:
        return []
    off = []
    for name in (one for one in ADDITIVE if one in values):
        stated = pd.to_numeric(block.total[block.names[name]].replace(",", ""), errors="coerce")
        if pd.notna(stated) and abs(float(values[name].sum()) - stated) > 1e-6 * max(1.0, abs(stated)):
            off.append(f"{cells.names[name]} {values[name].sum():,.10g} of {stated:,.10g}")
    return [f"the rows do not add up to the Grand total ({'; '.join(off)}): the list is cut"] if off else []


def _joined(frame: pd.DataFrame, *, several: bool) -> pd.DataFrame:
    """Return one row per day and split: tables of one file may each hold another metric of the same day."""
    if not several:
        return frame
    key = [name for name in ("property", "metric_window", "period_end", *KEY) if name in frame]
    facts = [name for name in frame.columns if name not in key]
    ordered = frame.sort_values("source_row")
    return ordered.groupby(key, dropna=False, sort=False)[facts].first().reset_index()


SOURCES = (Source("ga4", "web", PLATFORM, {}, frozenset(), parse_file, find_file),)
