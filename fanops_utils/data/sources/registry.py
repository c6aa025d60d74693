"""All reports fanops knows: a file is read as the first that recognises it, else by a mapping that fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from fanops_utils.data.sources.ads import google_ads, meta_ads, tiktok_ads
from fanops_utils.data.sources.chinese import douyin, wechat, xiaohongshu
from fanops_utils.data.sources.files.reading import HEADER_WITHIN, Grid, sheets_of
from fanops_utils.data.sources.mapping.fitting import Fit, fit, unread_by
from fanops_utils.data.sources.mapping.register import Mapping
from fanops_utils.data.sources.mapping.rows import parse_mapped
from fanops_utils.data.sources.shared.sheet import Sheet, fold
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.social import (
    discord,
    facebook,
    instagram,
    line,
    linkedin,
    linkedin_personal,
    meta_daily,
    tiktok,
    twitch,
    x,
    x_legacy,
    youtube,
)
from fanops_utils.data.sources.tools import fivetran, listening, sprout, tone
from fanops_utils.data.sources.web import amazon, ga4, mailings, shopify, stripe, tiktok_shop
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace.kinds import MAPPING

SOURCES: tuple[Source, ...] = (
    *ga4.SOURCES, *meta_ads.SOURCES, *tiktok_ads.SOURCES, *google_ads.SOURCES, *xiaohongshu.SOURCES, *douyin.SOURCES,
    *wechat.SOURCES, *instagram.SOURCES, *meta_daily.SOURCES, *facebook.SOURCES, *x.SOURCES, *x_legacy.SOURCES,
    *linkedin.SOURCES, *linkedin_personal.SOURCES, *discord.SOURCES, *sprout.SOURCES, *tiktok.SOURCES, *youtube.SOURCES,
    *shopify.SOURCES, *tiktok_shop.SOURCES, *amazon.SOURCES, *stripe.SOURCES, *mailings.SOURCES, *listening.SOURCES, *line.SOURCES,
    *twitch.SOURCES, *fivetran.SOURCES, *tone.SOURCES,
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A parsed file and what it was recognised as."""

    source: str
    report_type: str
    parsed: Parsed


def read_export(context: Context, mappings: Iterable[Mapping], *, forced: Mapping | None = None) -> Reading:
    """Recognise and parse the file of *context*: by *forced*, by a mapping of the team, or as a known report.

    Where both fit, the mapping wins unless it names fewer of the columns than the report; either way it is said. Every
    sheet of a workbook is tried; what the recognised ones hold is one reading, its records numbered through, and the
    others are named in a warning. Raises ImportRefused where nothing fits, naming what the nearest mapping misses.
    """
    everything = sheets_of(context.export)
    grids = [grid for grid in everything if any(cell.strip() for row in grid.rows for cell in row)]
    if not grids:
        raise ImportRefused("the file is empty", file=context.export.label)
    listed = [forced] if forced else list(mappings)
    found = [(grid, reading) for grid in grids if (reading := _read(grid, context, listed, forced))]
    if not found:
        fits = [fit(mapping, grid) for mapping in listed for grid in grids]
        raise _unrecognised(context, max(grids, key=lambda grid: len(grid.rows)), fits)
    known = [one for one in found if one[1].source != "mapping"]
    found = known or found  # a sheet that only a mapping fits beside a platform's own is the team's copy of it
    reading = _merged([reading for _, reading in found])
    read = {grid.name for grid, _ in found}
    reading.parsed.warnings.extend(
        f"the sheet '{grid.name}' is no report fanops knows: not read" for grid in grids if grid.name not in read
    )
    reading.parsed.age_from = _age_from(context, reading.parsed)
    return reading


def _read(grid: Grid, context: Context, mappings: list[Mapping], forced: Mapping | None) -> Reading | None:
    mapped = best_fit(mappings, grid)
    known = None if forced else recognised(grid)
    if mapped is None or mapped.sheet is None:
        return _as_known(*known, context) if known else None
    if known is None:
        return _as_mapped(mapped.mapping, mapped.sheet, context)
    source, sheet = known
    by_mapping = wins(mapped.mapping, source, sheet)
    reading = _as_mapped(mapped.mapping, mapped.sheet, context) if by_mapping else _as_known(source, sheet, context)
    both = f"both the mapping '{mapped.mapping.name}' and the report {source.name} {source.report_type} fit"
    reading.parsed.warnings.append(
        f"{both}: read by the mapping" if by_mapping else f"{both}: read as the report, which knows more of its columns "
        "(--mapping reads it by the mapping)"
    )  # fmt: skip
    return reading


