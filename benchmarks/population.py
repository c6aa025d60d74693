"""A population of any size in a warehouse: members, their acts, days and orders, the same every time."""

# ruff: noqa: S608  (SQL of our own)

from __future__ import annotations

from pathlib import Path

import duckdb
from event_files import MAPPING

from fanops_utils.data.parts import NewPart, Parts
from fanops_utils.data.schema import table
from fanops_utils.data.warehouse import Store
from fanops_utils.workspace import Workspace

MARKETS = {"US": "America/New_York", "BR": "America/Sao_Paulo", "DE": "Europe/Berlin", "JP": "Asia/Tokyo"}
FIRST, DAYS, PER_MEMBER = "2025-01-01", 730, 56.7
BRAND = "name: Benchmark\nmarkets:\n" + "".join(
    f"  - {{code: {code}, name: {code}, language: en, time_zone: {zone}, currency: USD, countries: [{code}]}}\n"
    for code, zone in MARKETS.items()
) + "accounts:\n  - {platform: discord, handle: benchmark}\n"  # fmt: skip
MEMBERS = """
    SELECT 'discord' AS platform, md5(number::VARCHAR) AS member_key, number,
        {markets}[1 + (hash(number) % {count})::INT] AS market,
        (hash(number + 11) % 600)::INT AS joined, 1 + (hash(number + 12) % 30)::INT AS pace,
        ['organic', 'referral', 'giveaway', 'search'][1 + (hash(number + 13) % 4)::INT] AS acquisition,
        CASE WHEN hash(number + 14) % 3 = 0 THEN md5('c' || number) END AS customer_key
    FROM (SELECT range AS number FROM range({members}))
"""
TABLES = {
    "fans": f"""
        SELECT *, DATE '{FIRST}' + joined AS date_day, 720 AS minute_of_day,
            timezone('UTC', (DATE '{FIRST}' + joined)::TIMESTAMP + INTERVAL 12 HOUR) AS joined_at
        FROM members""",
    "member_events": """
        SELECT platform, member_key, market, date_day, 720 AS minute_of_day, act AS event_name,
            timezone('UTC', date_day::TIMESTAMP + INTERVAL 12 HOUR) AS event_timestamp,
            CASE WHEN act = 'buy' THEN 20.0 END AS event_value
        FROM acts""",
    "fan_day": """
        SELECT platform, member_key, market, date_day, 1 AS events, (act = 'like')::INT AS likes, 0 AS comments, 0 AS shares,
            (act = 'buy')::INT AS buys, CASE WHEN act = 'buy' THEN 20.0 END AS value
        FROM acts""",
    "orders": f"""
        SELECT 'o' || number || '-' || turn AS order_id, customer_key, market AS country, 'USD' AS currency,
            20.0 + hash(number + turn) % 40 AS total,
            DATE '{FIRST}' + (joined + turn * 30 + hash(number + turn) % 30)::INT AS date_day,
        FROM members, (SELECT unnest([0, 1]) AS turn) WHERE customer_key IS NOT NULL""",
}
ACTS = f"""
    SELECT *, DATE '{FIRST}' + (joined + step * pace + hash(number * 1000 + step) % pace)::INT AS date_day,
        ['visit', 'like', 'visit', 'visit', 'buy', 'visit', 'like', 'visit'][1 + (hash(number + step) % 8)::INT] AS act
    FROM (SELECT *, unnest(range((({DAYS} - joined) // pace)::BIGINT)) AS step FROM members)
"""
TYPES = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN", "date32[day]": "DATE",
         "timestamp[us, tz=UTC]": "TIMESTAMPTZ"}  # fmt: skip


def make(folder: Path, fan_days: int) -> Workspace:
    """Write a workspace into *folder* whose warehouse holds about *fan_days* active days of members over two years.

    A member joins on any day and comes every 1 to 30 days from then on, to do one thing; a third have a shop account and
    two orders.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / "log.yml").write_text(MAPPING, encoding="utf-8")
    workspace = Workspace(folder)
    store = Store(workspace)
    store.folder.mkdir(parents=True, exist_ok=True)
    engine = duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(folder / "spill")})
    engine.execute("SET TimeZone = 'UTC'")
    members = max(round(fan_days / PER_MEMBER), 10)
    engine.execute(
        f"CREATE TABLE members AS {MEMBERS.format(markets=list(MARKETS), count=len(MARKETS), members=members)}"
    )
    engine.execute(f"CREATE VIEW acts AS {ACTS}")
    store.commit({name: _parts(engine, store, name, query) for name, query in TABLES.items()})
    return workspace


def _parts(engine: duckdb.DuckDBPyConnection, store: Store, name: str, query: str) -> Parts:
    """Return the rows of *query* as files of table *name*, one a month."""
    with store.locked():
        whole = store.folder / f"{name}.made"
        there = {row[0] for row in engine.execute(f"DESCRIBE {query}").fetchall()}
        kinds = {column: TYPES[str(spec.arrow)] for column, spec in table(name).columns.items()}
        listed = ", ".join(
            f"{column if column in there else 'NULL'}::{kind} AS {column}" for column, kind in kinds.items()
        )
        engine.execute(f"COPY (SELECT {listed} FROM ({query})) TO '{whole}' (FORMAT parquet)")
        counted = engine.execute(
            f"SELECT DISTINCT strftime(date_day, '%Y-%m') FROM read_parquet('{whole}') ORDER BY 1"
        ).fetchall()
        parts = []
        for (month,) in counted:
            target = store.folder / f"{name}.{month}"
            rows = f"SELECT * FROM read_parquet('{whole}') WHERE strftime(date_day, '%Y-%m') = '{month}'"
            engine.execute(
                f"COPY ({rows} ORDER BY {', '.join(table(name).key)}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
            )
            parts.append(NewPart(target, month, month))
        whole.unlink()
    cut = store.cut("member_events" if name == "fan_day" else name)
    return Parts(tuple(parts), cut.zones if cut else None)
