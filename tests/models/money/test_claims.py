from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief

from fanops_utils import metrics, models
from fanops_utils.models import reasons

DAY = pd.Timestamp("2026-04-20")
NO_VISITS = pd.DataFrame({"date_day": pd.to_datetime([]), "campaign": [], "key_events": [], "source": [], "medium": []})
NO_ANSWERS = pd.DataFrame({"date_day": pd.to_datetime([]), "question": [], "choice": [], "weight": []})


def orders(codes: list[str | None]) -> pd.DataFrame:
    size = len(codes)
    return pd.DataFrame({"date_day": pd.to_datetime([DAY] * size), "market": ["BR"] * size, "discount_code": codes,
                         "currency": ["BRL"] * size,
                         "subtotal": [10.0] * size})  # fmt: skip


CODED = brief(offers=[{"code": "SPRING"}], utm=["spring"])


def test_claims_are_counted_by_hand_and_stand_side_by_side() -> None:
    visits = pd.DataFrame(
        {"date_day": [DAY], "campaign": ["Spring"], "key_events": [6.0], "source": ["x"], "medium": ["y"]}
    )
    answers = heard(named=2, others=8)
    table = models.sales_claims(orders(["spring"] * 4 + [None] * 16), visits, answers, CODED, extra=None).set_index(
        "rule"
    )
    assert table["share"].to_dict() == {"code": 0.2, "link": 0.3, "survey": pytest.approx(0.2)}
    assert set(table["total"]) == {20}
    too_many = visits.assign(key_events=99.0)
    assert "link" not in set(
        models.sales_claims(orders(["spring"] * 4), too_many, NO_ANSWERS, CODED, extra=None)["rule"]
    )


def heard(*, named: int, others: int, day: pd.Timestamp = DAY) -> pd.DataFrame:
    choices = ["Spring"] * named + ["friends"] * others
    return pd.DataFrame({"date_day": [day] * len(choices), "question": "heard", "choice": choices, "weight": 1.0})


def test_answers_of_other_days_and_of_a_few_people_claim_nothing() -> None:
    known, day_after = orders([None] * 20), pd.Timestamp("2026-05-11")

    def rules(*answers: pd.DataFrame) -> pd.DataFrame:
        return models.sales_claims(known, NO_VISITS, pd.concat(answers), CODED, extra=None).set_index("rule")

    told = rules(heard(named=3, others=9), heard(named=30, others=0, day=day_after))
    assert told.loc["survey", ["share", "n"]].tolist() == [0.25, 12]
    assert "survey" not in rules(heard(named=3, others=6)).index, "fewer than ten answered"
    assert "survey" not in rules(heard(named=9, others=9, day=day_after)).index
    assert rules(heard(named=0, others=12), heard(named=1, others=0, day=day_after)).loc["survey", "share"] == 0


def test_without_orders_nothing_is_claimed() -> None:
    assert models.sales_claims(orders([]), NO_VISITS, NO_ANSWERS, CODED, extra=None).empty
    assert np.isnan(models.under_code(orders([]), CODED))
    assert models.sales_claims(orders([None]), NO_VISITS, NO_ANSWERS, brief(), extra=None).empty


def ads(currency: str = "USD", **options: object) -> pd.DataFrame:
    frame = pd.DataFrame({"date_day": pd.date_range("2026-04-13", periods=10), "ad": "one", "spend": 10.0, "link_clicks": 5,
                          "impressions": 1000, "conversions": [1.0, *[np.nan] * 9], "currency": currency})  # fmt: skip
    return frame.assign(**options)


def test_advertisements_in_two_currencies_are_refused_with_the_reason() -> None:
    assert models.ad_costs_or_reason(ads().iloc[:0], "ad") == (None, reasons.NoAds())
    found, why = models.ad_costs_or_reason(ads(currency=["USD", "EUR"] * 5), "ad")
    assert found is None and why == reasons.SeveralCurrencies(("EUR", "USD"))
    assert isinstance(models.ad_costs_or_reason(ads(spend=-1.0), "ad")[1], reasons.Refused)
    costs, _ = models.ad_costs_or_reason(ads(), "ad")
    assert costs is not None and costs.table["cpc"].iloc[0] == pytest.approx(2.0)


def test_media_is_paced_only_against_its_own_line() -> None:
    media = brief(budget=[{"item": "ads", "category": "media", "amount": 280}])
    found = models.media_pacing(ads(), media)
    assert found is not None and found.spent == 100 and found.forecast.estimate == pytest.approx(280)
    assert models.media_pacing(ads(), brief()) is None
    assert models.media_pacing(ads(currency="EUR"), media) is None


def test_the_full_cost_says_what_is_in_it() -> None:
    lines = [{"item": "content", "amount": 500}]
    planned = metrics.full_cost(brief(budget=lines), ads())
    assert planned.amount == 600 and not planned.paid and planned.rule == "ads_added"
    paid = brief(budget=lines, payments=[{"date": "2026-04-14", "item": "content", "amount": 450}])
    none = metrics.full_cost(paid, ads().iloc[:0])
    assert (none.amount, none.rule) == (450, "no_ads")
    other = metrics.full_cost(paid, ads(currency="EUR"))
    assert other.amount == 450 and (other.rule, other.ads, other.ads_currencies) == (
        "ads_in_other_currency",
        100,
        ("EUR",),
    )
    mixed = metrics.full_cost(paid, ads(currency=["USD", "EUR"] * 5))
    assert mixed.amount == 450 and mixed.rule == "ads_in_several_currencies"
    media = brief(budget=[*lines, {"item": "ads", "category": "media", "amount": 200}])
    held = metrics.full_cost(media, ads())
    assert (held.amount, held.rule) == (700, "ads_in_line")


def test_tone_is_counted_by_hand() -> None:
    mentions = pd.DataFrame({"date_day": [DAY] * 5, "brand": ["Ours"] * 4 + ["Theirs"],
                             "sentiment": ["negative", "positive", "positive", None, "negative"]})  # fmt: skip
    row = metrics.tone(mentions, {"live": brief().live}, brand="Ours").iloc[0]
    assert (row["mentions"], row["unlabelled"], row["negatives"]) == (3, 1, 1)
    assert row["estimate"] == pytest.approx(1 / 3)
