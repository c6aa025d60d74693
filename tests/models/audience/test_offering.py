"""What to offer next and what stands out: planted ties are found, and where nothing hangs together nothing is claimed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models import steady_state
from fanops_utils.models.audience.next_best import NextBest, TooLittleTaken, next_best
from fanops_utils.models.audience.standing_out import standing_out

AS_OF = date(2026, 10, 31)


def taken(rng: np.random.Generator, *, tied: bool, people: int = 800) -> pd.DataFrame:
    """Return what people took in a year: of 12 items in three families, by popularity, and where *tied* by their family."""
    popular = np.array([9, 7, 5, 4, 3, 3, 2, 2, 2, 1, 1, 1], float)
    rows = []
    for person in range(people):
        weight = popular * (np.where(np.arange(12) % 3 == person % 3, 12, 1) if tied else 1)
        for item in rng.choice(12, 5, replace=False, p=weight / weight.sum()):
            rows.append(
                (f"p{person}", f"item{item}", pd.Timestamp(AS_OF) - pd.Timedelta(days=int(rng.integers(0, 300))))
            )
    return pd.DataFrame(rows, columns=["person", "item", "date_day"])


def test_ties_between_items_make_better_offers_than_popularity() -> None:
    found = next_best(taken(np.random.default_rng(1), tied=True), as_of=AS_OF)
    assert isinstance(found, NextBest) and found.personal and found.gain.ci_lower > 0.05
    near = found.pairs.assign(
        same=lambda f: f["item"].str[4:].astype(int) % 3 == f["following"].str[4:].astype(int) % 3
    )
    assert near["same"].mean() > 0.9
    assert not found.people.merge(taken(np.random.default_rng(1), tied=True), on=["person", "item"]).size, (
        "nothing twice"
    )


def test_where_nothing_hangs_together_the_popular_is_offered() -> None:
    called = 0
    for seed in range(12):
        found = next_best(taken(np.random.default_rng(100 + seed), tied=False, people=400), as_of=AS_OF)
        assert isinstance(found, NextBest)
        called += found.personal
    assert called <= 1


def test_too_little_taken_is_said() -> None:
    few = next_best(taken(np.random.default_rng(2), tied=True, people=60), as_of=AS_OF)
    assert isinstance(few, TooLittleTaken) and few.people < few.least_people
    assert isinstance(next_best(pd.DataFrame(columns=["person", "item", "date_day"]), as_of=AS_OF), TooLittleTaken)


def holds(rng: np.random.Generator, *, planted: bool) -> tuple[pd.DataFrame, pd.Series]:
    groups = pd.Series(
        rng.choice(["loyal", "active", "ordinary"], 900, p=[0.15, 0.35, 0.5]), index=[f"m{n}" for n in range(900)]
    )
    rows = []
    for number in range(12):
        chance = np.where(planted and number == 0, np.where(groups == "loyal", 0.7, 0.25), 0.3)
        has = groups.index[rng.random(900) < chance]
        rows.append(pd.DataFrame({"member_key": has, "kind": "topic", "item": f"t{number}"}))
    return pd.concat(rows), groups


def test_what_stands_out_is_found_and_little_else() -> None:
    found = standing_out(*holds(np.random.default_rng(3), planted=True))
    clear = found[found["clear"] & (found["lift"] > 1)]
    assert clear[["group", "item"]].to_numpy().tolist()[0] == ["loyal", "t0"]
    assert clear.iloc[0]["share"] == pytest.approx(0.7, abs=0.1) and len(clear) <= 2


def test_alike_groups_seldom_have_anything_that_stands_out() -> None:
    any_clear = sum(
        bool(standing_out(*holds(np.random.default_rng(50 + seed), planted=False))["clear"].any()) for seed in range(16)
    )
    assert any_clear <= 3
    assert standing_out(pd.DataFrame(columns=["member_key", "kind", "item"]), pd.Series(dtype=str)).empty


def test_the_long_run_is_that_of_the_moves() -> None:
    rows = [("active", "active", 900), ("active", "silent", 100), ("silent", "active", 50), ("silent", "silent", 950)]
    moves = pd.DataFrame(rows, columns=["origin", "target", "members"])
    found = steady_state(moves, ["active", "silent"], rng=np.random.default_rng(1)).set_index("name")
    assert found.loc["active", "estimate"] == pytest.approx(1 / 3, abs=0.01)
    assert found.loc["active", "now"] == pytest.approx(950 / 2000)
    assert found.loc["active", "ci_lower"] < 1 / 3 < found.loc["active", "ci_upper"]
    assert steady_state(moves.iloc[:0], ["active", "silent"], rng=np.random.default_rng(1)).empty
