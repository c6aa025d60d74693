"""Who stays subscribed: planted chances come back from subscriptions of any age, and the terms to come are within the band."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics import renewals_by_term
from fanops_utils.models.commerce.staying import fit_renewals, staying_ahead

ALPHA, BETA = 0.9, 3.0


def counts(
    rng: np.random.Generator, *, people: int = 3000, terms: int = 10, leaves: float | None = None
) -> pd.DataFrame:
    """Return `renewals_by_term` of people whose chance to leave differs (or is *leaves* for all), begun at any of the terms."""
    chance = np.full(people, leaves) if leaves else rng.beta(ALPHA, BETA, people)
    stayed, age = rng.geometric(chance.clip(1e-9)) - 1, rng.integers(1, terms + 1, people)
    rows = [
        (k, int((age >= k)[stayed >= k - 1].sum()), int((age >= k)[stayed >= k].sum())) for k in range(1, terms + 1)
    ]
    return pd.DataFrame(rows, columns=["renewal", "due", "renewed"]).assign(plan="basic")


def test_planted_chances_and_the_terms_to_come_are_found() -> None:
    inside = 0
    for seed in range(6):
        (found,) = staying_ahead(counts(np.random.default_rng(seed)), seed=4, draws=40)
        truth = np.exp(sum(np.log1p(-ALPHA / (ALPHA + BETA + k)) for k in range(15)))
        last = found.course.iloc[-1]
        assert last["renewals"] == 15 and last["estimate"] == pytest.approx(truth, rel=0.15)
        inside += last["ci_lower"] <= truth <= last["ci_upper"]
        assert found.missed is not None and abs(found.missed) < 0.25
    assert inside >= 4


def test_where_all_leave_alike_the_model_says_so() -> None:
    table = counts(np.random.default_rng(1), leaves=0.2)
    model = fit_renewals(table["due"].to_numpy(float), table["renewed"].to_numpy(float))
    assert model.alpha / (model.alpha + model.beta) == pytest.approx(0.2, abs=0.02) and model.beta > 20


def test_few_subscriptions_or_renewals_have_no_forecast() -> None:
    rng = np.random.default_rng(1)
    assert staying_ahead(counts(rng, people=25), seed=1) == []
    assert staying_ahead(counts(rng, terms=2), seed=1) == []
    assert staying_ahead(counts(rng).iloc[:0], seed=1) == []


def test_terms_are_counted_by_how_many_came_before() -> None:
    start = pd.Timestamp("2026-01-01", tz="UTC")
    rows = [("a", 1, 0), ("a", 2, 30), ("a", 3, 60), ("b", 1, 0), ("c", 1, 60)]  # a goes on; b left; c is not due yet
    terms = pd.DataFrame([
        {"subscription_id": who, "term": term, "plan": "basic", "started_at": start + pd.Timedelta(days=day),
         "due_at": start + pd.Timedelta(days=day + 30)} for who, term, day in rows
    ])  # fmt: skip
    table = renewals_by_term(terms, as_of=date(2026, 3, 15)).set_index("renewal")
    assert table[["due", "renewed"]].to_dict("index") == {1: {"due": 2, "renewed": 1}, 2: {"due": 1, "renewed": 1}}
