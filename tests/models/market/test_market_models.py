"""What changed, what is asked for, who is talked about: planted and not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils import models

UNTIL = pd.Timestamp("2026-10-31")


def posts(seed: int, *, shift: float = 0.0, better: float = 1.0, size: int = 120) -> pd.DataFrame:
    """Return posts of 168 days; in the later half *shift* more of them are videos, and all earn *better* times as much."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, 168, size))
    late = day >= 84
    video = rng.random(size) < np.where(late, 0.4 + shift, 0.4)
    reach = np.rint(np.exp(8 + 0.3 * rng.standard_normal(size)))
    rate = np.where(video, 0.08, 0.04) * np.where(late, better, 1.0) * np.exp(0.1 * rng.standard_normal(size))
    return pd.DataFrame({
        "created_local": UNTIL - pd.to_timedelta(167 - day, unit="D"),
        "post_type": np.where(video, "video", "image"), "reach": reach,
        "likes": rng.poisson(reach * rate), "comments": 0, "shares": 0, "saves": 0,
        "engagements": pd.array([None] * size, dtype="Int64"),
        "topic": rng.choice(["a", "b", "c", "d"], size),
    })  # fmt: skip


def split(frame: pd.DataFrame) -> models.Split:
    windows = (UNTIL - pd.Timedelta(days=167), UNTIL - pd.Timedelta(days=84))
    return models.change_split(
        frame, day="created_local", since=UNTIL - pd.Timedelta(days=83), before=windows, denominator="reach"
    )


def test_the_parts_add_up_and_the_planted_part_carries_the_change() -> None:
    mix = split(posts(1, shift=0.4))
    assert mix.change == pytest.approx(mix.mix.estimate + mix.rate.estimate, abs=1e-12)
    assert mix.mix.ci_lower > 0 and mix.clear == ("mix",)
    own = split(posts(2, better=1.4))
    assert own.rate.ci_lower > 0
    assert abs(own.mix.estimate) < own.rate.estimate / 2


def test_nothing_planted_is_within_the_luck_of_posts() -> None:
    told = [split(posts(seed)) for seed in range(100)]
    outside = [part.ci_lower > 0 or part.ci_upper < 0 for one in told for part in (one.mix, one.rate)]
    assert np.mean(outside) < 0.18
    assert sum(bool(one.clear) for one in told) <= 5
    assert split(posts(1, size=30)).code == "few"


def test_a_topic_asked_for_and_seldom_posted_is_a_gap_and_null_topics_are_not() -> None:
    frame = posts(3, size=400)
    rng = np.random.default_rng(4)
    frame["topic"] = rng.choice(["tea", "cups", "shop", "rare"], 400, p=[0.32, 0.3, 0.28, 0.1])
    planted = frame.assign(likes=np.where(frame["topic"] == "rare", frame["likes"] * 1.35, frame["likes"]))
    marks = models.topic_demand(planted).table.set_index("topic")["mark"]
    assert marks["rare"] == "gap"
    false = []
    for seed in range(60):
        null = posts(seed, size=200)
        false.append(models.topic_demand(null).table["mark"].isin(["gap", "more", "less"]).any())
    assert np.mean(false) < 0.05
    assert not models.topic_demand(posts(1, size=60)).marked


