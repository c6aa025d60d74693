from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics import campaign_audience, stayed
from fanops_utils.workspace.register import Period

LIVE = Period(start=date(2026, 5, 11), end=date(2026, 5, 20))


def test_new_and_existing_members_by_hand() -> None:
    fans = pd.DataFrame(
        {"member_key": list("abcd"), "joined_on": ["2026-01-01", "2026-05-05", "2026-05-12", "2026-05-20"]}
    )
    acts = pd.DataFrame({
        "member_key": ["a", "b", "a", "a", "c", "c", "z"],
        "date_day": ["2026-05-02", "2026-05-05", "2026-05-11", "2026-05-11", "2026-05-12", "2026-05-13", "2026-05-14"],
    })  # fmt: skip
    table = campaign_audience(fans, acts, live=LIVE).set_index("window")
    assert table.loc["before", ["joined", "active", "active_new"]].tolist() == [1, 2, 1]
    assert table.loc["campaign", ["joined", "active", "active_new"]].tolist() == [2, 3, 1]
    assert table.loc["campaign", "estimate"] == pytest.approx(1 / 3)
    assert table.loc["campaign", "active_days_each"] == pytest.approx(4 / 3)
    assert (table.loc["before", "start"], table.loc["before", "end"]) == (date(2026, 5, 1), date(2026, 5, 10))


def test_both_cohorts_are_followed_equally_long() -> None:
    rng = np.random.default_rng(1)
    size = 4000
    joined = pd.Timestamp("2026-05-01") + pd.to_timedelta(rng.integers(0, 20, size), unit="D")
    fans = pd.DataFrame({"member_key": np.arange(size).astype(str), "joined_on": joined})
    # Everybody comes back on one day, uniformly within 60: by day 7 to 21 the same share in both cohorts.
    acts = pd.DataFrame(
        {"member_key": fans["member_key"], "date_day": joined + pd.to_timedelta(rng.integers(1, 61, size), unit="D")}
    )
    table = stayed(fans, acts, live=LIVE, as_of=date(2026, 6, 25)).set_index(["window", "day"])
    for window in ("before", "campaign"):
        assert table.loc[(window, 7), "estimate"] == pytest.approx(15 / 60, abs=0.04)
        assert table.loc[(window, 7), "n_immature"] == 0
    assert table.loc[("campaign", 30), "n"] < table.loc[("before", 30), "n"], "the youngest have not had their days yet"
    assert table.loc[("before", 30), "estimate"] == pytest.approx(15 / 60, abs=0.04)
