from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models import excess_share, negative_shares, weekly_shares


def _mentions(rng: np.random.Generator, *, days: int = 84, share: float = 0.2) -> pd.DataFrame:
    """News waves: the brand's mentions rise and fall together by weeks."""
    weeks = np.exp(rng.normal(0, 0.5, days // 7 + 1) - 0.125)
    rows = []
    for day in range(days):
        ours = rng.poisson(40 * share * weeks[day // 7])
        theirs = rng.poisson(40 * (1 - share))
        rows += [
            (pd.Timestamp("2026-01-01") + pd.Timedelta(days=day), name) for name in ["us"] * ours + ["them"] * theirs
        ]
    return pd.DataFrame(rows, columns=["date_day", "brand"])


def test_intervals_over_weeks_hold_the_share_under_news_waves() -> None:
    rng = np.random.default_rng(0)
    hold, wilson = 0, 0
    for _ in range(120):
        row = weekly_shares(_mentions(rng), brands=["us", "them"]).iloc[0]
        hold += row["ci_lower"] <= 0.2 <= row["ci_upper"]
        half = 1.645 * np.sqrt(row["estimate"] * (1 - row["estimate"]) / row["n"])
        wilson += abs(row["estimate"] - 0.2) <= half
    assert hold >= 98
    assert wilson <= 75  # single mentions are no sample: as if they were, the interval holds it in half of the cases


def test_shares_add_up_and_a_piece_of_a_week_is_left_out() -> None:
    table = weekly_shares(_mentions(np.random.default_rng(1), days=31), brands=["us", "them"])
    assert table["estimate"].sum() == pytest.approx(1) and set(table["weeks"]) == {4}
    assert weekly_shares(_mentions(np.random.default_rng(1), days=20), brands=["us", "them"])["ci_lower"].isna().all()
    assert weekly_shares(pd.DataFrame({"date_day": [], "brand": []}), brands=["us"])["n"].tolist() == [0]


def test_two_voices_are_told_apart_by_their_weeks() -> None:
    rng = np.random.default_rng(3)
    loud = weekly_shares(_mentions(rng, share=0.35), brands=["them", "us"]).set_index("brand")
    assert loud.loc["us", "pair_lower"] > 0.5
    called = 0
    for _ in range(60):
        table = weekly_shares(_mentions(rng, share=0.5), brands=["us", "them"]).set_index("brand")
        called += not table.loc["them", "pair_lower"] <= 0.5 <= table.loc["them", "pair_upper"]
    assert called <= 12, "nine in ten hold"


def test_negative_shares_rest_on_labelled_mentions() -> None:
    mentions = _mentions(np.random.default_rng(2))
    label = np.where(np.arange(len(mentions)) % 5 == 0, "negative", "neutral").astype(object)
    label[::7] = None
    table = negative_shares(mentions.assign(sentiment=label), brands=["us", "nobody"])
    assert table.loc[0, "estimate"] == pytest.approx(0.2, abs=0.02) and table.loc[1, "n"] == 0


def test_excess_share_carries_both_errors() -> None:
    assert excess_share((0.3, 0.25, 0.35), (0.2, 0.2, 0.2)) == pytest.approx((0.1, 0.05, 0.15))
    both = excess_share((0.3, 0.25, 0.35), (0.2, 0.15, 0.25))
    assert both[1] < 0.05 and both[2] > 0.15
