"""A taste of one market is found there, none elsewhere, and a market of few posts is read from the others."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from fanops_utils import models

DRAWS = 100 if os.environ.get("FANOPS_SLOW") else 14
WORTH = {"a": 0.3, "b": 0.0, "c": -0.2, "d": 0.1, "e": 0.0}


def posts(rng: np.random.Generator, *, factor: float = 1.0, thin: int = 14, n: int = 120) -> pd.DataFrame:
    """Return posts of five markets; those of topic b earn *factor* times as much in JP alone; BR has *thin* posts."""
    parts = []
    for market in ("US", "DE", "FR", "JP", "BR"):
        size = thin if market == "BR" else n
        topic = rng.choice(list(WORTH), size, p=[0.25, 0.25, 0.2, 0.2, 0.1])
        kind, reach = rng.choice(["image", "video"], size), np.rint(np.exp(rng.normal(8, 0.6, size)))
        mean = -2.5 + 0.8 * np.log(reach) + pd.Series(WORTH)[topic].to_numpy() + 0.4 * (kind == "video")
        mean = mean + np.log(factor) * ((topic == "b") & (market == "JP")) + rng.normal(0, 0.5, size)
        count = rng.poisson(np.exp(mean))
        parts.append(pd.DataFrame(
            {"market": market, "topic": topic, "post_type": kind, "reach": reach, "engagements": count}
        ))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def marked(table: pd.DataFrame) -> list[str]:
    return list(table.loc[table["mark"].isin(["more", "less"]), "topic"])


def test_markets_that_are_alike_have_no_taste_of_their_own() -> None:
    rng = np.random.default_rng(0)
    false = [marked(models.local_preference(posts(rng), market="JP", size="reach")) for _ in range(DRAWS)]
    assert sum(map(bool, false)) <= max(1, 0.05 * DRAWS)


def test_a_planted_taste_is_found_where_it_is_and_not_in_the_market_beside_it() -> None:
    rng, there, elsewhere = np.random.default_rng(1), [], []
    for _ in range(max(6, DRAWS // 2)):
        world = posts(rng, factor=2.2)
        there.append(models.local_preference(world, market="JP", size="reach"))
        elsewhere += marked(models.local_preference(world, market="DE", size="reach"))
    assert sum("b" in marked(table) for table in there) >= 0.8 * len(there)
    assert sum(len(set(marked(table)) - {"b"}) for table in there) <= 1
    assert len(elsewhere) <= max(1, 0.1 * len(there))  # another market with a taste is no evidence of one here
    first = there[0].set_index("topic").loc["b"]
    assert first["ci_lower"] < first["estimate"] < first["ci_upper"] and first["markets"] == 5


def test_a_thin_market_is_drawn_to_the_others_and_never_marked() -> None:
    rng = np.random.default_rng(2)
    worth = []
    for _ in range(4):
        table = models.local_preference(posts(rng), market="BR", size="reach").set_index("topic")
        assert set(table.loc[table["n"] < 10, "mark"]) == {"thin"} and (table["estimate"].abs() < 0.8).all()
        worth.append(np.log1p(table["own"]).reindex(list(WORTH)))
    middle = pd.concat(worth, axis=1).mean(axis=1)
    assert np.corrcoef(middle.fillna(0), pd.Series(WORTH))[0, 1] > 0.7, "it says what all markets say"


def test_one_market_alone_or_too_few_posts_say_nothing() -> None:
    world = posts(np.random.default_rng(3))
    assert models.local_preference(world[world["market"] == "JP"], market="JP", size="reach").empty
    assert models.local_preference(world.groupby("market").head(3), market="JP", size="reach").empty
    assert models.local_preference(world, market="XX", size="reach").empty


def test_kinds_of_interactions_are_parts_of_the_whole_here_and_elsewhere() -> None:
    frame = pd.DataFrame(
        {"market": ["JP", "JP", "US", "US"], "likes": [60, 80, 90, 90], "comments": [40, 20, 10, 10], "saves": None}
    )
    habits = models.interaction_habits(frame, market="JP").set_index("kind")
    assert list(habits.index) == ["likes", "comments"]
    assert (habits.loc["comments", "here"], habits.loc["comments", "elsewhere"]) == (0.3, 0.1)
    assert habits["here"].sum() == 1
