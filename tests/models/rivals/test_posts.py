from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models import (
    against_benchmark,
    answered,
    cadence,
    format_shares,
    moves,
    rank_rivals,
    response,
    standings,
    top_posts,
)
from fanops_utils.models.rivals.posts import per_follower


def _posts(rng: np.random.Generator, *, n: int = 250, reel: float = 0.0) -> pd.DataFrame:
    kind, topic = rng.choice(["short_video", "image", "carousel"], n), rng.choice(["x", "y", "z"], n)
    followers = np.linspace(50_000, 90_000, n).round()
    acts = rng.poisson(followers * 0.03 * np.exp(reel * (kind == "short_video") + rng.normal(0, 0.4, n)))
    day = pd.Timestamp("2025-01-06") + pd.to_timedelta(np.sort(rng.integers(0, 350, n)), unit="D")
    return pd.DataFrame(
        {
            "brand": "A",
            "platform": "instagram",
            "handle": "a",
            "post_id": [f"p{i}" for i in range(n)],
            "date_day": day,
            "post_type": kind,
            "topic": topic,
            "followers": followers,
            "likes": acts,
            "comments": 0,
            "shares": 0,
        }
    )


def test_what_works_for_a_rival_is_found_where_planted_only() -> None:
    rng = np.random.default_rng(0)
    planted = [rank_rivals(_posts(rng, reel=0.45), brands=["A"]) for _ in range(15)]
    for table in planted:
        lead = table[table["leads"] & (table["trait"] == "post_type")]
        assert lead["value"].tolist() == ["short_video"]
    null = [rank_rivals(_posts(rng), brands=["A"]) for _ in range(80)]
    assert sum(bool(table["leads"].any()) for table in null) <= 6


def test_the_best_tenth_is_compared_with_all() -> None:
    rng = np.random.default_rng(1)
    table = top_posts(_posts(rng, n=600, reel=0.8)).set_index("value")
    assert table.loc["short_video", "times"] > 1.8 and table.loc["short_video", "q_value"] < 0.01
    assert sum(bool((top_posts(_posts(rng))["q_value"] <= 0.05).any()) for _ in range(60)) <= 3
    assert top_posts(_posts(rng, n=10)).empty


def test_cadence_counts_weeks_without_a_post() -> None:
    days = pd.to_datetime(["2026-01-05", "2026-01-06", "2026-01-21", "2026-02-01"])
    row = cadence(pd.DataFrame({"brand": "A", "date_day": days}), brands=["A", "B"]).set_index("brand").loc["A"]
    assert (row["weeks"], row["median"], row["n"]) == (4, 0.5, 4) or row["weeks"] == 4
    empty = cadence(pd.DataFrame({"brand": ["A"], "date_day": days[:1]}), brands=["B"])
    assert np.isnan(empty["median"].iloc[0]) and empty["n"].iloc[0] == 0


def test_formats_add_up_by_brand() -> None:
    shares = format_shares(_posts(np.random.default_rng(2)), brands=["A", "B"])
    assert shares.groupby("brand")["share"].sum().to_dict() == pytest.approx({"A": 1.0})


def test_a_rate_needs_followers_and_interactions() -> None:
    posts = _posts(np.random.default_rng(3), n=40)
    assert per_follower(posts.assign(followers=np.nan)).isna().all()
    table = response(pd.concat([posts, posts.assign(brand="B", followers=np.nan)]), brands=["A", "B"]).set_index(
        "brand"
    )
    assert table.loc["A", "estimate"] == pytest.approx(0.03, rel=0.3) and table.loc["B", "n"] == 0


def test_answers_that_no_file_holds_are_not_known_and_not_slow() -> None:
    times = pd.DataFrame(
        {"brand": ["A", "B"], "negatives": [2, 1], "answered": [1, 0], "in_time": [1, 0], "median_hours": [2.0, np.nan]}
    )
    table = answered(times, brands=["A", "B"]).set_index("brand")
    assert (table.loc["A", "hits"], table.loc["A", "n"], table.loc["A", "median_hours"]) == (1, 2, 2.0)
    assert table.loc["B", "n"] == 0 and np.isnan(table.loc["B", "estimate"])


def test_a_brand_that_trebles_its_posts_stands_out_and_quiet_ones_do_not() -> None:
    rng = np.random.default_rng(4)
    days = pd.date_range("2025-01-01", periods=500)

    def daily(name: str, factor: float) -> pd.DataFrame:
        rate = np.where(np.arange(500) >= 472, factor, 1.0) * 20
        return pd.DataFrame(
            {
                "brand": name,
                "handle": name,
                "date_day": days,
                "followers_total": 1000 + np.arange(500),
                "posts_published": rng.poisson(rate),
                "engagements": rng.poisson(rate * 50),
            }
        )

    heard = pd.DataFrame({"brand": "quiet", "date_day": days})
    table = moves(pd.concat([daily("quiet", 1.0), daily("loud", 3.0)]), heard, brands=["quiet", "loud"]).set_index(
        ["brand", "figure"]
    )
    assert table.loc[("loud", "posts"), "judgment"] == "up"
    assert set(table.loc["quiet"]["judgment"]) <= {"unclear"}
    assert ("loud", "mentions") not in table.index


def test_standings_know_ahead_behind_and_that_less_criticism_is_better() -> None:
    def one(own: tuple[float, float, float], theirs: tuple[float, float, float]) -> pd.DataFrame:
        return pd.DataFrame([("us", *own), ("A", *theirs)], columns=["brand", "estimate", "ci_lower", "ci_upper"])

    clear, near = ((0.1, 0.09, 0.11), (0.2, 0.19, 0.21)), ((0.1, 0.05, 0.15), (0.12, 0.08, 0.16))
    table = standings({"voice": one(*clear), "negative": one(*clear), "response": one(*near)}, ours="us").set_index(
        "figure"
    )
    assert table["verdict"].to_dict() == {"voice": "behind", "negative": "ahead", "response": "level"}
    assert standings({"voice": one(*clear)}, ours="nobody").empty


def test_a_benchmark_of_another_denominator_or_platform_is_refused() -> None:
    watched = _posts(np.random.default_rng(5))
    rows = pd.DataFrame(
        [
            {"id": "f", "platform": "instagram", "statistic": "median", "denominator": "followers", "value": 0.01},
            {"id": "r", "platform": "instagram", "statistic": "mean", "denominator": "reach", "value": 0.01},
        ]
    )
    own = pd.DataFrame({"engagements": [5] * 20, "reach": [np.nan] * 20})
    told = {"posts": own, "watched": watched, "benchmarks": rows, "platform": "instagram", "brand": "A"}
    by_followers = against_benchmark(benchmark="f", **told)
    assert by_followers.code == "reached" and by_followers.lower > 1.5 and by_followers.n == 250
    assert against_benchmark(benchmark="r", **told).code == "no_rate"
    assert against_benchmark(benchmark="nothing", **told).code == "none"
    assert against_benchmark(benchmark="f", **{**told, "platform": "tiktok"}).code == "other_platform"
