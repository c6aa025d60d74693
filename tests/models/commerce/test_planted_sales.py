"""Offers, sales and attributes: what is planted is found, and nothing where nothing is."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from fanops_utils import models
from fanops_utils.models.commerce.buying import fit_buying

AS_OF = date(2026, 10, 31)
RNG = np.random.default_rng


def coupon(rng: np.random.Generator, added: float, *, size: int = 2000) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return an offer to half of *size* people and their orders: 0.2 each, and *added* more for who got it."""
    sent = rng.random(size) < 0.5
    number = rng.poisson(0.2 + added * sent)
    who = np.repeat(np.arange(size), number)
    start = pd.Timestamp("2026-08-01")
    offers = pd.DataFrame({
        "offer": "c", "person_key": np.arange(size).astype(str), "kind": "coupon", "arm": np.where(sent, "sent", "holdout"),
        "date_day": start, "redeemed_at": pd.NaT, "order_id": None, "cost": 0.0, "currency": "EUR", "code": "C",
    })  # fmt: skip
    orders = pd.DataFrame({
        "customer_key": who.astype(str), "date_day": start + pd.to_timedelta(rng.integers(0, 28, len(who)), unit="D"),
        "total": rng.gamma(4, 10, len(who)), "refunded_amount": 0.0, "order_id": [f"o{n}" for n in range(len(who))],
        "currency": "EUR",
    })  # fmt: skip
    return offers, orders


def test_a_coupon_that_adds_orders_is_measured_and_one_that_does_not_is_not_called_a_gain() -> None:
    rng, gains, covered = RNG(7), 0, 0
    for _ in range(60):
        found = models.offer_effects(*coupon(rng, 0.0), as_of=AS_OF).iloc[0]
        gains += found["ci_lower"] > 0
    for _ in range(60):
        found = models.offer_effects(*coupon(rng, 0.15), as_of=AS_OF).iloc[0]
        covered += found["ci_lower"] < 0.15 * 40 < found["ci_upper"]
        assert found["orders_lower"] > 0
    assert gains <= 5 and covered >= 52


def test_offers_and_orders_in_the_engine_give_what_frames_give() -> None:
    offers, orders = coupon(RNG(3), 0.15, size=400)
    more = offers.assign(offer="other", kind="win_back")
    kinds = {
        "date_day": "date",
        "redeemed_at": "timestamp('UTC')",
        "cost": "float64",
        "total": "float64",
        "refunded_amount": "float64",
    }
    engine = [
        ibis.memtable(
            frame.astype(object).where(frame.notna(), None), schema={name: kinds.get(name, "string") for name in frame}
        )
        for frame in (pd.concat([offers, more]), orders)
    ]
    whole, found = models.offer_effects(offers, orders, as_of=AS_OF), models.offer_effects(*engine, as_of=AS_OF)
    assert_frame_equal(found, whole, check_dtype=False)


def test_without_a_holdout_or_before_its_end_there_is_no_figure() -> None:
    offers, orders = coupon(RNG(1), 0.1)
    alone = models.offer_effects(offers.assign(arm="sent"), orders, as_of=AS_OF).iloc[0]
    assert alone["status"] == "no_holdout" and np.isnan(alone["estimate"])
    early = models.offer_effects(offers, orders, as_of=date(2026, 8, 10)).iloc[0]
    assert early["status"] == "too_early" and np.isnan(early["estimate"])
    unsold = models.offer_effects(offers, orders.iloc[:0], as_of=AS_OF).iloc[0]
    assert unsold["status"] == "no_orders" and np.isnan(unsold["estimate"]) and np.isnan(unsold["smallest"])


def sale(rng: np.random.Generator, *, pulled: float = 0.0, added: float = 0.0, rate: float = 20.0) -> pd.DataFrame:
    """Return orders by day of two markets with one moving season; a sale of three days in A that pulls or adds orders."""
    days = pd.date_range("2025-06-01", "2026-08-31")
    season = 1 + 0.2 * np.sin(np.arange(len(days)) / 40)
    shape = np.array([0.8, 0.9, 1.0, 1.0, 1.1, 1.3, 0.9])[days.day_of_week]
    own, rest = (rng.poisson(rate * season * shape) for _ in range(2))
    at = days.get_loc(pd.Timestamp("2026-06-12"))
    later = slice(at + 3, at + 31)
    moved = rng.binomial(own[later], pulled)
    own[later] -= moved
    own[at : at + 3] += rng.multinomial(moved.sum() + rng.poisson(added), [1 / 3] * 3)
    return pd.DataFrame({
        "date_day": np.tile(days, 2), "market": np.repeat(["A", "B"], len(days)), "orders": np.concatenate([own, rest]),
    })  # fmt: skip


