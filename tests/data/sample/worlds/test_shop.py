"""Buying as planted: rates of coming back, sales that pull forward or add, coupons with and without effect, subscriptions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sample_worlds import END, SEEDS, TRUTHS, are_members, differ, is_near, making, orders, table
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

SHOP, LOYALTY, SUBSCRIPTIONS = TRUTHS.shop, TRUTHS.loyalty, TRUTHS.subscriptions
LAST = pd.Timestamp("2026-10-31")


def fitted(bought: pd.DataFrame) -> np.ndarray:
    """Return r, alpha (days), a, b of the BG/NBD model by maximum likelihood (Fader, Hardie and Lee 2005)."""
    days = (LAST - bought["day"]).dt.days + 0.5
    ages = days.groupby(bought["email"]).agg(["max", "min", "size"])
    x, t, age = ages["size"].to_numpy() - 1, (ages["max"] - ages["min"]).to_numpy(), ages["max"].to_numpy()

    def loss(log: np.ndarray) -> float:
        r, alpha, a, b = np.exp(log)
        start = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
        gone = np.where(
            x > 0, betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + t), -np.inf
        )
        return -float((start + np.logaddexp(alive, gone)).sum())

    return np.exp(minimize(loss, np.log([1.0, 100.0, 1.0, 2.0]), method="Nelder-Mead", options={"maxiter": 2000}).x)


@pytest.mark.parametrize("seed", SEEDS)
def test_customers_come_back_as_the_model_says(seed: int) -> None:
    bought = orders(seed)
    r, alpha, a, b = fitted(bought[bought["market"].isin(["MX", "BR", "DE", "JP"])])
    assert r / alpha == pytest.approx(SHOP.r / SHOP.alpha, rel=0.15)
    assert r == pytest.approx(SHOP.r, rel=0.25)
    assert a / (a + b) == pytest.approx(SHOP.a / (SHOP.a + SHOP.b), abs=0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_sale_only_pulled_orders_forward_and_the_other_added_some(seed: int) -> None:
    bought = orders(seed)
    for _, sale in SHOP.sales:
        own = bought[bought["market"] == sale.market]
        daily = own.groupby("day").size()
        start = pd.Timestamp(sale.start)
        over, dip = start + pd.Timedelta(days=sale.days), start + pd.Timedelta(days=sale.days + sale.after)
        before = daily[start - pd.Timedelta(days=56) : start - pd.Timedelta(days=1)].sum() / 56
        after = daily[dip : dip + pd.Timedelta(days=27)].sum() / 28
        level = (before + after) / 2
        during, later = daily[start : over - pd.Timedelta(days=1)].sum(), daily[over : dip - pd.Timedelta(days=1)].sum()
        expected = level * (sale.days + sale.after)
        known = own.loc[own["day"] < start, "email"].nunique()
        spread = np.sqrt(expected + expected**2 / (28 * level))
        assert during > 2 * level * sale.days
        assert during + later - expected == pytest.approx(sale.added * known, abs=3.5 * spread)
        if sale.pulled:
            assert later / (level * sale.after) == pytest.approx(1 - sale.pulled, abs=0.15)
        else:
            assert during - level * sale.days == pytest.approx(sale.added * known, abs=4 * np.sqrt(during))


@pytest.mark.parametrize("seed", SEEDS)
def test_one_coupon_adds_orders_and_redemption_tells_nothing_of_it(seed: int) -> None:
    offers, bought = table(seed, "loyalty/offers.csv"), orders(seed)
    for name, coupon in SHOP.coupons:
        own = offers[offers["Offer"] == name]
        start = pd.Timestamp(coupon.start)
        inside = bought[(bought["day"] >= start) & (bought["day"] < start + pd.Timedelta(days=coupon.days))]
        count = inside.groupby("email").size().reindex(own["Person"]).fillna(0).to_numpy()
        sent = (own["Arm"] == "sent").to_numpy()
        redeemed = own["Redeemed"].notna().to_numpy()
        assert redeemed.sum() > 20 and not redeemed[~sent].any()
        assert is_near(redeemed.sum(), ((count > 0) & sent).sum(), coupon.used)
        if coupon.held is None:
            assert sent.all()
            continue
        assert is_near((~sent).sum(), len(own), coupon.held)
        lift = count[sent].mean() - count[~sent].mean()
        error = np.sqrt(count[sent].var() / sent.sum() + count[~sent].var() / (~sent).sum())
        assert lift == pytest.approx(coupon.added, abs=3.5 * error), name
        assert (lift / error > 2.5) == (coupon.added > 0), name


@pytest.mark.parametrize("seed", SEEDS)
def test_points_are_used_as_planted_and_none_is_spent_twice(seed: int) -> None:
    ledger = table(seed, "loyalty/points.csv").sort_values("Booked", kind="stable")
    assert (ledger.groupby("Member ID")["Points"].cumsum() >= 0).all()
    issued = ledger[ledger["Booking"] == "issued"]
    assert (issued["Expires"] - issued["Booked"]).dt.days.eq(LOYALTY.lives_days).all()
    mature = issued[issued["Booked"] < END - pd.Timedelta(days=LOYALTY.lives_days + 1)]
    gone = ledger[(ledger["Booking"] == "expired") & (ledger["Booked"] < END - pd.Timedelta(days=1))]
    found = {}
    for reason, share in LOYALTY.used:
        of = mature[mature["For"] == reason]
        expired = gone[gone["For"] == reason]
        if len(of) >= 30:
            assert is_near(len(of) - len(expired), len(of), share, beside=0.02), reason
            found[reason] = (len(of) - len(expired), len(of))
    assert differ(found["invitation"], found["order"]) > 3
    if "review" in found:
        assert abs(differ(found["review"], found["order"])) < 3, "twins"


@pytest.mark.parametrize("seed", SEEDS)
def test_trials_turn_into_subscriptions_by_source_and_are_renewed_by_plan(seed: int) -> None:
    terms = table(seed, "subscriptions/terms.csv")
    over = terms[terms["Due"] < END - pd.Timedelta(days=1)]
    follows = set(zip(terms["Subscription"], terms["Term"], strict=True))
    next_one = pd.Series(
        [(one, term + 1) in follows for one, term in zip(over["Subscription"], over["Term"], strict=True)], over.index
    )
    trial = over["Term"] == 0
    paid = {}
    for source, _, share in SUBSCRIPTIONS.pays:
        own = next_one[trial & (over["Came through"] == source)]
        assert is_near(own.sum(), len(own), share), source
        paid[source] = (own.sum(), len(own))
    assert differ(paid["referral"], paid["search"]) > 3
    assert abs(differ(paid["social"], paid["search"])) < 3, "twins"
    renewed = {}
    for name, plan in SUBSCRIPTIONS.plans:
        own = next_one[~trial & (over["Plan"] == name)]
        assert is_near(own.sum(), len(own), plan.renews), name
        renewed[name] = (own.sum(), len(own))
    assert abs(differ(renewed["basic"], renewed["advanced"])) < 3, "twins"
    assert (
        over.loc[trial, "Price"].eq(0).all()
        and (over.loc[trial, "Due"] - over.loc[trial, "Begins"]).dt.days.eq(7).all()
    )
    assert (terms["Cancelled"].dropna() < terms.loc[terms["Cancelled"].notna(), "Due"]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_points_coupons_messages_and_subscriptions_are_those_of_members_and_customers(seed: int) -> None:
    points, offers, terms = (
        table(seed, path) for path in ("loyalty/points.csv", "loyalty/offers.csv", "subscriptions/terms.csv")
    )
    customers = set(orders(seed)["email"])
    assert are_members(seed, points["Member ID"], points["Booked"])
    silent, buyers = offers["Offer kind"] == "win_back", offers["Offer kind"] == "coupon"
    assert silent.sum() > 300 and are_members(seed, offers.loc[silent, "Person"], offers.loc[silent, "Offered"])
    assert buyers.sum() > 300 and set(offers.loc[buyers, "Person"]) <= customers
    assert set(terms["Customer"]) <= customers
    linked = making(seed).customer_of_person
    assert len(linked) > 500 and linked.is_unique, "a member is one customer"
