from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.models import hour_effect

PEAK = 12.5


def _posts(rng: np.random.Generator, *, n: int = 300, height: float = 0.25) -> pd.DataFrame:
    """Reels do better and are posted in the evening; the hour itself is best at 12:30."""
    kind = rng.choice(["image", "carousel", "short_video"], n, p=[0.4, 0.3, 0.3])
    usual = np.select([kind == "short_video", kind == "image"], [20, 10], 14)
    hour = rng.normal(usual, 3.5) % 24
    reach = np.round(np.exp(rng.normal(8.5, 0.8, n))) + 50
    rate = -3.5 + 0.7 * (kind == "short_video") + height * np.cos((hour - PEAK) * np.pi / 12)
    mean = reach * np.exp(rate)
    published = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 200, n), unit="D")
    return pd.DataFrame({
        "post_type": kind, "hour_local": hour, "reach": reach, "engagements": rng.negative_binomial(4, 4 / (4 + mean)),
        "weekday_local": rng.integers(0, 7, n), "published": published,
    })  # fmt: skip


def _true_gain(hour: float) -> float:
    return 0.25 * float(np.cos((hour - PEAK) * np.pi / 12))


def test_the_planted_hour_is_found_where_the_table_of_averages_is_fooled() -> None:
    rng = np.random.default_rng(0)
    found = [hour_effect(_posts(rng), weekday="weekday_local", published="published") for _ in range(40)]
    adjusted = np.mean([_true_gain(item.best_hour.estimate) for item in found if item.best_hour])
    naive = np.mean([_true_gain(item.naive_hour + 0.5) for item in found if item.naive_hour is not None])
    covered = sum(item.best_hour.ci_lower <= PEAK <= item.best_hour.ci_upper for item in found if item.best_hour)
    assert adjusted > 0.22 and naive < 0.05
    assert covered >= 34 and all(item.supported and item.evident for item in found)


def test_an_hour_that_does_not_matter_is_called_evident_in_five_percent() -> None:
    rng = np.random.default_rng(1)
    p_values = np.array([hour_effect(_posts(rng, n=120, height=0)).p_value for _ in range(200)])
    assert np.mean(p_values < 0.05) <= 0.08
    assert 0.4 <= np.mean(p_values < 0.5) <= 0.6


def test_the_curve_peaks_at_the_best_hour_and_counts_posts() -> None:
    posts = _posts(np.random.default_rng(2))
    found = hour_effect(posts)
    assert found.best_hour is not None
    assert abs(found.curve.loc[found.curve["effect"].idxmax(), "hour"] - found.best_hour.estimate) <= 0.5
    assert found.curve["n"].sum() == found.naive["n"].sum() == len(posts)
    assert ((found.curve["ci_lower"] < found.curve["effect"]) & (found.curve["effect"] < found.curve["ci_upper"])).all()


def test_a_peak_at_night_without_posts_is_not_supported() -> None:
    rng = np.random.default_rng(3)
    posts = _posts(rng)
    posts["hour_local"] = rng.uniform(9, 17, len(posts))
    trend = np.exp(-0.15 * (posts["hour_local"] - 13))  # ever better towards the morning
    posts["engagements"] = rng.poisson(posts["reach"] * 0.03 * trend)
    found = hour_effect(posts)
    assert found.best_hour is not None and found.best_hour.estimate < 9 and not found.supported


def test_few_posts_give_no_estimate() -> None:
    posts = _posts(np.random.default_rng(4)).head(59)
    found = hour_effect(posts)
    assert not found.enough and found.best_hour is None and np.isnan(found.p_value) and found.curve.empty
    assert found.n == 59


def test_posts_that_miss_something_are_dropped_and_counted() -> None:
    posts = _posts(np.random.default_rng(5))
    posts.loc[:4, "reach"] = 0
    posts.loc[5:9, "hour_local"] = np.nan
    found = hour_effect(posts)
    assert (found.n, found.n_dropped) == (290, 10)


def test_an_hour_outside_the_day_is_refused() -> None:
    posts = _posts(np.random.default_rng(6))
    posts.loc[0, "hour_local"] = 31
    with pytest.raises(DataError, match="31"):
        hour_effect(posts)