def wins(mapping: Mapping, source: Source, sheet: Sheet) -> bool:
    """Return whether *mapping* reads a file that *source* recognises: unless it names fewer columns than that needs."""
    return len(mapping.headers) >= min(len(sheet.cells.names), len(source.required) or len(sheet.cells.names))


def sheet_of(grid: Grid, mappings: Iterable[Mapping]) -> Sheet | None:
    """Return *grid* as the sheet that `read_export` reads; None where nothing fits it."""
    mapped, known = best_fit(mappings, grid), recognised(grid)
    if mapped is None or known is None:
        return mapped.sheet if mapped else known[1] if known else None
    return mapped.sheet if wins(mapped.mapping, *known) else known[1]


def recognised(grid: Grid) -> tuple[Source, Sheet] | None:
    """Return the platform's report that *grid* is, with its records; None where it is none."""
    return next(((source, sheet) for source in SOURCES if (sheet := source.recognise(grid))), None)


def best_fit(mappings: Iterable[Mapping], grid: Grid) -> Fit | None:
    """Return the mapping with the most columns that fits *grid*; None where none does."""
    words = {fold(cell) for row in grid.rows[:HEADER_WITHIN] for cell in row}
    likely = [one for one in mappings if one.database is None and one.headers <= words]
    fits = (fit(one, grid) for one in sorted(likely, key=lambda one: -len(one.headers)))
    return next((one for one in fits if one.sheet), None)


def _age_from(context: Context, parsed: Parsed) -> str:
    if context.exported_on:
        return "told"
    from_disk = parsed.exported_at == context.export.modified and "export" not in context.ages
    return "file date" if from_disk else "export"


def _as_known(source: Source, sheet: Sheet, context: Context) -> Reading:
    grid = sheet.grid
    if grid.damage and not source.mends_quotes:
        raise ImportRefused(grid.damage, file=context.export.label, hint="Export the file again")
    reading = Reading(source.name, source.report_type, _warned(source.parse(sheet, context), sheet))
    if grid.text and not source.ragged and not grid.text.endswith(("\n", "\r", '"')):
        reading.parsed.warnings.append("the file does not end with a line break: its last record may be cut")
    return reading


def _as_mapped(mapping: Mapping, sheet: Sheet, context: Context) -> Reading:
    if sheet.grid.damage:
        raise ImportRefused(sheet.grid.damage, file=context.export.label)
    parsed = _warned(parse_mapped(mapping, sheet, context), sheet)
    parsed.unread = unread_by(mapping, sheet)
    return Reading("mapping", mapping.name, parsed)


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
        whole.unread = tuple(dict.fromkeys([*whole.unread, *one.parsed.unread]))
        before += max(rows)
    whole.tables = {name: pd.concat(frames, ignore_index=True) for name, frames in tables.items()}
    reports = ", ".join(dict.fromkeys(one.report_type for one in readings))
    return Reading(readings[0].source, reports, whole)


def _warned(parsed: Parsed, sheet: Sheet) -> Parsed:
    parsed.warnings[:0] = sheet.grid.warnings
    parsed.warnings += [note for note in sheet.cells.numbers.notes if note not in parsed.warnings]
    parsed.unread = sheet.unread
    return parsed


def _unrecognised(context: Context, grid: Grid, fits: list[Fit]) -> ImportRefused:
    label = context.export.label
    drafted = "fanops map FILE drafts a mapping for it"
    partial = [
        one
        for one in fits
        if len(one.missing) < len(one.mapping.headers) and one.mapping.name != Path(str(MAPPING.example)).stem
    ]
    if partial:
        nearest = min(partial, key=lambda one: len(one.missing))
        lacks = ", ".join(f"'{name}'" for name in nearest.missing)
        problem = f"the mapping '{nearest.mapping.name}' is nearest, but the file lacks {lacks}"
        return ImportRefused(problem, file=label, hint=f"Else {drafted}")
    header = ", ".join(cell for cell in max(grid.rows[:15], key=len) if cell.strip())
    known = ", ".join(sorted({source.name for source in SOURCES}))
    hint = f"{drafted}. Reports are known of: {known}"
    return ImportRefused("no report fanops knows and no mapping fits its columns", file=label, value=header, hint=hint)
