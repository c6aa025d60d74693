from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics import share_of_voice, weekly_negative


def _mentions(negatives: list[int], *, others: int = 50) -> pd.DataFrame:
    monday = pd.Timestamp("2026-01-05")
    rows = []
    for week, count in enumerate(negatives):
        for number in range(count + others):
            moment = monday + pd.Timedelta(weeks=week, days=number % 7)
            rows.append((moment, "Lumen", "negative" if number < count else "neutral"))
    return pd.DataFrame(rows, columns=["date_day", "brand", "sentiment"])


def test_share_of_voice_adds_up_and_fixes_the_list_of_rivals() -> None:
    mentions = pd.DataFrame({"brand": ["Lumen"] * 6 + ["Kettle"] * 3 + ["Other"] * 100, "market": ["US"] * 109})
    frame = share_of_voice(mentions, brand="Lumen", rivals=["Kettle", "Verdant"])
    assert frame.set_index("brand")["mentions"].to_dict() == {"Lumen": 6, "Kettle": 3, "Verdant": 0}
    assert frame["estimate"].sum() == pytest.approx(1) and (frame["n"] == 9).all()
    everyone = share_of_voice(mentions, brand="Lumen", by="market")
    assert everyone.loc[0, "brand"] == "Other" and set(everyone["market"]) == {"US"}


def test_where_only_rivals_are_mentioned_there_is_no_share_and_no_week() -> None:
    mentions = _mentions([5, 5, 5]).assign(brand="Kettle")
    assert share_of_voice(mentions, brand="Lumen").empty and share_of_voice(mentions, brand="Lumen", by="brand").empty
    assert weekly_negative(mentions, brand="Lumen").empty


def test_a_planted_spike_raises_one_alarm() -> None:
    frame = weekly_negative(_mentions([12, 9, 14, 11, 10, 13, 12, 8, 11, 40, 12, 10]), brand="Lumen")
    assert frame.index[frame["alarm"]].tolist() == [9]
    assert frame.loc[9, "ratio"] == pytest.approx(40 / np.mean([12, 9, 14, 11, 10, 13, 12, 8, 11]))
    assert frame.loc[10, "expected"] < 12  # the alarm itself is no part of the next baseline


def test_few_negatives_never_alarm_and_few_weeks_never_judge() -> None:
    frame = weekly_negative(_mentions([0, 0, 0, 0, 0, 0, 0, 0, 9]), brand="Lumen")
    assert not frame["alarm"].any() and frame.loc[8, "p_value"] < 0.01
    assert frame["p_value"].isna().sum() == 6


def test_unlabelled_mentions_stay_out_of_the_share() -> None:
    mentions = _mentions([5, 5], others=15)
    mentions["sentiment"] = mentions["sentiment"].where(mentions.index % 20 < 10)
    frame = weekly_negative(mentions, brand="Lumen", as_of=date(2026, 1, 18))
    assert frame["n"].tolist() == [10, 10] and frame["unlabelled"].tolist() == [10, 10]
    assert frame["estimate"].tolist() == [0.5, 0.5]


def test_an_unfinished_week_is_marked() -> None:
    frame = weekly_negative(_mentions([5, 5, 5]), brand="Lumen", as_of=date(2026, 1, 20))
    assert frame["complete"].tolist() == [True, True, False]


def test_overdispersed_weeks_alarm_about_once_a_year() -> None:
    rng = np.random.default_rng(2)
    counts = rng.negative_binomial(5, 5 / (5 + 25), 400)
    frame = weekly_negative(_mentions(counts.tolist(), others=1), brand="Lumen")
    assert frame["alarm"].mean() <= 0.035