def judged(frame: pd.DataFrame) -> models.SaleEffect:
    return models.sale_effect(
        frame, market="A", start=date(2026, 6, 12), end=date(2026, 6, 14), as_of=date(2026, 8, 31), others=("B",)
    )


def test_a_sale_that_only_draws_orders_forward_is_not_called_a_gain() -> None:
    rng = RNG(3)
    found = [judged(sale(rng, pulled=0.4)) for _ in range(60)]
    assert all(one.gross > 100 for one in found), "the days of the sale alone look good"
    assert sum(one.ci_lower > 0 for one in found) <= 6
    assert abs(np.mean([one.net / one.expected for one in found])) < 0.05


def test_a_sale_that_adds_orders_is_found() -> None:
    rng = RNG(5)
    found = [judged(sale(rng, added=300)) for _ in range(30)]
    assert sum(one.ci_lower > 0 for one in found) >= 24
    assert np.mean([one.net for one in found]) == pytest.approx(300, rel=0.15)


def test_a_sale_waits_for_its_dip_and_needs_a_history() -> None:
    frame = sale(RNG(1))
    early = models.sale_effect(
        frame, market="A", start=date(2026, 6, 12), end=date(2026, 6, 14), as_of=date(2026, 6, 30)
    )
    assert early.status == "too_early"
    short = frame[frame["date_day"] >= "2026-04-01"]
    assert judged(short).status == "little_history"


def buyers(rng: np.random.Generator, size: int, weeks: float = 60.0) -> pd.DataFrame:
    """Return the orders of customers as BG/NBD has them, with r 0.7, alpha 17 weeks, a 0.6, b 3."""
    rate, leaving = rng.gamma(0.7, 1 / 17.0, size), rng.beta(0.6, 3.0, size)
    start = pd.Timestamp("2025-06-01")
    first, rows = rng.random(size) * weeks / 2, []
    for who in range(size):
        at = first[who]
        while at < weeks:
            rows.append((str(who), start + timedelta(days=int(at * 7)), 30 + 10 * rng.random()))
            if len(rows) > 1 and at > first[who] and rng.random() < leaving[who]:
                break
            at += rng.exponential(1 / rate[who])
    return pd.DataFrame(rows, columns=["customer_key", "date_day", "total"]).assign(refunded_amount=0.0)


def test_the_planted_way_of_buying_is_recovered_with_its_holdout() -> None:
    orders = buyers(RNG(11), 4000)
    found = models.lifetime_value(orders, as_of=date(2026, 7, 26))
    assert isinstance(found, models.LifetimeValue)
    assert found.buying.r / found.buying.alpha == pytest.approx(0.7 / 17, rel=0.12)
    assert found.missed is not None and abs(found.missed) < 0.12
    assert (found.deciles["ci_lower"] < found.deciles["expected"] * 1.1).all()
    assert found.orders_range[0] < found.orders < found.orders_range[1]


def test_a_forecast_is_refused_where_it_cannot_be_made() -> None:
    few = models.lifetime_value(buyers(RNG(2), 100), as_of=date(2026, 7, 26))
    assert isinstance(few, models.TooFewBuyers) and few.customers == 100
    once = pd.DataFrame({"x": 0.0, "t_x": 0.0, "T": np.arange(1, 501) / 10})
    assert isinstance(fit_buying(once, guarded=False), models.TooFewBuyers)


def test_an_attribute_that_goes_with_buying_is_found_and_chance_is_not() -> None:
    rng, alarms = RNG(13), 0
    for _ in range(100):
        people = pd.DataFrame({name: rng.choice(list("abc"), 600) for name in ("one", "two", "three")})
        people["bought"] = rng.random(600) < 0.3
        alarms += bool(models.associations(people, ["one", "two", "three"], outcome="bought")["clear"].any())
    assert alarms <= 11
    people["bought"] = rng.random(600) < np.where(people["two"] == "a", 0.6, 0.2)
    found = models.associations(people, ["one", "two", "three"], outcome="bought")
    assert found.loc[found["clear"].astype(bool), "attribute"].tolist() == ["two"]
