"""Shares of what posts earn: planted shares come back, equal brands are as even as their number allows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils import models

UNTIL = pd.Timestamp("2026-10-31")


def posts(*, seed: int = 0, n: int = 60, **means: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [
        (name, UNTIL - pd.Timedelta(days=int(day)), rng.poisson(mean * rng.lognormal(0, 0.5)), 0, 0)
        for name, mean in means.items()
        for day in rng.integers(0, 84, n)
    ]
    return pd.DataFrame(rows, columns=["brand", "date_day", "likes", "comments", "shares"])


def test_planted_shares_lie_in_their_intervals_and_sum_to_one() -> None:
    hits = []
    for seed in range(40):
        found = models.earnings(posts(seed=seed, a=600, b=300, c=100), brand="b", rivals=["a", "c"], until=UNTIL)
        table = found.table.set_index("brand")
        assert table["share"].sum() == pytest.approx(1)
        hits += [(table.loc[name, "ci_lower"] <= true <= table.loc[name, "ci_upper"])
                 for name, true in (("a", 0.6), ("b", 0.3), ("c", 0.1))]  # fmt: skip
    assert np.mean(hits) >= 0.8
    assert found.hhi == pytest.approx((table["share"] ** 2).sum()) and found.cr4 == pytest.approx(1)


def test_equal_brands_are_even_and_one_alone_is_compared_with_nobody() -> None:
    same = models.earnings(
        posts(a=300, b=300, c=300, d=300, e=300), brand="a", rivals=["b", "c", "d", "e"], until=UNTIL
    )
    assert same.hhi == pytest.approx(0.2, abs=0.01) and same.cr4 == pytest.approx(0.8, abs=0.05)
    assert models.earnings(posts(a=300), brand="a", rivals=["b"], until=UNTIL).table.empty
    old = posts(a=300, b=300).assign(date_day=UNTIL - pd.Timedelta(days=90))
    assert models.earnings(old, brand="a", rivals=["b"], until=UNTIL).table.empty
    unknown = posts(a=300, b=300).assign(likes=np.nan, comments=np.nan, shares=np.nan)
    assert models.earnings(unknown, brand="a", rivals=["b"], until=UNTIL).table.empty


def test_brands_are_told_apart_by_what_they_earn_and_equal_ones_seldom() -> None:
    called, known = [], []
    for seed in range(30):
        told = models.earnings(posts(seed=seed, a=300, b=300), brand="a", rivals=["b"], until=UNTIL).table
        stand = models.standings({"share": told.rename(columns={"share": "estimate"})}, ours="a")
        called.append(stand["verdict"].iloc[0] != "level")
        far = models.earnings(posts(seed=seed, a=100, b=600), brand="a", rivals=["b"], until=UNTIL).table
        known.append(
            models.standings({"share": far.rename(columns={"share": "estimate"})}, ours="a")["verdict"].iloc[0]
        )
    assert np.mean(called) <= 0.2, "one in ten is promised; thirty drawings"
    assert set(known) == {"behind"}
    none = models.earnings(posts(a=300, b=300), brand="us", rivals=["a", "b"], until=UNTIL).table
    assert none[["pair_lower", "pair_upper"]].isna().all(axis=None)


def topics(*, seed: int, wanted: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    topic = rng.choice(["tea", "cups", "people"], 150, p=[0.5, 0.3, 0.2])
    mean = np.where(topic == "people", 200 * wanted, 200.0)
    return pd.DataFrame({"topic": topic, "likes": rng.poisson(mean * rng.lognormal(0, 0.5, 150)), "comments": 0, "shares": 0,
                         "saves": 0})  # fmt: skip


def test_room_is_where_a_topic_earns_more_than_its_share_of_the_posts_and_nowhere_else() -> None:
    alike, wanted = 0, 0
    for seed in range(40):
        none = models.demand_less_supply(topics(seed=seed, wanted=1.0), draws=300).set_index("topic")
        assert none["gap"].sum() == pytest.approx(0, abs=1e-9)
        alike += int(none.loc["people", "ci_lower"] > 0)
        wanted += int(models.demand_less_supply(topics(seed=seed, wanted=2.0), draws=300)["topic"].iloc[0] == "people")
    assert alike <= 6 and wanted >= 39
    assert models.demand_less_supply(topics(seed=0, wanted=1.0).assign(topic="tea")).empty