def mentions(seed: int, *, crisis: bool = False, louder: float = 1.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for back in range(7 * 30):
        wave = np.exp(0.3 * np.random.default_rng(back // 7).standard_normal())
        for brand in ("us", "them", "others"):
            mean = 6 * wave * (louder if brand == "us" and back < 84 else 1)
            for _ in range(rng.poisson(mean)):
                rows.append(
                    (
                        UNTIL - pd.Timedelta(days=back),
                        brand,
                        rng.choice(["positive", "negative"], p=[0.9, 0.1]),
                        rng.choice(["price", "taste"]),
                        "x",
                    )
                )
    if crisis:
        rows += [(UNTIL - pd.Timedelta(days=2), "us", "negative", "packaging", "instagram")] * 40
    return pd.DataFrame(rows, columns=["date_day", "brand", "sentiment", "topic", "platform"])


def test_a_louder_brand_moved_and_an_unchanged_one_did_not() -> None:
    found = models.conversation(mentions(1, louder=2.0), brand="us", rivals=["them", "others"], until=UNTIL)
    assert found.table.set_index("brand").loc["us", "moved"] == "up"
    moved = [
        (
            models.conversation(mentions(seed), brand="us", rivals=["them", "others"], until=UNTIL).table["moved"]
            != "unclear"
        ).any()
        for seed in range(40)
    ]
    assert np.mean(moved) <= 0.1
    assert found.hhi == pytest.approx((found.table["share"] ** 2).sum())


def test_the_topic_of_a_week_of_criticism_is_named_and_none_in_a_usual_week() -> None:
    week = UNTIL - pd.Timedelta(days=6)
    found = models.cause_of(mentions(2, crisis=True), brand="us", week_start=week)
    assert found is not None
    assert (found.topic, found.seen, found.source) == ("packaging", 40, "instagram")
    named = [one.topic for seed in range(40) if (one := models.cause_of(mentions(seed), brand="us", week_start=week))]
    assert np.mean([bool(name) for name in named]) < 0.08


def test_formats_that_shifted_are_called_and_steady_ones_are_not() -> None:
    rng = np.random.default_rng(6)

    def half_years(before: float, after: float, seed: int) -> pd.DataFrame:
        back = np.r_[rng.integers(0, 182, 100), rng.integers(182, 364, 100)]
        share = np.where(back < 182, after, before)
        kind = np.where(np.random.default_rng(seed).random(200) < share, "video", "image")
        return pd.DataFrame(
            {
                "created_local": UNTIL - pd.to_timedelta(back, unit="D"),
                "post_type": kind,
                "likes": 10,
                "engagements": 10,
            }
        )

    assert (models.format_trend(half_years(0.3, 0.6, 1), until=UNTIL)["moved"] != "unclear").all()
    false = [
        (models.format_trend(half_years(0.4, 0.4, seed), until=UNTIL)["moved"] != "unclear").any()
        for seed in range(100)
    ]
    assert sum(false) <= 5


@pytest.mark.parametrize(
    ("columns", "base"),
    [
        ({"reach": [10, 20]}, "reach"),
        ({"reach": [None, None], "views": [5, 6]}, "views"),
        ({"impressions": [5, 6]}, "impressions"),
        ({}, None),
    ],
)
def test_interactions_are_divided_by_what_the_platform_tells(columns: dict[str, list[int]], base: str | None) -> None:
    frame = pd.DataFrame(
        {"likes": [1, 2], **{name: pd.array(values, dtype="Int64") for name, values in columns.items()}}
    )
    assert models.usual_denominator(frame) == base


def test_formats_of_each_platform_are_held_against_their_own_past() -> None:
    rng = np.random.default_rng(8)
    back = np.r_[rng.integers(0, 182, 120), rng.integers(182, 364, 120)]
    frame = pd.DataFrame({"created_local": UNTIL - pd.to_timedelta(back, unit="D"), "engagements": 10, "likes": 10})
    moving = frame.assign(
        platform="x", post_type=np.where(rng.random(240) < np.where(back < 182, 0.7, 0.3), "video", "image")
    )
    steady = frame.assign(platform="linkedin", post_type=np.where(rng.random(240) < 0.5, "video", "image"))
    alone = frame.assign(platform="tiktok", post_type="short_video")
    table = models.format_trends(pd.concat([moving, steady, alone], ignore_index=True), until=UNTIL)
    assert set(table["platform"]) == {"x", "linkedin"}
    assert set(table.loc[table["platform"] == "x", "moved"]) == {"up", "down"}
    assert set(table.loc[table["platform"] == "linkedin", "moved"]) == {"unclear"}


def test_posts_of_a_few_weeks_are_read_against_the_year_of_their_format() -> None:
    frame = posts(9, size=120).assign(post_message="x", post_url="y")
    since = UNTIL - pd.Timedelta(days=27)
    read = models.posts_to_read(frame, denominator="reach", since=since)
    assert len(read) and (read["created_local"] >= since).all()
    assert models.posts_to_read(frame[frame["created_local"] >= since].head(8), denominator="reach").empty
    middle = frame.loc[frame["post_type"] == "video"]
    usual = (middle["likes"] / middle["reach"]).median()
    assert read.loc[read["post_type"] == "video", "usual"].eq(usual).all()
