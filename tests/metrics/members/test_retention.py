from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.errors import DataError
from fanops_utils.metrics import retention, retention_curve

FANS = pd.DataFrame({
    "member_key": ["a", "b", "c", "d"],
    "joined_on": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-01-03", "2026-01-09"]),
    "market": ["US", "BR", "US", "US"],
})  # fmt: skip
ACTIVE = pd.DataFrame({
    "member_key": ["a", "a", "b", "c", "c", "d", "x"],
    "date_day": pd.to_datetime(
        ["2026-01-01", "2026-01-08", "2026-01-20", "2026-01-10", "2026-01-10", "2026-01-16", "2026-01-08"]
    ),
})  # fmt: skip


def _day7(**options: object) -> dict[str, float]:
    frame = retention(FANS, ACTIVE, day=7, as_of=date(2026, 1, 12), **options)  # type: ignore[arg-type]
    return frame.iloc[0][["retained", "n", "n_immature"]].to_dict()


def test_only_the_exact_day_and_mature_fans_count() -> None:
    assert _day7() == {"retained": 2, "n": 3, "n_immature": 1}


def test_unbounded_counts_later_days_up_to_as_of() -> None:
    assert _day7(kind="unbounded")["retained"] == 2
    later = retention(FANS, ACTIVE, day=7, kind="unbounded", as_of=date(2026, 1, 20))
    assert later.loc[0, ["retained", "n"]].tolist() == [4, 4]


def test_groups_are_kept_apart() -> None:
    frame = retention(FANS, ACTIVE, day=7, as_of=date(2026, 1, 12), by="market").set_index("market")
    assert frame["estimate"].to_dict() == {"BR": 0.0, "US": 1.0}
    assert frame["n"].to_dict() == {"BR": 1, "US": 2}


def test_immature_cohorts_do_not_pull_retention_down() -> None:
    young = FANS.assign(joined_on=pd.Timestamp("2026-01-11"), member_key=["e", "f", "g", "h"])
    both = retention(pd.concat([FANS, young]), ACTIVE, day=7, as_of=date(2026, 1, 12))
    assert both.loc[0, "estimate"] == pytest.approx(2 / 3)


def test_nobody_mature_is_unknown_not_zero() -> None:
    frame = retention(FANS, ACTIVE, day=30, as_of=date(2026, 1, 12))
    assert frame.loc[0, "n"] == 0 and pd.isna(frame.loc[0, "estimate"])


def test_meaningless_questions_are_refused() -> None:
    with pytest.raises(DataError, match="day 0"):
        retention(FANS, ACTIVE, day=0, as_of=date(2026, 1, 12))
    with pytest.raises(DataError, match="unbounded"):
        retention(FANS, ACTIVE, day=7, kind="unbound", as_of=date(2026, 1, 12))  # type: ignore[arg-type]
    with pytest.raises(DataError, match="twice"):
        retention(pd.concat([FANS, FANS]), ACTIVE, day=7, as_of=date(2026, 1, 12))


def test_college_messages_give_the_published_retention() -> None:
    sent = pd.read_csv(shared("college_msg") / "CollegeMsg.txt", sep=" ")
    active = pd.DataFrame(
        {"member_key": sent["src"], "date_day": pd.to_datetime(sent["time"], unit="s").dt.normalize()}
    )
    fans = active.groupby("member_key")["date_day"].min().rename("joined_on").reset_index()
    last = active["date_day"].max().date()
    exact = retention_curve(fans, active, days_after=(1, 7, 30), as_of=last)["estimate"]
    assert exact.tolist() == pytest.approx([0.4374, 0.2630, 0.1083], abs=5e-5)
    later = retention_curve(fans, active, days_after=(1, 7, 30), kind="unbounded", as_of=last)["estimate"]
    assert later.tolist() == pytest.approx([0.818, 0.716, 0.481], abs=1e-3)
