from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models import fading, summarise

AGES = (3.0, 6.0, 12.0, 24.0, 48.0, 72.0, 168.0)


def _readings(
    rng: np.random.Generator, *, half: float, posts: int = 25, ages: tuple[float, ...] = AGES
) -> pd.DataFrame:
    age = np.array(ages)
    rows = []
    for post in range(posts):
        part = 1 - 2.0 ** (-age / half)
        rows.append(
            pd.DataFrame(
                {"post_id": f"p{post:02d}", "age_hours": age, "interactions": np.rint(rng.integers(400, 4000) * part)}
            )
        )
    return pd.concat(rows, ignore_index=True)


@pytest.mark.parametrize("half", [8.0, 24.0, 60.0])
def test_the_planted_half_life_is_read_off(half: float) -> None:
    found = summarise(fading(_readings(np.random.default_rng(0), half=half)))
    week = half * -np.log2(1 - (1 - 2.0 ** (-168 / half)) / 2)  # to half of the seven-day total
    assert found.median == pytest.approx(week, rel=0.06)
    assert found.n == 25 and found.n_under == 0
    assert found.share_at_72 == pytest.approx((1 - 2.0 ** (-72 / half)) / (1 - 2.0 ** (-168 / half)), abs=0.01)


def test_what_was_half_there_at_the_first_reading_is_only_known_to_be_under_it() -> None:
    found = summarise(fading(_readings(np.random.default_rng(1), half=6.0, ages=(24.0, 72.0, 168.0))))
    assert np.isnan(found.median) and (found.n, found.n_under, found.under) == (25, 25, 24.0)


def test_a_post_without_a_seven_day_reading_has_no_half_life() -> None:
    rng = np.random.default_rng(2)
    short = _readings(rng, half=24.0, ages=(3.0, 24.0, 72.0))
    lifetime = _readings(rng, half=24.0, ages=(5000.0,)).assign(post_id=lambda one: "x" + one["post_id"])
    late = _readings(rng, half=24.0, ages=(170.0, 900.0)).assign(post_id=lambda one: "y" + one["post_id"])
    found = summarise(fading(pd.concat([short, lifetime, late], ignore_index=True)))
    assert (found.n, found.n_without) == (0, 75) and np.isnan(found.median)


def test_too_few_posts_have_no_median_and_wide_gaps_are_not_bridged() -> None:
    rng = np.random.default_rng(3)
    assert np.isnan(summarise(fading(_readings(rng, half=24.0, posts=9))).median)
    assert fading(_readings(rng, half=40.0, ages=(1.0, 100.0, 168.0)))["half_life"].isna().all()


def test_of_two_groups_the_slower_is_the_slower() -> None:
    rng = np.random.default_rng(4)
    fast, slow = (summarise(fading(_readings(rng, half=half))) for half in (8.0, 24.0))
    assert fast.ci_upper < slow.ci_lower
