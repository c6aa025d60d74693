from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.errors import DataError
from fanops_utils.metrics import by_group, engagement_rate, interactions
from fanops_utils.metrics.shrinkage import shrink


def _posts(**columns: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array(values, dtype="Int64") for name, values in columns.items()})


def _facebook() -> pd.DataFrame:
    path = shared("facebook_metrics") / "dataset_Facebook.csv"
    names = {"Type": "post_type", "Lifetime Post Total Reach": "reach", "Total Interactions": "engagements"}
    parts = {"like": "likes", "comment": "comments", "share": "shares"}
    return pd.read_csv(path, lineterminator="\r").rename(columns=names | parts)


def test_exported_interactions_win_and_unknown_parts_are_not_charged() -> None:
    posts = _posts(likes=[5, 5, None, None], comments=[1, None, None, 2], engagements=[99, None, None, None])
    assert interactions(posts).tolist() == [99, 5, pd.NA, 2]


def test_interactions_need_some_column() -> None:
    with pytest.raises(DataError, match="engagements"):
        interactions(_posts(reach=[1]))


def test_rate_drops_and_counts_posts_without_denominator() -> None:
    posts = _posts(reach=[100, 400, 0, None, 50], engagements=[10, 20, 3, 3, None])
    found = engagement_rate(posts)
    assert found.mean_of_posts.estimate == pytest.approx(0.075)
    assert found.pooled.estimate == pytest.approx(30 / 500)
    assert (found.n_posts, found.n_used, found.n_dropped) == (5, 2, 3)


def test_an_unknown_denominator_is_refused() -> None:
    with pytest.raises(DataError, match="Did you mean 'impressions'"):
        engagement_rate(_posts(engagements=[1]), denominator="impresions")  # type: ignore[arg-type]


def test_groups_say_how_many_posts_they_rest_on() -> None:
    rng = np.random.default_rng(0)
    kinds = ["image"] * 40 + ["video"] * 15 + ["link"] * 5
    posts = pd.DataFrame({"post_type": kinds, "reach": rng.integers(500, 5000, 60)})
    posts["engagements"] = rng.binomial(posts["reach"], 0.03)
    frame = by_group(posts, "post_type").set_index("post_type")
    assert frame["hidden"].to_dict() == {"image": False, "video": False, "link": True}
    assert frame["enough"].to_dict() == {"image": True, "video": False, "link": False}
    assert ((frame["ci_lower"] < frame["estimate"]) & (frame["estimate"] < frame["ci_upper"])).all()


def test_shrinkage_beats_raw_means_on_planted_truth() -> None:
    rng = np.random.default_rng(3)
    raw_error = shrunk_error = 0.0
    for _ in range(50):
        truth, error = rng.normal(0.03, 0.003, 12), rng.uniform(0.001, 0.01, 12)
        seen = rng.normal(truth, error)
        raw_error += float(np.sum((seen - truth) ** 2))
        shrunk_error += float(np.sum((shrink(seen, error**2) - truth) ** 2))
    assert shrunk_error < 0.6 * raw_error


def test_shrinkage_gives_a_group_of_one_the_common_mean() -> None:
    found = shrink(np.array([0.02, 0.03, 0.9]), np.array([1e-6, 1e-6, np.nan]))
    assert found[2] == pytest.approx(0.025)


def test_facebook_page_gives_the_published_numbers() -> None:
    posts = _facebook()
    assert interactions(posts.drop(columns="engagements")).eq(interactions(posts)).sum() == 500
    rate = engagement_rate(posts)
    assert (rate.mean_of_posts.estimate, rate.pooled.estimate) == pytest.approx((0.02407, 0.01526), abs=5e-6)
    means = by_group(posts, "post_type").set_index("post_type")["mean_interactions"].round(2).to_dict()
    assert means == {"Video": 295.86, "Status": 217.04, "Photo": 216.58, "Link": 89.05}


def test_seven_facebook_videos_name_no_best_format() -> None:
    frame = by_group(_facebook(), "post_type").set_index("post_type")
    assert frame.loc["Video", "hidden"]
    assert frame.loc["Video", "mean_ci_lower"] < frame.loc["Photo", "mean_interactions"]
