"""All reports fanops knows: a file is read as the first that recognises it, else by a mapping that fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from fanops_utils.data.sources.ads import meta_ads, tiktok_ads
from fanops_utils.data.sources.chinese import douyin, wechat, xiaohongshu
from fanops_utils.data.sources.files.reading import Grid, sheets_of
from fanops_utils.data.sources.mapping import Fit, Mapping, fit, parse_mapped
from fanops_utils.data.sources.shared.base import Context, Parsed, Source
from fanops_utils.data.sources.social import (
    discord,
    facebook,
    instagram,
    linkedin,
    linkedin_personal,
    meta_daily,
    sprout,
    tiktok,
    x,
    x_legacy,
    youtube,
)
from fanops_utils.data.sources.web import ga4, shopify
from fanops_utils.errors import ImportRefused

SOURCES: tuple[Source, ...] = (
    *ga4.SOURCES, *meta_ads.SOURCES, *tiktok_ads.SOURCES, *xiaohongshu.SOURCES, *douyin.SOURCES, *wechat.SOURCES,
    *instagram.SOURCES, *meta_daily.SOURCES, *facebook.SOURCES, *x.SOURCES, *x_legacy.SOURCES, *linkedin.SOURCES,
    *linkedin_personal.SOURCES, *discord.SOURCES, *sprout.SOURCES, *tiktok.SOURCES, *youtube.SOURCES, *shopify.SOURCES,
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A parsed file and what it was recognised as."""

    source: str
    report_type: str
    parsed: Parsed


def read_export(context: Context, mappings: Iterable[Mapping], *, forced: Mapping | None = None) -> Reading:
    """Recognise and parse the file of *context*: by *forced*, else as a known report, else by a fitting mapping.

    Every sheet of a workbook is tried; what the recognised ones hold is one reading, its records numbered through, and
    the others are named in a warning. Raises ImportRefused where nothing fits, naming what the nearest mapping misses.
    """
    grids = [grid for grid in sheets_of(context.export) if any(cell.strip() for row in grid.rows for cell in row)]
    if not grids:
        raise ImportRefused("the file is empty", file=context.export.label)
    listed = [forced] if forced else list(mappings)
    known = [] if forced else [(grid, reading) for grid in grids if (reading := _as_known(grid, context))]
    found = known or [(grid, reading) for grid in grids if (reading := _as_mapped(grid, context, listed))]
    if not found:
        fits = [fit(mapping, grid) for mapping in listed for grid in grids]
        raise _unrecognised(context, max(grids, key=lambda grid: len(grid.rows)), fits)
    reading = _merged([reading for _, reading in found])
    read = {grid.name for grid, _ in found}
    reading.parsed.warnings.extend(
        f"the sheet '{grid.name}' is no report fanops knows: not read" for grid in grids if grid.name not in read
    )
    return reading


def _as_known(grid: Grid, context: Context) -> Reading | None:
    for source in SOURCES:
        if sheet := source.recognise(grid):
            if grid.damage and not source.mends_quotes:
                raise ImportRefused(grid.damage, file=context.export.label, hint="Export the file again")
            reading = Reading(source.name, source.report_type, _warned(source.parse(sheet, context), grid))
            if grid.text and not source.ragged and not grid.text.endswith(("\n", "\r", '"')):
                reading.parsed.warnings.append("the file does not end with a line break: its last record may be cut")
            return reading
    return None


def _as_mapped(grid: Grid, context: Context, mappings: list[Mapping]) -> Reading | None:
    for found in sorted((fit(mapping, grid) for mapping in mappings), key=lambda one: -len(one.mapping.headers)):
        if found.sheet:
            if grid.damage:
                raise ImportRefused(grid.damage, file=context.export.label)
            parsed = parse_mapped(found.mapping, found.sheet, context)
            return Reading("mapping", found.mapping.name, _warned(parsed, grid))
    return None


def _merged(readings: list[Reading]) -> Reading:
    """Return *readings* of the sheets of one file as one: their records numbered through, their tables joined."""
    if len(readings) == 1:
        return readings[0]
    tables: dict[str, list[pd.DataFrame]] = {}
    whole = Parsed({}, [], 0, max(one.parsed.exported_at for one in readings))
    before = 0
    for one in readings:
        rows = [one.parsed.rows_in, *(reject.row for reject in one.parsed.rejects)]
        for name, frame in one.parsed.tables.items():
            tables.setdefault(name, []).append(frame.assign(source_row=frame["source_row"] + before))
            rows += [int(frame["source_row"].max())] if len(frame) else []
        whole.rejects += [replace(reject, row=reject.row + before) for reject in one.parsed.rejects]
        whole.warnings += [said for said in one.parsed.warnings if said not in whole.warnings]
        whole.rows_in += one.parsed.rows_in
        before += max(rows)
    whole.tables = {name: pd.concat(frames, ignore_index=True) for name, frames in tables.items()}
    reports = ", ".join(dict.fromkeys(one.report_type for one in readings))
    return Reading(readings[0].source, reports, whole)


def _warned(parsed: Parsed, grid: Grid) -> Parsed:
    parsed.warnings[:0] = grid.warnings
    return parsed


def _unrecognised(context: Context, grid: Grid, fits: list[Fit]) -> ImportRefused:
    label = context.export.label
    partial = [one for one in fits if len(one.missing) < len(one.mapping.headers)]
    if partial:
        nearest = min(partial, key=lambda one: len(one.missing))
        lacks = ", ".join(f"'{name}'" for name in nearest.missing)
        return ImportRefused(f"the mapping '{nearest.mapping.name}' is nearest, but the file lacks {lacks}", file=label)
    header = ", ".join(cell for cell in max(grid.rows[:15], key=len) if cell.strip())
    known = ", ".join(sorted({f"{source.name} {source.report_type}" for source in SOURCES}))
    hint = f"Known reports: {known}. For anything else write a mapping: mappings/<name>.yml in the workspace"
    return ImportRefused("no report fanops knows and no mapping fits its columns", file=label, value=header, hint=hint)
