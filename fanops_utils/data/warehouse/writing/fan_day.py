"""Member events rolled up once, at import: what each member did on each day of their own market."""

# ruff: noqa: S608  (texts pass through engine.quoted)

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pyarrow as arrow
import pyarrow.parquet as parquet

from fanops_utils.data.schema import SYSTEM_TABLES
from fanops_utils.data.warehouse.engine import columns, quoted, scan
from fanops_utils.workspace import Brand

COUNTED = {"likes": "like", "comments": "comment", "shares": "share", "buys": "buy"}
ZONES = "zones"
PER_PART = 12_000_000
ROW_GROUP = 250_000


def zones_of(brand: Brand) -> dict[str, str]:
    """Return the time zone of each market of *brand*."""
    return {market.code: market.time_zone for market in brand.markets}


def counted_in(path: Path | None) -> dict[str, str] | None:
    """Return the zones that the roll-up at *path* was cut in; None where it does not say."""
    noted = (parquet.read_metadata(path).metadata or {}).get(ZONES.encode()) if path else None
    return json.loads(noted) if noted else None


def day_of(zones: dict[str, str]) -> str:
    """Return the SQL of an event's day: in the zone of its market, else in UTC."""
    cases = "".join(
        f" WHEN {quoted(code)} THEN timezone({quoted(zone)}, event_timestamp)" for code, zone in zones.items()
    )
    utc = "timezone('UTC', event_timestamp)"
    return f"CAST(CASE market{cases} ELSE {utc} END AS DATE)" if cases else f"CAST({utc} AS DATE)"


def roll_up(events: str, zones: dict[str, str]) -> str:
    """Return the SQL that counts *events* (SQL of rows of table member_events) per member and day.

    A day takes the market of its acts; where they name several, the first in the alphabet. Its value is null where no
    act had one.
    """
    acts = ", ".join(f"count_if(event_name = {quoted(act)}) AS {name}" for name, act in COUNTED.items())
    return (
        f"SELECT platform, member_key, min(market) AS market, {day_of(zones)} AS date_day, count(*) AS events, {acts}, "
        f"sum(event_value) AS value FROM ({events}) GROUP BY platform, member_key, date_day"
    )


def write_fan_day(
    engine: duckdb.DuckDBPyConnection,
    target: Path,
    *,
    events: Path,
    before: Path | None,
    touched: str | None,
    zones: dict[str, str],
) -> None:
    """Write table fan_day to *target*: the roll-up of *events* (Parquet of member_events), counted in *zones*.

    With the roll-up *before* the import and the rows *touched* by it (SQL with platform, member_key, market and
    event_timestamp), only their days are counted again; the outcome equals a full roll-up. Members are counted some at
    a time, so that memory does not grow with the events.
    """
    table = SYSTEM_TABLES["fan_day"]
    schema = arrow.schema([(name, column.arrow) for name, column in table.columns.items()])
    if before is not None and touched is not None:
        queries = [_again(engine, events, before, touched, zones)]
    else:
        parts = 1 + parquet.read_metadata(events).num_rows // PER_PART
        queries = [roll_up(f"SELECT * FROM {scan(events)} WHERE {part}", zones) for part in _parts(parts)]
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for query in queries:
            ordered = f"SELECT {columns(table.columns)} FROM ({query}) ORDER BY member_key, platform, date_day"
            for batch in engine.sql(ordered).to_arrow_reader(ROW_GROUP):
                writer.write_batch(batch.cast(schema))
        writer.add_key_value_metadata({ZONES: json.dumps(zones, sort_keys=True)})


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


def _again(engine: duckdb.DuckDBPyConnection, events: Path, before: Path, touched: str, zones: dict[str, str]) -> str:
    """Return the SQL of the roll-up *before* with the days of the rows *touched* counted again."""
    days = f"SELECT DISTINCT platform, member_key, {day_of(zones)} AS date_day FROM ({touched})"
    engine.execute(f"CREATE OR REPLACE TEMP TABLE touched AS {days}")
    same = "{0}.platform = touched.platform AND {0}.member_key = touched.member_key AND {0}.date_day = touched.date_day"
    again = (
        f"SELECT * EXCLUDE (date_day) FROM (SELECT *, {day_of(zones)} AS date_day FROM {scan(events)} WHERE "
        "event_timestamp >= (SELECT min(date_day) - INTERVAL 1 DAY FROM touched) AND "
        "event_timestamp < (SELECT max(date_day) + INTERVAL 2 DAY FROM touched)) AS e "
        f"SEMI JOIN touched ON {same.format('e')}"
    )
    kept = f"SELECT f.* FROM {scan(before)} AS f ANTI JOIN touched ON {same.format('f')}"
    return f"{kept} UNION ALL BY NAME {roll_up(again, zones)}"
