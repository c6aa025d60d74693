from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.errors import DataError
from fanops_utils.experiments.looks.always_valid import always_p, critical, share_interval
from fanops_utils.experiments.looks.spending import Spending, bounds, crossing, repeated_p, spent

looks = st.lists(st.floats(0.05, 1.0), min_size=1, max_size=6, unique=True).map(sorted)


@settings(max_examples=25, deadline=None)
@given(looks, st.sampled_from(["obrien-fleming", "pocock", "rho"]), st.floats(0.01, 0.1))
def test_bounds_spend_what_they_may(fractions: list[float], spending: Spending, alpha: float) -> None:
    fractions = [one for one, before in zip(fractions, [0.0, *fractions], strict=False) if one - before > 0.01]
    limits = bounds(fractions, alpha=alpha, spending=spending)
    chances = np.cumsum(crossing(limits, fractions))
    expected = [spent(spending, one, alpha=alpha) for one in fractions]
    assert chances == pytest.approx(expected, abs=2e-7)


def test_all_of_alpha_is_spent_at_the_end_and_none_after() -> None:
    assert spent("obrien-fleming", 1.0) == pytest.approx(0.05)
    assert spent("pocock", 2.0) == pytest.approx(0.05)
    assert spent("rho", 0.5) == pytest.approx(0.0125)
    with pytest.raises(DataError, match="increasing"):
        bounds([0.5, 0.5])


@pytest.mark.parametrize("spending", ["obrien-fleming", "pocock", "rho"])
def test_a_repeated_p_crosses_alpha_where_the_bound_does(spending: Spending) -> None:
    fractions = (0.25, 0.5, 0.75)
    limit = bounds(fractions, spending=spending)[-1]
    assert repeated_p(limit, fractions, spending=spending) == pytest.approx(0.05, abs=1e-6)
    assert (
        repeated_p(limit + 0.1, fractions, spending=spending)
        < 0.05
        < repeated_p(limit - 0.1, fractions, spending=spending)
    )
    assert repeated_p(0.0, fractions, spending=spending) == 1.0
    assert np.isnan(repeated_p(float("nan"), fractions))


def test_one_look_is_an_ordinary_test() -> None:
    assert bounds([1.0])[0] == pytest.approx(1.959964, abs=1e-6)
    assert repeated_p(2.0, [1.0]) == pytest.approx(0.0455003, abs=1e-6)
    assert sum(crossing([1.959964], [1.0], drift=2.801585)) == pytest.approx(0.8, abs=1e-5)


def test_always_valid_p_and_bound_agree() -> None:
    for fraction in (0.1, 0.5, 1.0, 3.0):
        limit = float(critical(fraction))
        assert float(always_p(limit, fraction)) == pytest.approx(0.05, rel=1e-9)
        assert float(always_p(limit + 0.1, fraction)) < 0.05
    assert float(critical(1.0)) < float(critical(0.2))


def test_the_share_interval_holds_at_every_look() -> None:
    rng = np.random.default_rng(4)
    steps = np.arange(20, 401, 20)
    hits = (rng.random((150, 400)) < 0.3).cumsum(axis=1)[:, steps - 1]
    broken = [
        any(
            not low <= 0.3 <= high
            for low, high in (share_interval(int(x), int(n)) for x, n in zip(row, steps, strict=True))
        )
        for row in hits[:60]
    ]
    assert np.mean(broken) <= 0.1
    assert share_interval(0, 50)[0] == 0.0
    assert share_interval(50, 50)[1] == 1.0


def test_error_spent_by_the_calendar_keeps_its_level_where_units_come_late() -> None:
    """Most units in the last quarter: what ties two looks is the units they share, not the days."""
    days, shares = [0.25, 0.5, 0.75, 1.0], [0.02, 0.05, 0.1, 1.0]
    rng, size = np.random.default_rng(8), 40_000
    steps = rng.normal(size=(size, 4)) * np.sqrt(np.diff([0.0, *shares]))
    z = np.cumsum(steps, axis=1) / np.sqrt(shares)
    by_days = np.abs(z) >= np.array(bounds(days, spending="pocock"))
    by_units = np.abs(z) >= np.array(bounds(days, spending="pocock", information=shares))
    assert by_units.any(axis=1).mean() == pytest.approx(0.05, abs=0.004)
    assert by_days.any(axis=1).mean() > 0.06
    same = bounds(days, spending="pocock", information=days)
    assert same == pytest.approx(bounds(days, spending="pocock"))
