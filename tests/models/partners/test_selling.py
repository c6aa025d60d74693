"""What partners sold and to whom, what they cost by tier, and who delivers late."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils import models

DELIVERIES = pd.DataFrame({
    "partner": ["ana", "ben", "ana"], "code": ["ANA10", "BEN10", "ANA10"], "market": ["US", "US", "US"],
    "due_at": pd.to_datetime(["2026-05-01", "2026-05-01", None], utc=True),
    "published_at": pd.to_datetime(["2026-05-01", "2026-05-04", "2026-05-09"], utc=True),
})  # fmt: skip


def orders(**buyers: range) -> pd.DataFrame:
    rows = [(code, "US", f"k{one}", pd.Timestamp("2026-05-02")) for code, people in buyers.items() for one in people]
    return pd.DataFrame(rows, columns=["discount_code", "market", "customer_key", "date_day"])


def test_orders_under_a_code_are_parts_of_the_market_s_since_the_first_of_them() -> None:
    days = pd.date_range("2026-05-01", periods=10)
    daily = pd.DataFrame({"market": "US", "date_day": days, "value": 10.0})
    table = models.code_sales(DELIVERIES, orders(ana10=range(9), BEN10=range(4)), daily).set_index("partner")
    assert table.loc["ana", ["orders", "buyers"]].tolist() == [9, 9], "a code is a code in any case of letters"
    assert table.loc["ana", "share"] == pytest.approx(9 / 90)
    assert models.code_sales(DELIVERIES, orders(), daily)["orders"].tolist() == [0, 0], "a shop without them sold none"
    assert models.code_sales(DELIVERIES, orders(), daily.iloc[:0]).empty, "without the shop's orders nothing is known"


def test_two_partners_share_the_buyers_they_share_and_few_buyers_are_not_compared() -> None:
    (pair,) = models.buyer_overlap(DELIVERIES, orders(ANA10=range(30), BEN10=range(20, 40))).to_dict("records")
    assert (pair["both"], pair["share"]) == (10, pytest.approx(10 / 40))
    assert models.buyer_overlap(DELIVERIES, orders(ANA10=range(30), BEN10=range(9))).empty


def test_a_delivery_is_late_past_a_day_and_one_without_an_agreed_day_is_not_judged() -> None:
    table = models.punctuality(DELIVERIES).set_index("partner")
    assert table.loc["ana"].tolist() == [1, 0] and table.loc["ben"].tolist() == [1, 1]


def test_costs_of_a_tier_leave_out_what_was_not_counted() -> None:
    paid = pd.DataFrame({
        "tier": ["micro", "micro", "macro"], "partner": ["a", "b", "c"], "fee": [100.0, 300.0, 900.0],
        "views": [10_000, None, 90_000], "engagements": [500, 500, 100], "code": ["A10", None, None],
    })  # fmt: skip
    costs = models.tier_costs(paid, pd.DataFrame({"discount_code": ["a10"] * 4})).set_index("tier")
    assert costs.loc["micro", ["cpm", "cpe", "cpa"]].tolist() == [10.0, 0.4, 25.0]
    assert costs.loc["micro", "cpe_lower"] < 0.4 < costs.loc["micro", "cpe_upper"]
    assert costs.loc["macro", "cpm"] == 10.0 and costs.loc["macro", ["cpa", "orders"]].isna().all(), "no code, no count"


def test_tiers_alike_are_seldom_told_apart_and_one_at_half_the_cost_is() -> None:
    def lead(seed: int, dear: float) -> bool:
        rng = np.random.default_rng(seed)
        tiers = np.repeat(["micro", "mid"], 8)
        cost = np.where(tiers == "mid", dear, 1.0) * rng.lognormal(0, 0.2, 16)  # partners differ, tiers by `dear`
        paid = pd.DataFrame({"tier": tiers, "partner": [f"p{one}" for one in range(16)], "fee": 1000.0, "views": 10_000,
                             "engagements": np.round(1000 / cost), "code": None})  # fmt: skip
        told = models.tier_costs(paid, pd.DataFrame({"discount_code": []})).set_index("tier")
        return bool(told["cpe_upper"].min() < told["cpe_lower"].max())

    assert np.mean([lead(seed, 1.0) for seed in range(100)]) <= 0.05
    assert np.mean([lead(seed, 2.0) for seed in range(100)]) >= 0.9


def test_orders_of_a_tier_are_the_shops_once_however_many_deliveries_a_partner_made() -> None:
    paid = pd.DataFrame({
        "tier": ["nano", "micro", "micro", "micro"], "partner": ["a", "a", "b", "c"], "fee": [100.0, 100.0, 300.0, 500.0],
        "views": 1000, "engagements": 100, "code": ["A10", "A10", "B10", None],
    })  # fmt: skip
    sold = pd.DataFrame({"discount_code": ["A10"] * 8 + ["B10"] * 6 + ["OTHER"] * 5})
    costs = models.tier_costs(paid, sold).set_index("tier")
    assert costs["orders"].to_dict() == {"nano": 4.0, "micro": 10.0}
    without = models.tier_costs(paid, None).set_index("tier")
    assert without[["orders", "cpa"]].isna().all(axis=None), "no shop: its orders are not known, which is not none"
    assert without["cpe"].to_dict() == costs["cpe"].to_dict()
    assert costs.loc["nano", "cpa"] == 25.0 and costs.loc["micro", "cpa"] == pytest.approx(400 / 10), "c has no code"
