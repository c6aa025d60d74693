"""What is planted in subscriptions, points and orders of the simulated brand is counted as planted."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from sample_worlds import SEEDS, TRUTHS, is_near, orders, table

from fanops_utils import metrics

AS_OF = date(2026, 10, 31)


def terms_of(seed: int) -> pd.DataFrame:
    """Return the sample's subscriptions with the names of the canonical table."""
    raw = table(seed, "subscriptions/terms.csv")
    return pd.DataFrame({
        "subscription_id": raw["Subscription"], "term": raw["Term"], "customer_key": raw["Customer"], "market": raw["Country"],
        "plan": raw["Plan"], "source": raw["Came through"], "started_at": raw["Begins"], "due_at": raw["Due"],
        "price": raw["Price"], "currency": raw["Currency"],
    })  # fmt: skip


def points_of(seed: int) -> pd.DataFrame:
    raw = table(seed, "loyalty/points.csv")
    booked = pd.to_datetime(raw["Booked"], utc=True)
    return pd.DataFrame({
        "member_key": raw["Member ID"], "date_day": booked.dt.tz_localize(None).dt.normalize(), "kind": raw["Booking"],
        "points": raw["Points"].astype(float), "expires_at": pd.to_datetime(raw["Expires"], utc=True), "reason": raw["For"],
    })  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_trials_are_paid_for_by_source_as_planted(seed: int) -> None:
    found = metrics.trial_conversion(terms_of(seed), as_of=AS_OF, by="source").set_index("source")
    for source, _, pays in TRUTHS.subscriptions.pays:
        assert is_near(found.loc[source, "paid"], found.loc[source, "n"], pays), source
    assert found.loc["referral", "ci_lower"] > found.loc[["social", "search"], "ci_upper"].max()


def test_a_trial_that_has_not_ended_does_not_count_as_unpaid() -> None:
    start = pd.Timestamp("2026-10-28", tz="UTC")
    young = pd.DataFrame({"subscription_id": ["a", "b"], "term": [0, 0], "plan": "basic", "source": "social",
                          "started_at": [start, start - pd.Timedelta(days=30)],
                          "due_at": [start + pd.Timedelta(days=7), start - pd.Timedelta(days=23)]})  # fmt: skip
    assert metrics.trial_conversion(young, as_of=AS_OF)["n"].tolist() == [1]


@pytest.mark.parametrize("seed", SEEDS)
def test_terms_are_renewed_by_plan_as_planted(seed: int) -> None:
    found = metrics.renewals(terms_of(seed), as_of=AS_OF).set_index("plan")
    for name, plan in TRUTHS.subscriptions.plans:
        assert is_near(found.loc[name, "renewed"], found.loc[name, "due"], plan.renews), name
        assert found.loc[name, "days"] == pytest.approx(plan.days)


@pytest.mark.parametrize("seed", SEEDS)
def test_points_are_used_by_reason_as_planted(seed: int) -> None:
    found = metrics.used_share(points_of(seed), as_of=AS_OF).set_index("reason")
    for reason, share in TRUTHS.loyalty.used:
        if reason in found.index and found.loc[reason, "n"] >= 100:
            assert found.loc[reason, "estimate"] == pytest.approx(share, abs=0.08), reason
    assert found.loc["invitation", "ci_lower"] > found.loc["order", "ci_upper"]


def test_the_books_of_points_add_up() -> None:
    bookings = points_of(SEEDS[0])
    owed = metrics.points_owed(bookings, as_of=AS_OF)
    assert owed.issued - owed.redeemed - owed.expired + owed.corrected == pytest.approx(bookings["points"].sum())
    assert owed.owed == pytest.approx(bookings["points"].sum(), rel=0.02)
    assert 0 < owed.expected < owed.owed and 0 < owed.expiring < owed.owed


def test_repurchase_leaves_customers_out_whose_days_are_not_over() -> None:
    rows = pd.DataFrame({
        "customer_key": list("aabbc"),
        "date_day": pd.to_datetime(["2026-01-01", "2026-01-20", "2026-01-05", "2026-07-01", "2026-10-01"]),
    })  # fmt: skip
    found = metrics.repurchase(rows, as_of=AS_OF, by=None)
    assert (found["again"].item(), found["n"].item()) == (1, 2)
    assert metrics.repurchase(rows, as_of=AS_OF)["cohort"].dt.date.tolist() == [date(2026, 1, 1)]


def test_repurchase_of_the_sample_is_that_of_its_orders() -> None:
    rows = orders(SEEDS[0]).rename(columns={"email": "customer_key", "day": "date_day"})
    found = metrics.repurchase(rows, as_of=AS_OF, by=None).iloc[0]
    assert found["n"] > 3000 and 0.2 < found["ci_lower"] < found["estimate"] < found["ci_upper"] < 0.5


def test_empty_tables_give_empty_answers() -> None:
    terms, bookings = terms_of(SEEDS[0]).iloc[:0], points_of(SEEDS[0]).iloc[:0]
    assert metrics.trial_conversion(terms, as_of=AS_OF).empty and metrics.renewals(terms, as_of=AS_OF).empty
    assert metrics.plan_standing(terms, as_of=AS_OF, customers=0).empty and metrics.plan_moves(terms).empty
    nobody = (
        orders(SEEDS[0])
        .rename(columns={"email": "customer_key", "day": "date_day"})
        .iloc[:0]
        .assign(refunded_amount=0.0)
    )
    assert metrics.repurchase(nobody, as_of=AS_OF).empty and metrics.shop_changes(nobody, as_of=AS_OF) == {}
    assert metrics.points_owed(bookings, as_of=AS_OF).issued == 0 and metrics.used_share(bookings, as_of=AS_OF).empty


def test_the_cost_of_a_customer_counts_everybody_and_says_how_sure() -> None:
    costs = pd.DataFrame({"channel": ["instagram", "partners"], "amount": [100.0, 300.0], "currency": "USD"})
    won = pd.DataFrame({"channel": ["instagram"] * 10 + ["web"] * 10})
    found = metrics.winning_costs(costs, won).set_index("channel")
    assert found.loc["instagram", "estimate"] == 10 and found.loc["all", "estimate"] == 20
    assert pd.isna(found.loc["partners", "estimate"]) and found.loc["partners", "ci_lower"] > 0
    assert found.loc["all", "ci_lower"] < 20 < found.loc["all", "ci_upper"]
