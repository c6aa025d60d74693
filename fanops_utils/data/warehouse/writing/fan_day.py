"""Member events rolled up once, at import: what each member did on each day of their own market."""

# ruff: noqa: S608  (texts pass through engine.quoted)

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as parquet

from fanops_utils.data.parts import NewPart, Part, Parts, TableFiles
from fanops_utils.data.schema import SYSTEM_TABLES
from fanops_utils.data.warehouse.engine import columns, quoted, scan
from fanops_utils.data.warehouse.foreign.rolled import COUNTED

PER_PART = 12_000_000
ORDERED_UP_TO = 1_000_000
TOUCHED = "touched"  # the temporary table of days whose events came or went


def roll_up(events: str) -> str:
    """Return the SQL that counts *events* (SQL of rows of table member_events) per member and day.

    A day takes the market of its acts; where they name several, the first in the alphabet. Its value is null where no
    act had one.
    """
    acts = ", ".join(f"CAST(count_if(event_name = {quoted(act)}) AS BIGINT) AS {name}" for name, act in COUNTED.items())
    return (
        f"SELECT platform, member_key, min(market) AS market, date_day, count(*) AS events, {acts}, "
        f"sum(event_value) AS value FROM ({events}) GROUP BY platform, member_key, date_day"
    )


def count_days(
    engine: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    events: Parts,
    before: TableFiles | None,
    where: Callable[[Part | NewPart], Path],
    is_few: bool = False,
) -> Parts:
    """Return table fan_day as the roll-up of *events*, whose files lie *where* says; what is new is written into *folder*.

    Where *is_few*, only the days in the table TOUCHED are counted again in files of more than ORDERED_UP_TO events, and
    stand at their end; the outcome is the same. Days are divided as the events are. Of the roll-up *before* the import,
    the parts of events that stayed as they were stay too, and so do days that no events are held of any more.
    """
    is_same = before is not None and before.zones is not None and before.zones == events.zones
    there = {(part.first, part.last): part for part in (before.parts if before and is_same else ())}
    parts: list[Part | NewPart] = []
    for number, part in enumerate(events.parts):
        months = (part.first, part.last)
        if isinstance(part, Part) and part.first is not None and months in there:
            parts.append(there[months])
            continue
        earlier = where(there[months]) if is_few and part.first is not None and months in there else None
        parts.append(NewPart(_write(engine, folder / f"fan_day-{number}.merged", where(part), earlier), *months))
    alone = [part for part in there.values() if not any(_overlap(part, one) for one in events.parts)]
    return Parts((*parts, *alone), events.zones)


def _overlap(one: Part | NewPart, other: Part | NewPart) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return True
    return one.first <= other.last and other.first <= one.last


def _write(engine: duckdb.DuckDBPyConnection, target: Path, events: Path, before: Path | None) -> Path:
    """Write the roll-up of the Parquet file *events*, from the roll-up *before* the import where this is less work."""
    size = parquet.read_metadata(events).num_rows
    if before is not None and size > ORDERED_UP_TO:
        query = _again(events, before)
    elif size <= PER_PART:
        query = f"{roll_up(f'SELECT * FROM {scan(events)}')} ORDER BY member_key, platform, date_day"
    else:  # members some at a time, so that memory does not grow with the events
        slices = _parts(1 + size // PER_PART)
        pieces = [target.with_suffix(f".{number}") for number in range(len(slices))]
        for piece, part in zip(pieces, slices, strict=True):
            counted = roll_up(f"SELECT * FROM {scan(events)} WHERE {part}")
            _copy(engine, f"{counted} ORDER BY member_key, platform, date_day", piece)
        query = f"SELECT * FROM {scan(*pieces)}"
    engine.execute("SET preserve_insertion_order = true")
    _copy(engine, query, target)
    engine.execute("SET preserve_insertion_order = false")
    return target


def _copy(engine: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    listed = columns(SYSTEM_TABLES["fan_day"].columns)
    engine.execute(f"COPY (SELECT {listed} FROM ({query})) TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd)")


def _again(events: Path, before: Path) -> str:
    """Return the SQL of the roll-up *before* with the days in the table TOUCHED counted again."""
    same = " AND ".join(f"{{0}}.{name} = {TOUCHED}.{name}" for name in ("platform", "member_key", "date_day"))
    kept = f"SELECT f.* FROM {scan(before)} AS f ANTI JOIN {TOUCHED} ON {same.format('f')}"
    again = f"SELECT e.* FROM {scan(events)} AS e SEMI JOIN {TOUCHED} ON {same.format('e')}"
    return f"{kept} UNION ALL BY NAME {roll_up(again)}"


def _parts(count: int) -> list[str]:
    """Return *count* conditions, at most 256, that part the members by the first digits of their pseudonyms.

    >>> _parts(2)
    ["member_key < '80'", "member_key >= '80'"]
    """
    count = min(count, 256)
    bounds = [f"{256 * number // count:02x}" for number in range(1, count)]
    low = ["", *(f"member_key >= {quoted(bound)}" for bound in bounds)]
    high = [*(f"member_key < {quoted(bound)}" for bound in bounds), ""]
    return [" AND ".join(one for one in pair if one) or "true" for pair in zip(low, high, strict=True)]
