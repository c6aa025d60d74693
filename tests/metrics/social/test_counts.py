"""What is read of mentions is the same from a row per mention and from rows that stand for several."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fanops_utils import metrics, models
from fanops_utils.workspace.register import Period

START, LAST = pd.Timestamp("2025-11-03"), date(2026, 7, 31)
KINDS = ["date_day", "platform", "market", "brand", "sentiment", "topic", "local_hour", "loud"]
LIVE = {"live": Period(start=date(2026, 5, 1), end=date(2026, 5, 28))}
DAYS = pd.DataFrame({
    "brand": "us", "date_day": pd.date_range(START, LAST), "followers_total": np.nan, "posts_published": np.nan,
    "engagements": np.nan,
})  # fmt: skip
ACCOUNTS = pd.DataFrame({"date_day": [START], "platform": ["x"]})
SPAN = {"brand": "us", "first": date(2026, 7, 20), "last": LAST}
ASKED: dict[str, Callable[[pd.DataFrame], Any]] = {
    "share of voice": lambda rows: metrics.share_of_voice(rows, brand="us", by="market"),
    "weeks": lambda rows: metrics.weekly_negative(rows, brand="us", as_of=LAST),
    "tone": lambda rows: metrics.tone(rows, LIVE, brand="us"),
    "figures": lambda rows: metrics.market_changes(ACCOUNTS, rows, platform="x", brand="us"),
    "conversation": lambda rows: models.conversation(rows, brand="us", rivals=["them"], until=pd.Timestamp(LAST)).table,
    "cause": lambda rows: models.cause_of(rows, brand="us", week_start=pd.Timestamp("2026-07-20")),
    "shares by week": lambda rows: models.weekly_shares(rows, brands=["us", "them"]),
    "negatives by week": lambda rows: models.negative_shares(rows, brands=["us", "them"]),
    "moves": lambda rows: models.moves(DAYS, rows, brands=["us", "them"]),
    "watched days": lambda rows: metrics.watched_days(rows, brand="us", last=LAST, grave=frozenset({"taste"})),
    "watched hours": lambda rows: metrics.watched_hours(rows, pd.date_range(START, LAST), brand="us"),
    "drivers": lambda rows: metrics.drivers(rows, "topic", **SPAN),
}


def mentions(size: int) -> pd.DataFrame:
    rng = np.random.default_rng(size)
    day = START + pd.to_timedelta(np.sort(rng.integers(0, 271, size)), unit="D")
    return pd.DataFrame({
        "date_day": pd.DatetimeIndex(day).as_unit("us"), "platform": rng.choice(["x", "reddit"], size),
        "market": rng.choice(["US", "DE"], size), "brand": rng.choice(["us", "them"], size, p=[0.7, 0.3]),
        "sentiment": pd.array(rng.choice(["negative", "positive", None], size), dtype="string"),
        "topic": pd.array(rng.choice(["taste", "price", None], size), dtype="string"),
        "local_hour": rng.choice([9.0, 20.0, np.nan], size), "loud": rng.random(size) < 0.1,
    })  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_rows_and_counts_say_the_same(name: str) -> None:
    rows = mentions(6_000)
    counted = rows.groupby(KINDS, dropna=False).size().rename("mentions").reset_index()
    assert len(counted) < len(rows)
    one, other = ASKED[name](rows), ASKED[name](counted)
    if isinstance(one, pd.DataFrame):
        assert len(one)
        pd.testing.assert_frame_equal(one, other)
    else:
        assert np.asarray(one).size and str(one) == str(other)
