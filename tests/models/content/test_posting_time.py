from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.models import posting_time
from fanops_utils.models.content.posting_time import posts_per_arm


def _posts(
    rng: np.random.Generator, *, n: int = 200, height: float = 0.0, office: bool = False, scatter: float = 0.6
) -> pd.DataFrame:
    """Formats follow the hour; the hour itself has one narrow bump at 13:00 of *height* (log)."""
    kind = rng.choice(["image", "carousel", "short_video"], n, p=[0.4, 0.3, 0.3])
    usual = np.select([kind == "short_video", kind == "image"], [20, 10], 14)
    hour = 8 + 10 * rng.random(n) if office else rng.normal(usual, 4, n) % 24
    away = np.abs((hour - 13 + 12) % 24 - 12)
    reach = np.exp(rng.normal(8, 0.6, n)).round() + 50
    mean = -2.5 + 0.8 * np.log(reach) + 0.7 * (kind == "short_video") + height * np.exp(-((away / 2.5) ** 2))
    count = rng.poisson(np.exp(mean + rng.normal(0, scatter, n)))
    return pd.DataFrame(
        {"post_type": kind, "hour_local": hour, "reach": reach, "engagements": count, "tz_source": "proved"}
    )


def test_hours_that_do_not_matter_are_hardly_ever_claimed() -> None:
    rng = np.random.default_rng(0)
    found = [posting_time(_posts(rng)) for _ in range(120)]
    assert sum(one.code == "claimed" for one in found) <= 0.05 * len(found)
    assert all(one.hours == () for one in found if one.code == "unclear")


def test_the_planted_hour_is_in_the_set_where_the_plain_table_is_fooled() -> None:
    rng = np.random.default_rng(1)
    found = [posting_time(_posts(rng, n=500, height=0.7)) for _ in range(30)]
    claimed = [one for one in found if one.code == "claimed"]
    assert len(claimed) >= 26
    assert sum(bool({12, 13} & set(one.hours)) for one in claimed) >= 0.9 * len(claimed)
    assert np.mean([len(one.hours) for one in claimed]) < 8
    assert sum(one.naive_hour in (12, 13) for one in found) <= 15


def test_hours_nobody_posted_at_are_not_told() -> None:
    found = posting_time(_posts(np.random.default_rng(2), office=True, height=0.5))
    outside = found.curve[(found.curve["hour"] < 6) | (found.curve["hour"] > 19)]
    assert not outside["supported"].any() and outside["effect"].isna().all()
    assert set(found.hours) <= set(found.curve.loc[found.curve["supported"], "hour"])


def test_only_proved_times_count() -> None:
    posts = _posts(np.random.default_rng(3), n=200, height=0.8)
    assumed = posts.assign(tz_source="assumed")
    assert posting_time(assumed).code == "no_times"
    both = posting_time(pd.concat([posts, assumed], ignore_index=True))
    assert (both.n, both.n_dropped) == (200, 200)
    assert posting_time(posts.head(40)).code == "few"


def test_the_test_by_lot_has_its_size() -> None:
    assert [posts_per_arm(sd) for sd in (0.32, 0.76)] == pytest.approx([49, 273], abs=2)


def test_real_posts_show_no_hour() -> None:
    path = next(shared("facebook_metrics").glob("**/dataset_Facebook.csv"))
    raw = pd.read_csv(path).rename(
        columns={"Total Interactions": "engagements", "Lifetime Post Total Reach": "reach", "Post Hour": "hour"}
    )
    found = posting_time(raw, hour="hour", factors=["Type", "Category", "Post Month", "Post Weekday", "Paid"])
    assert found.code == "unclear" and found.p_value > 0.2
