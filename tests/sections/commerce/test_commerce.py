"""What a commerce report says of buying again, coupons, sales, points, and what it does not say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from saying import sane, values

from fanops_utils import models
from fanops_utils.charts import Chart
from fanops_utils.metrics import NextCustomer, PointsOwed
from fanops_utils.metrics.intervals import Interval, wilson
from fanops_utils.models.commerce.buying import BuyingModel
from fanops_utils.models.commerce.offers import COLUMNS
from fanops_utils.models.commerce.spending import SpendingModel
from fanops_utils.sections import commerce
from fanops_utils.text import Count, Money, Percent, Period, Written, speak

AS_OF = date(2026, 10, 31)
YEAR = Period.of(date(2025, 11, 1), AS_OF)


def cohorts(*again: int, n: int = 1000) -> pd.DataFrame:
    days = pd.date_range("2025-01-01", periods=len(again), freq="QS")
    found = [wilson(number, n) for number in again]
    return pd.DataFrame({
        "cohort": days, "again": again, "estimate": [one.estimate for one in found], "ci_lower": [one.ci_lower for one in found],
        "ci_upper": [one.ci_upper for one in found], "n": n,
    })  # fmt: skip


def offer(status: str = "measured", low: float = -1.0, high: float = 3.0) -> pd.DataFrame:
    row = dict.fromkeys(COLUMNS, 0.0) | {
        "offer": "spring", "kind": "coupon", "sent": 500, "held_out": 500, "redeemed": 40, "redeemed_revenue": 900.0, "base": 4.0,
        "estimate": (low + high) / 2, "ci_lower": low, "ci_upper": high, "smallest": 3.0, "first": pd.Timestamp("2026-08-01"),
        "until": pd.Timestamp("2026-08-29"), "status": status, "code": "S",
    }  # fmt: skip
    return pd.DataFrame([row])


def test_a_curve_of_subscriptions_ends_while_ten_are_watched_and_the_least_plan_has_its_interval() -> None:
    lives = pd.DataFrame({"time": range(30, 1230, 30), "ended": [True] * 40, "plan": "basic"})
    rates = pd.DataFrame({"plan": ["basic", "vip"], "days": 30, "n": 40, "due": [315, 148], "estimate": [0.848, 0.953],
                          "ci_lower": [0.805, 0.916], "ci_upper": [0.89, 0.989]})  # fmt: skip
    answer = commerce.renewal(models.kaplan_meier(lives), models.curves_by(lives, "plan"), rates, as_of=AS_OF)
    told = sane(answer).text.parts[1]
    assert values(told)["renewed"] == Percent(0.848) and {"due", "interval"} <= set(values(told))
    chart = next(part for part in answer.parts if isinstance(part, Chart))
    assert chart.data["at_risk"].min() == 10 and chart.data["estimate"].min() > 0


def test_buying_again_is_held_against_the_plans_thirty_percent() -> None:
    codes = {share: sane(commerce.repurchase(cohorts(share), cohorts(share, share), within=90, as_of=AS_OF)).code for share in
             (100, 300, 400)}  # fmt: skip
    assert codes == {100: "below", 300: "around", 400: "above"}
    assert sane(commerce.repurchase(cohorts(100), cohorts(100), within=90, as_of=AS_OF)).severity == "alert"
    assert sane(commerce.repurchase(cohorts(), cohorts(), within=90, as_of=AS_OF)).status == "no_data"
    why = {
        str(
            sane(
                commerce.repurchase(cohorts(), cohorts(), within=90, as_of=AS_OF, orders=orders, customers=known)
            ).title
        )
        for orders, known in ((0, 0), (2, 0), (2, 2))
    }
    assert len(why) == 3, "no order, no customer behind it, too early: each is named"


def test_a_coupon_is_a_gain_only_where_its_interval_says_so() -> None:
    assert sane(commerce.offers(offer(low=0.5, high=3.0), currency="EUR", as_of=AS_OF)).code == "gain"
    assert sane(commerce.offers(offer(), currency="EUR", as_of=AS_OF)).code == "unclear"
    assert sane(commerce.offers(offer(low=-3.0, high=-0.5), currency="EUR", as_of=AS_OF)).code == "loss"
    gained = commerce.offers(offer(low=0.5, high=3.0), currency="EUR", as_of=AS_OF)
    (again,) = commerce.plays((gained,), owner="shop", on=AS_OF)
    assert values(again.action)["name"] == Written("spring")
    assert values(again.action)["gain"] == Money(gained.finding.estimate, "EUR", sign=True)  # type: ignore[arg-type]
    alone = sane(commerce.offers(offer("no_holdout"), currency="EUR", as_of=AS_OF))
    assert alone.code == "no_holdout" and alone.estimate is None
    assert values(alone.text)["money"] == Money(900.0, "EUR")
    unsold = offer("no_holdout").assign(redeemed_revenue=0.0)
    assert "money" not in values(sane(commerce.offers(unsold, currency="EUR", as_of=AS_OF)).text)
    for status in ("no_orders", "too_early", "few"):
        assert sane(commerce.offers(offer(status), currency="EUR", as_of=AS_OF)).status == "no_data"
    assert sane(commerce.offers(offer().iloc[:0], currency="EUR", as_of=AS_OF)).status == "no_data"


def test_a_sale_is_told_with_the_weeks_after_it_or_not_at_all() -> None:
    effect = models.SaleEffect("measured", date(2026, 6, 12), date(2026, 6, 14), 100.0, -5.0, -60.0, 50.0, 300.0, 12)
    assert sane(commerce.sale(effect, as_of=AS_OF)).code == "unclear"
    for status in ("too_early", "little_history", "too_few"):
        assert sane(commerce.sale(models.SaleEffect(status, AS_OF, AS_OF), as_of=AS_OF)).status == "no_data"
    assert sane(commerce.sale(None, as_of=AS_OF)).status == "no_data"


def test_a_forecast_that_was_refused_is_not_made_up() -> None:
    for refused in (models.TooFewBuyers(customers=20, repeaters=3), models.NoStableFit("a")):
        assert sane(commerce.value(refused, currency="EUR", as_of=AS_OF)).status == "no_data"


def test_what_customers_are_expected_to_bring_is_revenue_and_a_margin_says_what_is_left() -> None:
    buying = BuyingModel(0.5, 8.0, 1.0, 2.0, -900.0, 300, 80, False, np.eye(4))
    deciles = pd.DataFrame(columns=["decile", "expected", "actual", "ci_lower", "ci_upper", "n"]).astype(float)
    customers = pd.DataFrame({"customer_key": [f"c{n}" for n in range(300)], "orders": 2.0, "value": 80.0})
    found = models.LifetimeValue(
        52.0,
        2.0,
        (1.8, 2.2),
        80.0,
        (70.0, 90.0),
        None,
        deciles,
        0.1,
        buying,
        SpendingModel(6.0, 4.0, 20.0, 0.0, 80),
        customers,
    )
    bare, left = (sane(commerce.value(found, currency="EUR", as_of=AS_OF, margin=one)) for one in (None, 0.6))
    assert "left" not in values(bare.text)
    assert values(left.text)["left"] == Money(48.0, "EUR") and values(left.text)["margin"] == Percent(0.6, 0)
    assert bare.estimate == left.estimate == 80.0, "the number itself stays revenue, and is called so"


def test_points_are_money_only_where_their_worth_is_given() -> None:
    owed = PointsOwed(1000.0, 400.0, 100.0, 0.0, 500.0, 40, 50.0, Interval(0.8, 0.7, 0.9, 40), 400.0)
    used = pd.DataFrame(columns=["reason", "issued", "expired", "estimate", "ci_lower", "ci_upper", "n"])
    months = pd.DataFrame(columns=["month", "kind", "points"])
    told = [
        values(sane(commerce.points(owed, used, months, worth=worth, currency="EUR", as_of=AS_OF)).text)
        for worth in (None, 0.1)
    ]
    assert "most" not in told[0] and told[1]["most"] == Money(50.0, "EUR")
    assert told[0]["owed"] == Count(500.0)


def test_rules_of_social_are_told_as_a_range() -> None:
    rules = pd.DataFrame(
        {
            "rule": ["channel", "code", "member"],
            "estimate": [0.3, 0.02, 0.6],
            "ci_lower": 0.01,
            "ci_upper": 0.7,
            "n": 90,
        }
    )
    alone = sane(commerce.social(rules[rules["rule"] == "code"], period=YEAR))
    assert "rule" in values(alone.text) and "lowest" not in values(alone.text), "one rule has no highest and lowest"
    found = sane(commerce.social(rules, period=YEAR))
    shares = {"low": Percent(0.02), "high": Percent(0.3)}
    assert values(found.title) == shares | {"period": YEAR}, "orders of members are not social sales"
    told = values(sane(commerce.social(rules[rules["rule"] == "code"].assign(rule="survey"), period=YEAR)).title)
    assert "share" in told and "high" not in told, "what buyers answered is not said of orders"
    assert sane(commerce.social(rules.iloc[:0], period=YEAR)).status == "no_data"


def test_what_one_more_customer_would_cost_is_not_invented() -> None:
    table = pd.DataFrame({"channel": ["all"], "currency": ["EUR"], "cost": [500.0], "won": [50], "estimate": [10.0],
                          "ci_lower": [8.0], "ci_upper": [13.0]})  # fmt: skip
    nothing = NextCustomer(float("nan"), float("nan"), float("nan"), 3)
    assert sane(commerce.winning(table, nothing, period=YEAR)).code == "blended"
    assert sane(commerce.winning(table.iloc[:0], nothing, period=YEAR)).status == "no_data"


def test_costs_that_are_not_in_the_files_are_not_said_to_be_counted() -> None:
    row = {"currency": "EUR", "cost": 500.0, "won": 50, "estimate": 10.0, "ci_lower": 8.0, "ci_upper": 13.0}
    nothing = NextCustomer(float("nan"), float("nan"), float("nan"), 3)
    told = [
        speak(
            sane(commerce.winning(pd.DataFrame([{"channel": one, **row} for one in names]), nothing, period=YEAR)).text
        )
        for names in (["all", "instagram"], ["all", "referral"], ["all", "partners"])
    ]
    assert len(set(told)) == 3, "without advertising it is said, and what the row of partners leaves out"


def test_plays_follow_the_answers_and_the_gravest_leads() -> None:
    answers = (
        commerce.repurchase(cohorts(100), cohorts(100), within=90, as_of=AS_OF),
        commerce.offers(offer("no_holdout"), currency="EUR", as_of=AS_OF),
    )
    asked = commerce.plays(answers, owner="commerce lead", on=AS_OF)
    assert {(play.because, play.code) for play in asked} == {("offers", "hold_out"), ("repurchase", "")}
    assert commerce.leading(answers) is answers[0] and commerce.verdict(answers, market="Japan")[1] == "alert"
    assert commerce.verdict((), market="Japan")[1] == "info" and commerce.leading(()) is None
