"""Reports of which the spellings of their columns are nearly all there is to know: a table of them is the reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from fanops_utils.data.columns import UTC
from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.schema import TABLES
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.clocks import localized, sensible
from fanops_utils.data.sources.shared.ids import is_total
from fanops_utils.data.sources.shared.owners import account_key, whose
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.workspace import Account

CODES = {"market", "country", "discount_code", "code", "sku", "currency", "language"}  # NA and NONE are codes there


@dataclass(frozen=True)
class Report:
    """A report: its columns under the names of canonical ones, the tables they go into, and what is particular to it.

    `tables` names for each canonical table the columns of it that the file gives; a column that the file lacks is left
    out unless `required`. `derived` makes columns from the cells where one cell is not enough. `platform` is whose
    account in brand.yml the file belongs to; without it the rows belong to none. Times are ISO 8601 or keep to one of
    `formats`, on the clock of `zone`, or of the account's market where that is empty.
    """

    source: str
    report_type: str
    spellings: Aliases
    required: frozenset[str]
    tables: Mapping[str, tuple[str, ...]]
    platform: str = ""
    constants: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, Callable[[Cells, Context], Any]] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    zone: str = "UTC"
    said: tuple[str, ...] = ()
    personal: bool = False  # a cell out of place may hold a name or an address: none is kept beside its reason
    total_in: str = ""  # the column that says "Total" where a row adds the others up
    named: Any = None  # as in Source: for headers that others write too

    def as_source(self) -> Source:
        """Return the report as the registry knows it."""

        def parse(sheet: Sheet, context: Context) -> Parsed:
            return parsed(self, sheet, context)

        platforms = (self.platform,) if self.platform else ()
        return Source(self.source, self.report_type, platforms, self.spellings, self.required, parse, named=self.named)


def parsed(report: Report, sheet: Sheet, context: Context) -> Parsed:
    """Return the canonical tables of *sheet* as *report* describes them; people stand in them under pseudonyms alone."""
    account = whose(context, (report.platform,)) if report.platform else None
    if report.total_in:
        sheet = sheet.only(~is_total(sheet.cells.raw(report.total_in)))
    cells, exported = sheet.cells, context.exported_at()
    given: dict[str, Any] = {"platform": report.platform or None, "snapshot_at": exported, **report.constants}
    if account:
        given["account_id"] = account_key(account)
    people = Pseudonyms.of(context.workspace)
    warnings: list[str] = list(report.said)
    zone = report.zone or _zone_of(account, context, warnings)
    made = {name: make(cells, context) for name, make in report.derived.items()}
    columns: dict[str, dict[str, Any]] = {}
    for table, names in report.tables.items():
        columns[table] = {
            name: made[name] if name in made else given[name] if name in given and not cells.has(name)
            else _column(report, table, name, cells, people, zone)
            for name in names if name in made or name in given or cells.has(name)
        }  # fmt: skip
    tables = {name: accepted(sheet, found) for name, found in columns.items()}
    rejects = [replace(one, value="") for one in cells.rejects] if report.personal else cells.rejects
    return Parsed(tables, rejects, sheet.rows_in, exported, warnings)


def _zone_of(account: Account | None, context: Context, warnings: list[str]) -> str:
    market = next((one for one in context.brand.markets if account and one.code == account.market), None)
    zone = market.time_zone if market else "UTC"
    warnings.append(f"the file does not say on whose clock its times are: read as those of {zone}")
    return zone


def _column(report: Report, table: str, name: str, cells: Cells, people: Pseudonyms, zone: str) -> pd.Series:
    spec = TABLES[table].columns[name]
    if name.endswith("_key"):
        return people.keys(cells.required(name).str.casefold() if spec.required else cells.raw(name).str.casefold())
    if spec.dtype == UTC:
        return moments(cells, name, report.formats, zone, required=spec.required)
    if str(spec.dtype).startswith("datetime64"):
        return days(cells, name, report.formats, required=spec.required)
    if name.endswith("_id"):
        return cells.identifier(name) if spec.required else cells.optional_id(name)
    readers = {"Int64": cells.count, "Float64": cells.number, "boolean": cells.flag}
    if reader := readers.get(str(spec.dtype)):
        return reader(name)
    found = cells.code(name) if name in CODES else cells.text(name)
    if spec.required:
        cells.reject(name, found.isna(), "the cell is empty")
    return found


def moments(cells: Cells, name: str, formats: tuple[str, ...], zone: str, *, required: bool) -> pd.Series:
    """Return the times of column *name* in UTC: in one of *formats*, or ISO 8601; an offset in the cell is kept."""
    values = cells.required(name) if required else cells.raw(name)
    found = pd.Series(pd.NaT, index=values.index, dtype=UTC)
    for pattern in formats:
        naive = sensible(pd.to_datetime(values.where(found.isna()), format=pattern, errors="coerce"))
        found = found.fillna(localized(naive, zone)[0])
    rest = cells._with(name, values.where(found.isna()))
    return found.fillna(rest.iso_time(name, zone))


def days(cells: Cells, name: str, formats: tuple[str, ...], *, required: bool) -> pd.Series:
    """Return the days of column *name*: in one of *formats*, or ISO 8601."""
    values = cells.required(name) if required else cells.raw(name)
    found = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    for pattern in formats:
        told = pd.to_datetime(values.where(found.isna()), format=pattern, errors="coerce")
        found = found.fillna(sensible(told).astype("datetime64[us]"))
    return found.fillna(cells._with(name, values.where(found.isna())).iso_day(name))
