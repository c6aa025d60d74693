"""The figures of a market and a community: days without an event count zero, what no file tells is left out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics import market_changes, member_changes

DAYS = pd.date_range("2026-01-01", periods=200)


def test_a_market_has_what_its_files_tell() -> None:
    accounts = pd.DataFrame({"date_day": DAYS, "platform": "instagram", "engagements": 10.0, "views": np.nan})
    mentions = pd.DataFrame({"date_day": DAYS[::2], "brand": "B", "sentiment": ["negative", "neutral"] * 50})
    told = market_changes(accounts, mentions, platform="instagram", brand="B")
    assert set(told) == {"engagements", "mentions", "negative"}
    assert told["engagements"].value == 280
    assert told["mentions"].value == 14
    assert told["negative"].value == pytest.approx(0.5)
    assert market_changes(accounts.iloc[:0], mentions, platform="instagram", brand="other") == {}


def test_members_are_counted_once_however_often_they_came() -> None:
    fans = pd.DataFrame({"member_key": ["a", "b", "c"], "joined_on": [DAYS[0], DAYS[0], DAYS[190]]})
    active = pd.DataFrame({"member_key": ["a"] * 200 + ["b"] * 100, "date_day": [*DAYS, *DAYS[:100]]})
    told = member_changes(fans, active, as_of=DAYS[-1].date())
    assert (told["active"].value, told["joined"].value) == (1, 1)
    assert told["active"].change == pytest.approx(0.0)
    earlier = member_changes(fans, active, as_of=date(2026, 4, 5))
    assert earlier["active"].value == 2
