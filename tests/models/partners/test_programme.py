"""Partners whose faults, prices and settlements are planted, and the same without."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils import models


def deliveries(
    seed: int, *, partners: int = 16, each: int = 12, effects: np.ndarray | None = None, dear: int | None = None
) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    effects = np.zeros(partners) if effects is None else effects
    followers = np.exp(rng.uniform(9, 12, partners))
    rows = []
    for number in range(partners):
        for delivery in range(each):
            fee = 0.9 * followers[number] ** 0.6 * np.exp(0.1 * rng.standard_normal()) * (2.5 if number == dear else 1)
            likes = fee * np.exp(effects[number] + 0.4 * rng.standard_normal())
            rows.append(
                (f"p{number:02d}", "", fee, "USD", round(likes), followers[number], f"2026-{1 + delivery % 9:02d}-10")
            )
    return pd.DataFrame(
        rows, columns=["partner", "campaign", "fee", "currency", "engagements", "followers", "date_day"]
    )


def test_a_planted_difference_is_marked_and_nothing_where_there_is_none() -> None:
    effects = np.zeros(16)
    effects[3], effects[7] = 0.8, -0.8
    found = models.partner_value(deliveries(1, effects=effects)).set_index("partner")["mark"]
    assert found["p03"] == "above"
    assert found["p07"] == "below"
    wrong = [
        models.partner_value(deliveries(seed, partners=10, each=4))["mark"].isin(["above", "below"]).mean()
        for seed in range(60)
    ]
    assert np.mean(wrong) < 0.05


def test_partners_with_few_deliveries_are_not_marked() -> None:
    effects = np.r_[2.0, np.zeros(15)]
    table = deliveries(2, effects=effects)
    cut = pd.concat([table[table["partner"] != "p00"], table[table["partner"] == "p00"].head(2)])
    assert models.partner_value(cut).set_index("partner").loc["p00", "mark"] == "few"
    assert models.partner_value(table.head(1)).empty


def test_a_fee_for_a_campaign_is_spread_over_its_deliveries() -> None:
    table = pd.DataFrame({
        "partner": ["a"] * 3 + ["b"], "campaign": ["c"] * 3 + [None], "fee": [300.0, 0.0, 0.0, 50.0],
        "currency": ["EUR"] * 3 + ["USD"],
    })  # fmt: skip
    paid, left = models.paid_deliveries(table)
    assert paid["fee"].tolist() == [100.0] * 3
    assert left == 1


def test_a_dear_partner_is_named_and_hardly_any_other() -> None:
    found = models.price_for_reach(deliveries(3, partners=20, dear=4))
    assert found.table.iloc[0]["partner"] == "p04"
    assert found.table.iloc[0]["mark"] == "dear"
    assert found.slope == pytest.approx(0.6, abs=0.15)
    assert not models.price_for_reach(deliveries(3, partners=10, dear=4)).flagged
    null = [
        models.price_for_reach(deliveries(seed, partners=20)).table["mark"].isin(["dear", "cheap"]).any()
        for seed in range(100)
    ]
    assert sum(null) <= 5


def watched(seed: int, fault: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    days, posts = [], []
    for number in range(10):
        size = float(np.exp(rng.uniform(9, 12)))
        gain = rng.poisson(size * 0.0006, 200).astype(float)
        mine = fault if number == 0 else ""
        strong = number == 1  # a viral post, a week before a jump that it explains
        if mine == "growth":
            gain[[60, 120]] += 0.12 * size
        if strong:
            gain[101] += 0.15 * size
        dates = pd.date_range("2026-01-01", periods=200)
        days.append(
            pd.DataFrame({"partner": f"p{number}", "date_day": dates, "followers_total": np.rint(size + gain.cumsum())})
        )
        views = np.rint(size * 0.4 * np.exp(0.3 * rng.standard_normal(20)))
        if strong:
            views[10] *= 12
        likes = rng.poisson(views * 0.05 * np.exp(0.2 * rng.standard_normal()) * (5 if mine == "likes" else 1))
        posts.append(pd.DataFrame({
            "partner": f"p{number}", "date_day": dates[np.arange(20) * 10], "followers": size, "views": views, "likes": likes,
            "comments": rng.poisson(views * 0.004) + 5, "repeated_comments": 0.5 if mine == "comments" else rng.beta(4, 60, 20),
        }))  # fmt: skip
    return pd.concat(days), pd.concat(posts)


@pytest.mark.parametrize(("fault", "state"), [("growth", "question"), ("likes", "sign"), ("comments", "sign")])
def test_a_planted_fault_shows_its_sign(fault: str, state: str) -> None:
    found = models.authenticity(*watched(5, fault)).set_index("partner")
    assert found.loc["p0", "state"] == state
    assert fault in found.loc["p0", "signs"]


def test_honest_creators_are_not_questioned_though_a_post_of_theirs_went_viral() -> None:
    states = pd.concat([models.authenticity(*watched(seed))["state"] for seed in range(30)])
    assert (states == "question").sum() == 0
    assert (states == "sign").mean() < 0.02


def settlement(paid: float, clawed: float) -> pd.DataFrame:
    return pd.DataFrame({
        "partner": ["a"], "period_start": [pd.Timestamp("2026-03-01")], "period_end": [pd.Timestamp("2026-03-31")],
        "basis": ["cps"],
        "code": ["A10"], "orders": [4], "revenue": [400.0], "rate": [0.1], "per_order": [np.nan], "paid": [paid],
        "clawed_back": [clawed],
        "currency": ["EUR"],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("clawed", "state", "difference"), [(10.0, "settled", 0.0), (0.0, "overpaid", 10.0), (20.0, "underpaid", -10.0)]
)
def test_returned_orders_are_taken_back_in_any_currency(clawed: float, state: str, difference: float) -> None:
    orders = pd.DataFrame({
        "discount_code": ["a10"] * 4, "date_day": pd.to_datetime(["2026-03-05"] * 4), "total": [1000.0] * 4,
        "refunded_amount": [1000.0, 0, 0, 0], "void": [False] * 4,
    })  # fmt: skip
    found = models.settlement_check(settlement(40.0, clawed), orders).iloc[0]
    assert (found["state"], found["due"]) == (state, pytest.approx(30.0))
    assert found["difference"] == pytest.approx(difference)


def test_the_lines_of_a_settlement_add_up_to_what_is_checked() -> None:
    orders = pd.DataFrame({
        "discount_code": ["a10"] * 4, "date_day": pd.to_datetime(["2026-03-05"] * 4), "total": [1000.0] * 4,
        "refunded_amount": [1000.0, 0, 0, 0], "void": [False] * 4,
    })  # fmt: skip
    line = models.settlement_periods(settlement(40.0, 5.0), orders).iloc[0]
    told = (line["due"], line["back"], line["paid_out"], line["clawed_back"], line["paid"], line["orders_shop"])
    assert told == (pytest.approx(30.0), pytest.approx(100.0), 40.0, 5.0, 35.0, 4)


def test_a_settlement_without_orders_in_the_shop_is_not_judged() -> None:
    none = pd.DataFrame(
        {"discount_code": [], "date_day": pd.to_datetime([]), "total": [], "refunded_amount": [], "void": []}
    )
    none = none.astype({"void": bool, "total": float, "refunded_amount": float})
    assert models.settlement_check(settlement(40.0, 0.0), none)["state"].tolist() == ["unknown"]
    idle = settlement(0.0, 0.0).assign(orders=0, revenue=0.0, period_start=pd.Timestamp("2026-04-01"))
    idle["period_end"] = pd.Timestamp("2026-04-30")
    found = models.settlement_check(pd.concat([settlement(40.0, 0.0), idle], ignore_index=True), none).iloc[0]
    assert found["state"] == "unknown", "a month in which nothing was sold checks none of the others"
    assert np.isnan(found["due"]) and np.isnan(found["returned"])


def test_a_tier_changes_after_two_quarters_beyond_the_border_and_not_after_one() -> None:
    frame = pd.DataFrame({
        "partner": ["up"] * 3 + ["once"] * 3 + ["down"] * 3, "quarter": ["2026Q1", "2026Q2", "2026Q3"] * 3,
        "score": [50, 90, 92, 50, 95, 50, 45, 8, 9],
    })  # fmt: skip
    moves = models.tier_moves(frame).set_index("partner")
    assert moves["tier"].to_dict() == {"up": "strategic", "once": "core", "down": "temporary"}
    assert moves["moved"].to_dict() == {"up": 1, "once": 0, "down": -1}


def test_the_series_of_all_deliveries_finds_a_planted_factor_and_nothing_where_nothing_is() -> None:
    days = pd.date_range("2026-01-01", periods=300)
    given = pd.DataFrame({"market": "US", "date_day": days[20:290:14]})

    def orders(seed: int, factor: float) -> pd.DataFrame:
        rate = np.full(300, 60.0)
        for day in range(20, 290, 14):
            rate[day : day + 3] *= factor
        return pd.DataFrame({"market": "US", "date_day": days, "value": np.random.default_rng(seed).poisson(rate)})

    assert models.series_effect(given, orders(1, 1.5)).factor.ci_lower > 1.2
    assert np.mean([models.series_effect(given, orders(seed, 1.0)).evident for seed in range(80)]) < 0.2
    assert models.series_effect(given.head(5), orders(1, 1.5)).evident is False


def test_a_partner_is_booked_again_by_what_its_fee_brought_and_by_the_days_it_kept() -> None:
    effects = np.zeros(8)
    effects[1], effects[2], effects[5] = 1.0, 1.0, -1.0
    due = pd.Timestamp("2026-04-01", tz="UTC")
    table = deliveries(4, partners=8, each=12, effects=effects).assign(
        due_at=due, published_at=lambda frame: due + pd.to_timedelta(np.where(frame["partner"] == "p02", 3, 0), "D"),
        rating=4.0,
    )  # fmt: skip
    free = table.head(3).assign(partner="free", fee=np.nan)
    told = models.rebooking(pd.concat([table, free])).set_index("partner")
    assert told.loc["p01", ["rebook", "why"]].tolist() == ["yes", "more"]
    assert told.loc["p02", ["rebook", "why", "due", "late"]].tolist() == ["open", "late", 12, 12]
    assert told.loc["p05", ["rebook", "why"]].tolist() == ["no", "less"]
    assert told.loc["free", ["rebook", "why", "deliveries"]].tolist() == ["open", "no_fee", 3]
    assert models.rebooking(table.head(2)).loc[0, ["rebook", "why"]].tolist() == ["open", "few"]
    assert models.rebooking(table.iloc[:0]).empty
