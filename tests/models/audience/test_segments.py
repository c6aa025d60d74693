from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.models import TierThresholds, activity_gap, migration, segment_shares, tiers

AS_OF = date(2026, 10, 31)
MEMBERS = pd.DataFrame({
    "member_key": list("abcdef"),
    "joined_on": pd.to_datetime(["2026-01-01"] * 3 + ["2026-10-20", "2026-01-01", "2026-10-25"]),
    "last_active": pd.to_datetime(["2026-10-30", "2026-10-30", "2026-09-20", None, "2026-03-01", "2026-10-30"]),
    "active_days_28": pd.array([10, 4, 0, 0, 0, 9], dtype="Int64"),
    "spend": pd.array([10, 500, None, 0, 900, 1], dtype="Float64"),
})  # fmt: skip


def _tiers(**thresholds: float) -> pd.DataFrame:
    rules = TierThresholds(**thresholds)  # type: ignore[arg-type]
    return tiers(MEMBERS, thresholds=rules, as_of=AS_OF).set_index("member_key")


def test_the_first_rule_that_fits_decides() -> None:
    found = _tiers(spend=200)["tier"].to_dict()
    expected = {"a": "loyal", "b": "high-value", "c": "ordinary", "d": "ordinary", "e": "ordinary", "f": "active"}
    assert found == expected  # e spent most but is long gone; f is busy but joined last week


def test_without_a_spend_rule_nobody_is_high_value() -> None:
    assert "high-value" not in set(_tiers()["tier"])


def test_stages_follow_the_declared_gap() -> None:
    assert _tiers()["stage"].to_dict() == {
        "a": "active", "b": "active", "c": "at-risk", "d": "new", "e": "silent", "f": "new",
    }  # fmt: skip
    assert _tiers(gap=45)["stage"]["c"] == "active"


def test_shares_add_up_and_keep_empty_tiers() -> None:
    frame = segment_shares(tiers(MEMBERS, thresholds=TierThresholds(), as_of=AS_OF), "tier").set_index("tier")
    assert frame["members"].to_dict() == {"high-value": 0, "loyal": 1, "active": 2, "ordinary": 3}
    assert frame["estimate"].sum() == pytest.approx(1) and frame.loc["high-value", "ci_upper"] > 0
    assert frame["activity_share"].to_dict() == pytest.approx(
        {"high-value": 0, "loyal": 10 / 23, "active": 13 / 23, "ordinary": 0}
    )


def test_migration_counts_every_member_once() -> None:
    now = tiers(MEMBERS, thresholds=TierThresholds(), as_of=AS_OF)
    table = migration(now.iloc[:4], now.iloc[1:])
    assert table.to_numpy().sum() == 6
    assert table.loc["loyal", "gone"] == 1 and table.loc["joined"].sum() == 2


def test_the_gap_is_the_quantile_of_members_own_gaps() -> None:
    rng = np.random.default_rng(0)
    gaps = rng.geometric(0.2, (200, 30))
    day = pd.Timestamp("2026-01-01") + pd.to_timedelta(gaps.cumsum(axis=1).ravel(), unit="D")
    seen = pd.DataFrame({"member_key": np.repeat(np.arange(200), 30), "date_day": day})
    assert activity_gap(pd.concat([seen, seen])) == pytest.approx(np.log(0.05) / np.log(0.8), abs=1)
    with pytest.raises(DataError, match="two days"):
        activity_gap(seen.groupby("member_key").head(1))


def test_contradictions_are_refused() -> None:
    with pytest.raises(DataError, match="twice"):
        tiers(pd.concat([MEMBERS, MEMBERS]), thresholds=TierThresholds(), as_of=AS_OF)
    with pytest.raises(DataError, match="2026-10-30"):
        tiers(MEMBERS, thresholds=TierThresholds(), as_of=date(2026, 10, 29))
    with pytest.raises(DataError, match="active_days_28"):
        tiers(MEMBERS.assign(active_days_28=np.nan), thresholds=TierThresholds(), as_of=AS_OF)
    with pytest.raises(DataError, match="loyal"):
        TierThresholds(active_days=9, loyal_days=8)
