"""The files of the benchmark of member events: a brand, its mappings, acts, orders and invitations of any number."""

from __future__ import annotations

from pathlib import Path

import duckdb
from questions import ZONES

FIRST, DAYS = "2025-01-01", 365
BRAND = "name: Benchmark\nmarkets:\n" + "".join(
    f"  - {{code: {code}, name: {code}, language: en, time_zone: {zone}, currency: USD}}\n" for code, zone in ZONES.items()
) + "accounts:\n  - {platform: discord, handle: benchmark}\n"  # fmt: skip
MAPPING = """name: log
tables:
  member_events:
    columns: {member_key: member, event_timestamp: time, event_name: act, market: country, event_value: value}
    constants: {platform: discord}
"""
SHOP = """name: shop
tables:
  orders:
    columns: {order_id: order, customer_key: customer, created_timestamp: placed, country: country, total: total,
      cancelled_at: cancelled}
    constants: {currency: USD}
"""
INVITATIONS = """name: invitations
tables:
  referrals:
    columns: {referral_id: invitation, inviter_key: inviter, invited_key: invited, market: country, invited_at: sent,
      accepted_at: joined}
    constants: {platform: discord}
"""
LAST_MOMENT = DAYS * 86_400_000_000  # microseconds from the first one
FILES = {
    "events": """
        SELECT 'm' || member AS member, written(moment(number / {rows})) AS time,
            ['visit', 'visit', 'like', 'comment', 'share', 'buy'][1 + (hash(number + 1) % 6)::INT] AS act,
            market(member) AS country, CASE WHEN hash(number + 1) % 6 = 5 THEN 5 + hash(number + 2) % 40 END AS value
        FROM (SELECT range AS number,
            (hash(range) % {members} * (hash(range + 3) % 1000) / 1000)::BIGINT AS member FROM range({rows}))""",
    "orders": """
        SELECT 'o' || number AS "order", 'c' || member AS customer, written(placed) AS placed, market(member) AS country,
            10 + hash(number + 5) % 90 AS total,
            CASE WHEN hash(number + 6) % 20 = 0 THEN written(placed + INTERVAL 1 HOUR) END AS cancelled
        FROM (SELECT range AS number, (hash(range + 4) % ({members} // 3 + 1))::BIGINT AS member,
            moment(range / ({rows} // 25)) AS placed FROM range({rows} // 25))""",
    "invitations": """
        SELECT 'i' || member AS invitation, 'm' || (hash(member + 7) % member)::BIGINT AS inviter,
            CASE WHEN taken THEN 'm' || member END AS invited, market(member) AS country, written(sent) AS sent,
            CASE WHEN taken THEN written(sent + INTERVAL 1 DAY) END AS joined
        FROM (SELECT range AS member, hash(range + 8) % 2 = 0 AS taken, moment(range / {members}) AS sent
            FROM range(1, {members}))""",
}
MAPPINGS = {"log": MAPPING, "shop": SHOP, "invitations": INVITATIONS}


def generate(folder: Path, rows: int) -> Path:
    """Write *rows* acts of about rows / 25 members over a year, ordered in time, the same ones every time.

    Beside them the orders of a third of the members, and an invitation for each member by one who was there before; half
    of these are taken up.
    """
    members = max(rows // 25, 10)
    raw = folder / "raw"
    raw.mkdir(parents=True)
    (folder / "mappings").mkdir()
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    for name, mapping in MAPPINGS.items():
        (folder / "mappings" / f"{name}.yml").write_text(mapping, encoding="utf-8")
    engine = duckdb.connect()
    engine.execute("SET memory_limit = '2GB'")
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute(f"CREATE MACRO market(member) AS {list(ZONES)}[1 + (hash(member) % {len(ZONES)})::INT]")
    engine.execute(
        f"CREATE MACRO moment(share) AS TIMESTAMP '{FIRST}' + to_microseconds((share * {LAST_MOMENT})::BIGINT)"
    )
    engine.execute("CREATE MACRO written(time) AS strftime(time, '%Y-%m-%dT%H:%M:%S.%fZ')")
    for name, query in FILES.items():
        text = query.format(rows=rows, members=members)
        engine.execute(f"COPY ({text}) TO '{raw / name}.csv' (FORMAT csv, HEADER)")
    return raw / "events.csv"
