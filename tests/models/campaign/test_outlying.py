"""Posts against what their kind usually gets: how far below, and how many earlier ones lay as low."""

from __future__ import annotations

import pandas as pd
import pytest
from campaign_briefs import brief

from fanops_utils.models import posts_against_usual


def posts(before: list[int], live: list[int], *, kind: str = "image", account: str = "a") -> pd.DataFrame:
    days = [*pd.date_range("2026-02-16", periods=len(before)), *pd.date_range("2026-04-13", periods=len(live))]
    frame = pd.DataFrame({"created_local": days, "engagements": [*before, *live]})
    return frame.assign(
        post_id=[f"{kind}{n}" for n in range(len(days))], account_id=account, post_type=kind, reach=1_000
    )


def test_the_worst_comes_first_with_its_share_of_the_usual() -> None:
    found = posts_against_usual(posts([10, 20, 30, 40, 50] * 4, [30, 10, 60]), brief())
    assert found["ratio"].tolist() == pytest.approx([1 / 3, 1.0, 2.0])
    assert found[["as_low", "n"]].iloc[0].tolist() == [4, 20], "a fifth of the posts before lay as low: nothing unusual"
    assert found["usual"].iloc[0] == 30


def test_a_kind_seen_too_seldom_before_or_a_post_without_reach_is_left_out() -> None:
    assert posts_against_usual(posts([10] * 9, [1]), brief()).empty
    unknown = posts([10] * 12, [1]).assign(reach=[1_000.0] * 12 + [None])
    assert posts_against_usual(unknown, brief()).empty


def test_the_account_s_own_posts_count_where_they_are_enough() -> None:
    other = posts([40] * 12, [], account="b")
    own = posts([20] * 12, [20])
    assert posts_against_usual(pd.concat([own, other]), brief())["ratio"].tolist() == [1.0]
    few = posts([20] * 3, [20])
    assert posts_against_usual(pd.concat([few, other]), brief())["ratio"].tolist() == [0.5]
