"""Warehouses with random rows around the days on which clocks change, for the catalogue of metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.data.schema import table
from fanops_utils.data.warehouse import Store
from fanops_utils.workspace import Workspace

ZONES = {"DE": "Europe/Berlin", "US": "America/New_York", "IN": "Asia/Kolkata"}
MARKETS = list(ZONES)
BRAND = """name: Ours
competitors: [Theirs, Others]
markets:
  - {code: DE, name: Germany, language: de, time_zone: Europe/Berlin, currency: EUR, countries: [DE, AT]}
  - {code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}
  - {code: IN, name: India, language: en, time_zone: Asia/Kolkata, currency: INR}
accounts:
  - {platform: instagram, handle: ours.de, market: DE}
  - {platform: instagram, handle: ours.at, market: DE}
  - {platform: tiktok, handle: ours.us, market: US}
  - {platform: discord, handle: club}
"""
ACCOUNTS = {("instagram", "ours.de"): "DE", ("instagram", "ours.at"): "DE", ("tiktok", "ours.us"): "US"}
CLOCKS = ("2025-03-07", "2025-03-28", "2025-10-24", "2025-10-31")  # US and EU, spring and autumn


def store(folder: Path, **tables: pd.DataFrame) -> Store:
    """Return a warehouse in *folder* that holds *tables*; columns they lack are null."""
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    made = Store(Workspace(folder))
    made.commit({name: table(name).conform(frame) for name, frame in tables.items()})
    return made


def moments(rng: np.random.Generator, size: int, *, days: int = 5) -> pd.Series:
    """Return random moments in UTC, to the minute, within *days* days around a change of the clocks."""
    first = pd.Timestamp(rng.choice(CLOCKS), tz="UTC")
    return pd.Series(first + pd.to_timedelta(rng.integers(0, days * 1440, size), unit="min"))


def local_day(moments: pd.Series, markets: pd.Series) -> pd.Series:
    """Return the day of each moment on the wall of its market, one by one: the plain way."""
    found = [
        moment.tz_convert(ZONES.get(market, "UTC")).tz_localize(None).normalize()  # type: ignore[call-overload]
        for moment, market in zip(moments, markets, strict=True)
    ]
    return pd.Series(pd.DatetimeIndex(found), index=moments.index, dtype="datetime64[ns]")


def some(rng: np.random.Generator, values: list[Any], size: int) -> list[Any]:
    return [values[place] for place in rng.integers(0, len(values), size)]


def maybe(rng: np.random.Generator, values: np.ndarray, missing: float = 0.15) -> pd.Series:
    """Return *values* with some of them missing."""
    return pd.Series(values).astype("Float64").mask(pd.Series(rng.random(len(values)) < missing, dtype=bool))


def orders(rng: np.random.Generator, size: int, *, days: int = 5) -> pd.DataFrame:
    when = moments(rng, size, days=days)
    country = some(rng, ["DE", "AT", "US", "IN", "FR"], size)
    return pd.DataFrame({
        "order_id": [f"o{number}" for number in range(size)], "created_timestamp": when,
        "customer_key": [None if rng.random() < 0.1 else f"c{rng.integers(0, 8)}" for _ in range(size)],
        "country": country, "currency": ["USD" if one == "US" else "EUR" for one in country],
        "subtotal": rng.integers(0, 90, size) / 4, "total": 1 + rng.integers(0, 90, size) / 4,
        "refunded_amount": rng.integers(0, 3, size) / 4, "discount_code": some(rng, [None, "", "HELLO"], size),
        "source": some(rng, ["web", "TikTok", None], size),
        "cancelled_at": [when[number] if rng.random() < 0.15 else None for number in range(size)],
    })  # fmt: skip


def members(rng: np.random.Generator, size: int, *, days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return fans and their active days, some before they joined, some of people who never did."""
    joined = moments(rng, size, days=days)
    keys = [f"m{number}" for number in range(size)]
    fans = pd.DataFrame({"platform": "discord", "member_key": keys, "market": some(rng, [*MARKETS, None], size),
                         "joined_at": joined, "acquisition": some(rng, ["referral", "organic", None], size)})  # fmt: skip
    day = local_day(fans["joined_at"], fans["market"])
    of = rng.integers(0, max(size, 1), size * 4 if size else 0)
    active = pd.DataFrame({
        "platform": "discord", "member_key": [keys[one] for one in of], "market": fans["market"].iloc[of].to_numpy(),
        "date_day": day.iloc[of].to_numpy() + pd.to_timedelta(rng.integers(-1, days, len(of)), unit="D"),
        "events": rng.integers(1, 6, len(of)), "likes": rng.integers(0, 2, len(of)), "comments": rng.integers(0, 2, len(of)) * 0,
    })  # fmt: skip
    return fans, active.drop_duplicates(["member_key", "date_day"], ignore_index=True)


def posts(rng: np.random.Generator, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    when = moments(rng, size)
    accounts = some(rng, [*ACCOUNTS, ("instagram", "somebody")], size)
    listed = pd.DataFrame({
        "platform": [one[0] for one in accounts], "account_id": [one[1] for one in accounts],
        "post_id": [f"p{number}" for number in range(size)], "created_timestamp": when,
        "created_precision": some(rng, ["minute", "minute", "day"], size), "post_type": some(rng, ["image", "video", None], size),
        "is_collab": some(rng, [None, False, True], size), "is_reply": some(rng, [None, False], size),
    })  # fmt: skip
    twice = listed.loc[listed.index.repeat(2), ["platform", "post_id", "created_timestamp"]].reset_index(drop=True)
    count = len(twice)
    read = pd.DataFrame({
        "platform": twice["platform"], "post_id": twice["post_id"], "metric_window": "lifetime",
        "snapshot_at": twice["created_timestamp"] + pd.to_timedelta(rng.integers(0, 20 * 24, count), unit="h"),
        **{name: maybe(rng, rng.integers(0, 50, count)) for name in ("likes", "comments", "shares", "saves")},
        "engagements": maybe(rng, rng.integers(0, 90, count), 0.6), "reach": maybe(rng, rng.integers(0, 500, count)),
        "views": maybe(rng, rng.integers(0, 900, count)), "impressions": maybe(rng, rng.integers(0, 900, count)),
    })  # fmt: skip
    return listed, read.drop_duplicates(["post_id", "snapshot_at"], ignore_index=True)
