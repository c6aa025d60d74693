"""What is planted in the simulated brand's posts, readings and streams comes out of its imported files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils import metrics, models
from fanops_utils.data import warehouse
from fanops_utils.data.sample.truths import Truths
from fanops_utils.workspace import Workspace

TRUTH = Truths()


def posts_of(demo: Workspace, market: str) -> pd.DataFrame:
    posts = models.comparable_posts(warehouse.tagged_posts(warehouse.Store(demo), market=market))
    return posts[posts["platform"] == "instagram"]


@pytest.mark.parametrize("market", ["US", "JP", "DE"])
def test_content_types_and_series_are_ranked_as_planted(demo: Workspace, market: str) -> None:
    posts = posts_of(demo, market)
    kinds = models.rank_posts(posts, "content_type")
    table = kinds.table.set_index("content_type")
    assert kinds.code == "best" and kinds.table["content_type"].iloc[0] == "education"
    assert table.loc["product", "mark"] == "below"
    planted = {name: factor for name, _, factor in TRUTH.content.types}
    gap = (1 + table.loc["education", "estimate"]) / (1 + table.loc["product", "estimate"])
    assert gap == pytest.approx(planted["education"] / planted["product"], abs=0.05)
    series = models.rank_posts(posts, "series").table.set_index("series")
    assert series.index[0] == "five_minute_tea" and series.loc["five_minute_tea", "mark"] == "above"
    news = (1 + series.loc["monday_news", "estimate"]) / (1 + series.loc["-", "estimate"])
    assert news == pytest.approx(1.0, abs=0.05)  # the null twin: a series that does nothing


def test_nothing_planted_in_making_or_maker_is_not_said_to_be_best(demo: Workspace) -> None:
    codes = [
        models.rank_posts(posts_of(demo, market), cell).code
        for market in ("US", "JP", "DE")
        for cell in ("making", "origin")
    ]
    assert codes.count("best") <= 1


def test_the_topic_wanted_in_one_market_is_found_there_only(demo: Workspace) -> None:
    ((market, topic, _),) = TRUTH.content.demand
    leads = {
        code: models.rank_posts(posts_of(demo, code), "topic").table["topic"].iloc[0] for code in ("US", "DE", market)
    }
    assert leads == {"US": "fans", "DE": "fans", market: topic}


def test_the_hour_is_found_at_equal_format_where_a_plain_table_names_the_evening(demo: Workspace) -> None:
    found = models.time_posts(posts_of(demo, "US"))
    assert found.code == "claimed" and 12 in found.hours and set(found.hours) <= {10, 11, 12, 13, 14}
    assert found.naive_hour is not None and found.naive_hour >= 18


def test_captions_and_combinations_without_an_effect_are_not_told_apart(demo: Workspace) -> None:
    posts = posts_of(demo, "US")
    assert int(models.read_captions(posts)["apart"].sum()) == 0
    assert int(models.read_combinations(posts)["apart"].sum()) <= 1


def test_posts_fade_as_planted_and_interaction_faster(demo: Workspace) -> None:
    posts = posts_of(demo, "US")
    faded = models.fading(warehouse.post_readings(warehouse.Store(demo), market="US"))
    assert models.summarise(faded).median == pytest.approx(TRUTH.content.half_life, rel=0.05)
    by_type = models.fading_by(faded, posts, "content_type")
    known = {name: one.median for name, one in by_type.items() if one.n >= 10}
    assert known["interaction"] == pytest.approx(dict(TRUTH.content.half_lives)["interaction"], rel=0.06)
    assert known["product"] == pytest.approx(TRUTH.content.half_life, rel=0.05)


def test_a_guest_brings_viewers_and_no_buyers(demo: Workspace) -> None:
    """Six markets with the same truth: all tell viewers apart, their mean is the planted factor; orders per viewer stay."""
    factors: dict[str, list[float]] = {"viewers": [], "bought": []}
    apart = {"viewers": 0, "bought": 0}
    for market in demo.markets:
        table = metrics.live_compared(warehouse.live_streams(warehouse.Store(demo), market=market))
        sign = 1 if table["kind"].iloc[0] == "Tea with a guest" else -1
        for _, row in table.iterrows():
            factors[row["measure"]].append(sign * float(np.log1p(row["estimate"])))
            apart[row["measure"]] += not row["ci_lower"] <= 0 <= row["ci_upper"]
    assert apart["viewers"] == len(demo.markets) and apart["bought"] <= 1
    assert np.mean(factors["viewers"]) == pytest.approx(np.log(TRUTH.live.guest_viewers), abs=0.08)
    assert np.mean(factors["bought"]) == pytest.approx(np.log(TRUTH.live.guest_buys), abs=0.08)


def test_the_calendar_slips_as_planted_and_nobody_else_made_a_post(demo: Workspace) -> None:
    posts = warehouse.tagged_posts(warehouse.Store(demo), market="US")
    kept = metrics.calendar_kept(posts).set_index("what")
    assert kept.loc["on_the_day", "estimate"] == pytest.approx(0.85, abs=0.05)
    assert kept.loc["signed_off", "estimate"] == pytest.approx(0.97, abs=0.02)
    made = metrics.origins(posts).set_index("origin")
    assert (
        made.loc["UGC", "hits"] == 0
        and metrics.against_stage(metrics.user_share(metrics.origins(posts)), "running") == "below"
    )
