"""From a partner's code into the community: who is a member, who joined after it, who stayed; each person once."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils.metrics.members.growing import joined_by_code

AS_OF = date(2026, 10, 31)


def test_members_before_after_and_kept_are_told_apart() -> None:
    orders = pd.DataFrame(
        [
            ("old", "2026-06-01", "Anna10"), ("new", "2026-06-01", "ANNA10"), ("new", "2026-08-01", "bob10"),
            ("late", "2026-10-20", "bob10"), ("none", "2026-06-01", "anna10"), (None, "2026-06-01", "anna10"),
            ("other", "2026-06-01", "FAN10"),
        ],
        columns=["customer_key", "date_day", "discount_code"],
    ).assign(total=20.0, refunded_amount=0.0)  # fmt: skip
    fans = pd.DataFrame(
        {
            "member_key": ["m_old", "m_new", "m_late", "m_other"],
            "customer_key": ["old", "new", "late", "other"],
            "joined_on": pd.to_datetime(["2026-01-01", "2026-06-01", "2026-10-25", "2026-06-05"]),
        }
    )
    active = pd.DataFrame({"member_key": ["m_old", "m_new"], "date_day": pd.to_datetime(["2026-06-20", "2026-07-15"])})
    table = joined_by_code(orders, fans, active, ["ANNA10", "bob10"], as_of=AS_OF).set_index("code")
    assert table[["people", "members", "after", "ripe", "kept"]].to_dict("index") == {
        "": {"people": 4, "members": 3, "after": 2, "ripe": 2, "kept": 1},
        "anna10": {"people": 3, "members": 2, "after": 1, "ripe": 2, "kept": 1},
        "bob10": {"people": 2, "members": 2, "after": 1, "ripe": 1, "kept": 0},
    }
    assert table.loc["", "estimate"] == 0.5 and table.loc["", "n"] == 2


def test_without_codes_or_members_nothing_is_made_up() -> None:
    orders = pd.DataFrame({"customer_key": ["a"], "date_day": ["2026-06-01"], "discount_code": ["X"], "total": [1.0]})
    nobody = pd.DataFrame({"member_key": [], "customer_key": [], "joined_on": pd.to_datetime([])}, dtype="object")
    active = pd.DataFrame({"member_key": [], "date_day": pd.to_datetime([])})
    assert joined_by_code(orders, nobody, active, [], as_of=AS_OF).empty
    table = joined_by_code(orders, nobody, active, ["X"], as_of=AS_OF)
    assert table["members"].tolist() == [0, 0] and table["estimate"].isna().all()
