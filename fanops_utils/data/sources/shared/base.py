"""What every source shares: how a file is recognised by its header, whose account it is, what parsing yields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

import pandas as pd

from fanops_utils.data.sources.files.reading import HEADER_WITHIN, Export, Grid
from fanops_utils.data.sources.shared.cells import Cells, Reject
from fanops_utils.data.sources.shared.numbers import TYPED
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace import Account, Brand, Workspace

AFTER_RANGE = re.compile(r"\d{4}-\d{2}-\d{2}_\d{4}-\d{2}-\d{2} (.+)")
Aliases = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Context:
    """What is known about a file besides its bytes."""

    workspace: Workspace
    export: Export
    account: str | None = None
    exported_on: date | None = None
    ages: set[str] = field(default_factory=set, compare=False)  # which clocks were asked for the export's moment

    @property
    def brand(self) -> Brand:
        return self.workspace.brand

    def exported_at(self, *, named: datetime | None = None) -> datetime:
        """Return when the platform wrote the file: as told, else as its name says, else its modification time."""
        if self.exported_on:
            return datetime.combine(self.exported_on, time(23, 59, 59), UTC)
        if named:
            self.ages.add("export")
        return named or self.export.modified


@dataclass(frozen=True)
class Sheet:
    """One table of a file: canonical field names over text cells, one line per record."""

    cells: Cells
    header: list[str]
    preamble: list[list[str]]
    grid: Grid

    @property
    def unread(self) -> tuple[str, ...]:
        """Titles of the columns that no field is read from."""
        read = set(self.cells.names.values())
        return tuple(dict.fromkeys(title for title in self.header if title and title not in read))

    @property
    def records(self) -> list[list[str]]:
        """Whole rows below the header, those that were split off included."""
        return [row for row in self.grid.rows[len(self.preamble) + 1 :] if any(cell.strip() for cell in row)]

    @property
    def rows_in(self) -> int:
        return len(self.cells.frame)

    def only(self, keep: pd.Series) -> Sheet:
        """Return the sheet with the records where *keep* holds, under their numbers; totals rows are no records."""
        frame = self.cells.frame[keep.fillna(value=False).astype(bool)]
        rejects = [reject for reject in self.cells.rejects if reject.row in frame.index]
        return replace(self, cells=Cells(frame, self.cells.names, rejects, self.cells.numbers))


@dataclass
class Parsed:
    """What a file holds, in canonical tables; every frame carries `source_row`."""

    tables: dict[str, pd.DataFrame]
    rejects: list[Reject]
    rows_in: int
    exported_at: datetime
    warnings: list[str] = field(default_factory=list)
    age_from: str = ""  # how exported_at is known: told, the file itself (its name, its content), or its date on disk
    unread: tuple[str, ...] = ()  # columns of the file that nothing was read from


@dataclass(frozen=True)
class Source:
    """One report of one platform: its headers in every spelling known, and how to parse it."""

    name: str
    report_type: str
    platforms: tuple[str, ...]
    aliases: Aliases
    required: frozenset[str]
    parse: Callable[[Sheet, Context], Parsed]
    find: Callable[[Grid], Sheet | None] | None = None
    ragged: bool = False  # the platform itself leaves empty cells off the end of a line
    mends_quotes: bool = False  # reads files whose quotation marks the platform did not double
    # A header that other tools write too is no proof: then the file must have no column beside these, and its name, its
    # folder or its archive must be the platform's.
    named: re.Pattern[str] | None = None
    also: tuple[str, ...] = ()
    in_blocks: str = ""  # a large file may be read in blocks; neighbours with one value in this column stay together
    all_quoted: bool = False  # proved by its bytes as well: every cell quoted, no line break at the end

    def recognise(self, grid: Grid) -> Sheet | None:
        """Return the sheet where *grid* is this report, else None."""
        if self.find:
            return self.find(grid)
        header = find_header(grid, self.aliases, self.required)
        if header and self.named and not self._is_proved(grid, *header):
            return None
        return sheet_at(grid, header, ragged=self.ragged)

    def _is_proved(self, grid: Grid, number: int, names: dict[int, str]) -> bool:
        ours = {fold(spelling) for spelling in self.also}
        others = [fold(cell) for place, cell in enumerate(grid.rows[number]) if place not in names and cell.strip()]
        if set(others) - ours:
            return False
        assert self.named
        by_bytes = self.all_quoted and _is_all_quoted(grid.text)
        return bool(set(others) & ours) or by_bytes or any(self.named.search(part) for part in grid.parts)


def _is_all_quoted(text: str) -> bool:
    lines = text.removeprefix("\ufeff").split("\n")
    return all(line.startswith('"') and line.rstrip("\r").endswith('"') for line in lines)


@lru_cache(maxsize=2**16)
def fold(text: str) -> str:
    """Return a header cell as it is compared: without case, width, quotes, invisible marks and surplus space.

    >>> fold("\u200e Post\u00a0ID\u200b"), fold("\uff30ost  id")
    ('post id', 'post id')
    """
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return " ".join(visible.replace("’", "'").strip().strip("\"'").casefold().split())


def find_header(grid: Grid, aliases: Aliases, required: Iterable[str]) -> tuple[int, dict[int, str]] | None:
    """Return the row number of the header and the canonical name of each column; None where required ones lack."""
    known = {fold(spelling): name for name, spellings in aliases.items() for spelling in spellings}
    for number, row in enumerate(grid.rows[:HEADER_WITHIN]):
        names = {position: known[fold(cell)] for position, cell in enumerate(row) if fold(cell) in known}
        if set(required) <= set(names.values()):
            return number, names
    return None


def sheet_at(grid: Grid, header: tuple[int, dict[int, str]] | None, *, ragged: bool = False) -> Sheet | None:
    """Return the records below *header*; blank lines are no records.

    Cells beyond the header reject their record; so do missing ones, unless the report is *ragged*: there they are
    empty. Raises ImportRefused where two columns are the same field.
    """
    if header is None:
        return None
    number, names = header
    titles = [cell.strip().strip("\ufeff") for cell in grid.rows[number]]
    _refuse_twins(names, titles, grid)
    rows = [row for row in grid.rows[number + 1 :] if any(cell.strip() for cell in row)]
    cells = cells_of(rows, {name: position for position, name in names.items()}, titles)
    cells.numbers.typed = grid.encoding in TYPED
    unread = {title: place for place, title in enumerate(titles) if title and place not in names}
    cells.numbers.beside = lambda: cells_of(rows, unread, titles).frame
    cells.rejects += headers_again(rows, titles, grid)
    if not ragged:
        short = [record for record, row in enumerate(rows, start=1) if len(row) < len(titles)]
        reason = "cells are missing at the end of the record: the line is cut, or a delimiter is lost"
        cells.rejects += [Reject(record, titles[-1], "", reason) for record in short]
    return Sheet(cells, titles, grid.rows[:number], grid)


def headers_again(rows: list[list[str]], titles: list[str], grid: Grid) -> list[Reject]:
    """Return a reject for each of *rows* that is the header again, as where two exports were pasted into one file.

    Raises ImportRefused where it names its columns in another order, or others: what stands below is another table.
    """
    known = {title for title in titles if title}
    found = []
    for record, row in enumerate(rows, start=1):
        if row[0].strip().strip("\ufeff") not in known:
            continue
        cells = [cell.strip().strip("\ufeff") for cell in row]
        cells += [""] * (len(titles) - len(cells))
        if sum(cell in known for cell in cells) < max(2, 0.6 * len(known)):
            continue
        if cells[: len(titles)] != titles or any(cells[len(titles) :]):
            problem = f"below record {record - 1} stands another table, with its columns in another order"
            raise ImportRefused(problem, file=grid.label or None, hint="Import each of the two by itself")
        found.append(Reject(record, titles[0], "", "the header again: two exports stand in this file"))
    return found


def _refuse_twins(names: dict[int, str], titles: list[str], grid: Grid) -> None:
    seen: dict[str, int] = {}
    for position, name in names.items():
        if name in seen:
            twins = f"{titles[seen[name]]}, {titles[position]}"
            raise ImportRefused("two columns mean the same: delete one", file=grid.label or None, value=twins)
        seen[name] = position


def cells_of(rows: list[list[str]], positions: dict[str, int], titles: list[str]) -> Cells:
    """Return the *rows* as Cells with a column per entry of *positions* (canonical name to column number)."""
    index = pd.RangeIndex(1, len(rows) + 1, name="source_row")
    columns: dict[str, Any] = {
        name: [row[position] if position < len(row) else "" for row in rows] for name, position in positions.items()
    }
    cells = Cells(pd.DataFrame(columns, index=index, dtype="string"), {n: titles[p] for n, p in positions.items()})
    for record, row in enumerate(rows, start=1):
        if any(cell.strip() for cell in row[len(titles) :]):
            reason = f"{len(row)} cells under {len(titles)} headers: a comma or quote is misplaced"
            cells.rejects.append(Reject(record, titles[-1], "", reason))  # the row may hold names: it is not kept
    return cells


def accepted(sheet: Sheet, columns: dict[str, Any], *, drop: pd.Series | None = None) -> pd.DataFrame:
    """Return *columns* as a frame of the records that nothing rejected, with `source_row`."""
    frame = pd.DataFrame(columns, index=sheet.cells.frame.index)
    bad = {reject.row for reject in sheet.cells.rejects}
    keep = ~frame.index.isin(bad)
    if drop is not None:
        keep &= ~drop.fillna(value=False).to_numpy(dtype=bool)
    return frame[keep].reset_index(names="source_row")


def whose(context: Context, platforms: Iterable[str], *, named: Iterable[str] = ()) -> Account:
    """Return the account a file belongs to.

    The order of evidence: `--account`, an id or handle the file itself names, a folder named like the account,
    the brand's only account on the platform. Raises ImportRefused where none of them decides.
    """
    candidates = [account for account in context.brand.accounts if account.platform in set(platforms)]
    label, handles = context.export.label, [account.handle for account in candidates]
    if not candidates:
        hint = f"Add it to brand.yml under accounts: {{platform: {next(iter(platforms))}, handle: …, market: …}}"
        raise ImportRefused("brand.yml has no account on this platform", file=label, hint=hint)
    if context.account:
        found = [account for account in candidates if context.account in (account.handle, account.id)]
        if not found:
            raise ImportRefused("unknown account", file=label, value=context.account, choices=handles)
        return found[0]
    for evidence in (set(named), set(context.export.parts[:-1]), _words(context.export)):
        found = [account for account in candidates if {account.handle, account.id} & evidence]
        if len(found) > 1:
            found = [account for account in found if account.platform in evidence] or found
        if len(found) == 1:
            return found[0]
    if len(candidates) == 1 and not set(named):
        return candidates[0]
    if strange := sorted(set(named)):
        raise ImportRefused(
            "the file names an account that brand.yml does not", file=label, value=strange[0], choices=handles
        )
    hint = f"Put it in a folder named after the account ({', '.join(handles[:3])}, …) or pass --account"
    raise ImportRefused("the file does not say whose account it is", file=label, hint=hint)


def _words(export: Export) -> set[str]:
    """Handles in names such as Overview_2025-11-06_1767682800_demo_brand.zip, Content 2026-09-12_2026-10-01 demo."""
    words: set[str] = set()
    for part in export.parts:
        stem = part.removesuffix(".zip").split("_")
        words |= {"_".join(stem[start:]) for start in range(1, len(stem))}
        words |= {found.group(1) for found in [AFTER_RANGE.search(part)] if found}
    return words


def account_key(account: Account) -> str:
    """Return what `account_id` holds for *account*: its id, or the handle where it has none."""
    return account.id or account.handle
