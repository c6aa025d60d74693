"""A population of any size in a warehouse: members, all they do, say and buy, the same every time."""

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
        CASE WHEN hash(number) % 20 < 17 THEN 'US' ELSE {others}[1 + (hash(number) % {count})::INT] END AS market,
        (hash(number + 11) % 600)::INT AS joined, 1 + (hash(number + 12) % 30)::INT AS pace,
        ['organic', 'referral', 'giveaway', 'search'][1 + (hash(number + 13) % 4)::INT] AS acquisition,
        CASE WHEN hash(number + 14) % 3 = 0 THEN md5('c' || number) END AS customer_key
    FROM (SELECT range AS number FROM range({members}))
"""
NOON = "timezone('UTC', ({day})::TIMESTAMP + INTERVAL 12 HOUR)"
JOINED = f"DATE '{FIRST}' + joined"
ACTS = f"""
    SELECT *, DATE '{FIRST}' + (joined + step * pace + hash(number * 1000 + step) % pace)::INT AS date_day,
        ['visit', 'like', 'visit', 'visit', 'buy', 'visit', 'like', 'visit', 'check_in', 'sign_up', 'attend', 'review'][
            1 + (hash(number + step) % 12)::INT] AS act,
        CASE act WHEN 'check_in' THEN 'challenge' WHEN 'sign_up' THEN 'evening' WHEN 'attend' THEN 'evening'
            WHEN 'review' THEN 'evening' END AS subject,
        (hash(number * 1000 + step + 5) % 1440)::INT AS minute
    FROM (SELECT *, unnest(range((({DAYS} - joined) // pace)::BIGINT)) AS step FROM members)
"""


def _each(times: int, query: str) -> str:
    """Return *query* of members, {times} rows each: turn counts them, day lies turn * 20 days or so after joining."""
    day = f"DATE '{FIRST}' + (joined + turn * 20 + hash(number + turn) % 20)::INT"
    return (
        f"SELECT platform, member_key, market, day AS date_day, {query.format(noon=NOON.format(day='day'))} FROM ("
        + (f"SELECT *, {day} AS day FROM members, (SELECT unnest(range({times})) AS turn))")
    )


TABLES = {
    "fans": f"SELECT *, {JOINED} AS date_day, 720 AS minute_of_day, {NOON.format(day=JOINED)} AS joined_at FROM members",
    "member_events": """
        SELECT platform, member_key, market, date_day, minute AS minute_of_day, act AS event_name, subject,
            timezone('UTC', date_day::TIMESTAMP + to_minutes(minute)) AS event_timestamp,
            CASE WHEN act = 'buy' THEN 20.0 END AS event_value
        FROM acts""",
    "fan_day": """
        SELECT platform, member_key, market, date_day, 1 AS events, (act = 'like')::INT AS likes, 0 AS comments, 0 AS shares,
            (act = 'buy')::INT AS buys, CASE WHEN act = 'buy' THEN 20.0 END AS value
        FROM acts""",
    "orders": _each(2, """
        'o' || number || '-' || turn AS order_id, customer_key, market AS country, 'USD' AS currency, 'web' AS source,
        20.0 + hash(number + turn) % 40 AS total, {noon} AS created_timestamp""") + " WHERE customer_key IS NOT NULL",
    "referrals": _each(2, """
        'i' || number || '-' || turn AS referral_id, member_key AS inviter_key, {noon} AS invited_at, 5.0 AS reward,
        CASE WHEN turn = 0 AND number % 2 = 0 THEN md5((number * 2 + 1)::VARCHAR) END AS invited_key,
        CASE WHEN turn = 0 AND number % 2 = 0 THEN {noon} END AS accepted_at"""),
    "offers": _each(2, """
        CASE turn WHEN 0 THEN 'we_miss_you' ELSE 'thanks' END AS offer, {noon} AS offered_at, 0.1 AS cost, 'USD' AS currency,
        CASE turn WHEN 0 THEN member_key ELSE md5('c' || number) END AS person_key,
        CASE turn WHEN 0 THEN 'win_back' ELSE 'coupon' END AS kind,
        CASE WHEN hash(number + 15) % 2 = 0 THEN 'sent' ELSE 'holdout' END AS arm"""),
    "subscriptions": _each(8, """
        's' || number AS subscription_id, turn AS term, customer_key, 'monthly' AS plan, 'search' AS source, 9.0 AS price,
        'USD' AS currency, {noon} AS started_at, {noon} + INTERVAL 20 DAY AS due_at
        """) + " WHERE number % 5 = 0 AND customer_key IS NOT NULL",
    "cases": _each(1, """
        'k' || number AS case_id, ['question', 'complaint', 'suggestion', 'violation'][1 + (number % 4)::INT] AS kind,
        ['price', 'delivery', 'taste'][1 + (number % 3)::INT] AS topic, {noon} AS opened_at,
        {noon} + INTERVAL 1 HOUR AS first_response_at,
        'moderator' AS handled_by, md5('team' || number % 9) AS handled_by_key, 720 AS minute_of_day""") + " WHERE number % 2 = 0",
    "messages": _each(5, """
        'm' || number || '-' || turn AS message_id, 'g' || number % 20 AS group_id, {noon} AS sent_at, 'member' AS author_role,
        CASE WHEN turn > 2 THEN 'm' || (number + 1) || '-0' END AS reply_to_id, 'chat' AS kind, 7 AS words,
        720 AS minute_of_day"""),
    "points": _each(4, """
        'b' || number || '-' || turn AS booking_id, {noon} AS booked_at, 'order' AS reason,
        CASE WHEN turn < 3 THEN 'issued' ELSE 'redeemed' END AS kind,
        CASE WHEN turn < 3 THEN 10.0 ELSE -20.0 END AS points,
        CASE WHEN turn < 3 THEN {noon} + INTERVAL 365 DAY END AS expires_at"""),
    "survey_answers": _each(1, """
        'wave' AS survey, member_key AS respondent_key, 'recommend' AS question, {noon} AS asked_at,
        CASE WHEN number % 3 = 0 THEN {noon} END AS answered_at, CASE WHEN number % 3 = 0 THEN number % 11 END AS score"""),
    "group_members": _each(1, "'g' || number % 20 AS group_id, {noon} AS joined_at"),
}  # fmt: skip
TYPES = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN", "date32[day]": "DATE",
         "timestamp[us, tz=UTC]": "TIMESTAMPTZ"}  # fmt: skip


def make(folder: Path, fan_days: int, *, monthly: bool = True) -> Workspace:
    """Write a workspace into *folder* whose warehouse holds about *fan_days* active days of members over two years.

    A member joins on any day and comes every 1 to 30 days from then on, to do one thing; a third have a shop account and
    two orders. Six of seven live in the US. Tables are files by month, or of one file each where not *monthly*.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    (folder / "mappings").mkdir(exist_ok=True)
    (folder / "mappings" / "log.yml").write_text(MAPPING, encoding="utf-8")
    workspace = Workspace(folder)
    store = Store(workspace)
    store.folder.mkdir(parents=True, exist_ok=True)
    engine = duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(folder / "spill")})
    engine.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
    members = max(round(fan_days / PER_MEMBER), 10)
    engine.execute(
        f"CREATE TABLE members AS {MEMBERS.format(others=list(MARKETS)[1:], count=len(MARKETS) - 1, members=members)}"
    )
    engine.execute(f"CREATE VIEW acts AS {ACTS}")
    store.commit({name: _parts(engine, store, name, query, monthly=monthly) for name, query in TABLES.items()})
    return workspace


def _parts(engine: duckdb.DuckDBPyConnection, store: Store, name: str, query: str, *, monthly: bool) -> Parts:
    """Return the rows of *query* as files of table *name*."""
    with store.locked():
        whole = store.folder / f"{name}.made"
        there = {row[0] for row in engine.execute(f"DESCRIBE {query}").fetchall()}
        kinds = {column: TYPES[str(spec.arrow)] for column, spec in table(name).columns.items()}
        listed = ", ".join(
            f"{column if column in there else 'NULL'}::{kind} AS {column}" for column, kind in kinds.items()
        )
        engine.execute(f"COPY (SELECT {listed} FROM ({query})) TO '{whole}' (FORMAT parquet)")
        found = engine.execute(
            f"SELECT DISTINCT strftime(date_day, '%Y-%m') FROM read_parquet('{whole}') ORDER BY 1"
        ).fetchall()
        months = [month for (month,) in found]
        parts = []
        for first, last in zip(months, months, strict=True) if monthly else [(months[0], months[-1])]:
            target = store.folder / f"{name}.{first}"
            inside = f"strftime(date_day, '%Y-%m') BETWEEN '{first}' AND '{last}'"
            rows = f"SELECT * FROM read_parquet('{whole}') WHERE {inside} ORDER BY {', '.join(table(name).key)}"
            engine.execute(f"COPY ({rows}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            parts.append(NewPart(target, first, last))
        whole.unlink()
    cut = store.cut("member_events" if name == "fan_day" else name)
    return Parts(tuple(parts), cut.zones if cut else None)
