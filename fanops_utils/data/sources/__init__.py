"""One module per platform: recognise an export by its bytes and headers, and parse it into canonical tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fanops_utils.data.sources import instagram, shopify, tiktok, youtube
from fanops_utils.data.sources.base import Context, Parsed, Source
from fanops_utils.data.sources.mapping import Fit, Mapping, fit, parse_mapped
from fanops_utils.data.sources.reading import Grid, read_grid
from fanops_utils.errors import ImportRefused

SOURCES: tuple[Source, ...] = (*instagram.SOURCES, *tiktok.SOURCES, *youtube.SOURCES, *shopify.SOURCES)


@dataclass(frozen=True)
class Reading:
    """A parsed file and what it was recognised as."""

    source: str
    report_type: str
    parsed: Parsed


def read_export(context: Context, mappings: Iterable[Mapping], *, forced: Mapping | None = None) -> Reading:
    """Recognise and parse the file of *context*: by *forced*, else as a known report, else by a fitting mapping.

    Raises ImportRefused where nothing fits, naming what the nearest mapping misses.
    """
    grid = read_grid(context.export)
    if not grid.rows:
        raise ImportRefused("the file is empty", file=context.export.label)
    if forced is None:
        for source in SOURCES:
            if sheet := source.recognise(grid):
                return Reading(source.name, source.report_type, _warned(source.parse(sheet, context), grid))
    fits = [fit(mapping, grid) for mapping in ([forced] if forced else mappings)]
    for found in sorted(fits, key=lambda one: -len(one.mapping.headers)):
        if found.sheet:
            parsed = parse_mapped(found.mapping, found.sheet, context)
            return Reading("mapping", found.mapping.name, _warned(parsed, grid))
    raise _unrecognised(context, grid, fits)


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
