from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.errors import DataError
from fanops_utils.metrics import ad_costs, roas

DAYS, WORTH, SPENT = 28, 31.0, 20.0


def month(rng: np.random.Generator, *, orders: float, uneven: float, bursts: float = 0.0) -> tuple[np.ndarray, ...]:
    """Return value, spend and orders of a month whose return is planted: *orders* expected, worth 31 each on average."""
    spend = SPENT * rng.lognormal(0, 0.2, DAYS)
    rate = orders / DAYS * spend / SPENT * rng.lognormal(-(bursts**2) / 2, bursts, DAYS)
    counts = rng.poisson(rate)
    value = np.array([rng.lognormal(np.log(WORTH) - uneven**2 / 2, uneven, one).sum() for one in counts])
    return value, spend, counts


@pytest.mark.parametrize(
    ("orders", "uneven", "bursts"), [(6, 0.3, 0.0), (20, 0.8, 0.0), (70, 0.5, 0.0), (70, 0.8, 0.5)]
)
def test_the_interval_holds_what_was_planted(orders: float, uneven: float, bursts: float) -> None:
    rng, true, inside = np.random.default_rng(int(orders * 10 + bursts)), orders / DAYS * WORTH / SPENT, []
    for _ in range(400):
        value, spend, counts = month(rng, orders=orders, uneven=uneven, bursts=bursts)
        found = roas(value, spend, conversions=counts)
        inside += [found.ci_lower <= true <= found.ci_upper] if value.any() else []
    assert np.mean(inside) >= 0.93


def test_advertisements_that_only_break_even_are_seldom_said_to_pay() -> None:
    rng, orders = np.random.default_rng(7), DAYS * SPENT / WORTH
    found = [roas(*month(rng, orders=orders, uneven=0.6)[:2]) for _ in range(400)]
    assert np.mean([one.ci_lower > 1 for one in found]) <= 0.04
    assert np.mean([one.ci_upper < 1 for one in found]) <= 0.04


def test_scatter_between_days_widens_it_and_rows_of_one_day_go_together() -> None:
    value, spend = np.array([90.0, 0.0, 90.0, 0.0]), np.full(4, 10.0)
    apart = roas(value, spend, conversions=[30, 0, 30, 0])
    together = roas(value, spend, conversions=[30, 0, 30, 0], days=["mon", "mon", "tue", "tue"])
    assert apart.estimate == together.estimate == 4.5
    assert (apart.n, together.n) == (4, 2)
    assert apart.ci_upper - apart.ci_lower > 1.5 * (together.ci_upper - together.ci_lower)


def test_what_cannot_be_told_has_no_bounds() -> None:
    assert np.isnan(roas([np.nan, np.nan], [1.0, 2.0]).estimate), "missing is not zero"
    assert np.isnan(roas([1.0], [0.0]).estimate)
    nothing = roas([0.0, 0.0], [5.0, 5.0])
    assert nothing.estimate == 0
    assert np.isnan(nothing.ci_upper), "what a conversion would be worth is not known"
    assert np.isnan(roas([10.0, -1.0], [5.0, 5.0]).ci_lower), "a refund is no Poisson count"
    with pytest.raises(DataError, match="pairs"):
        roas([1.0], [1.0, 2.0])


@given(
    st.lists(st.tuples(st.floats(0, 500), st.floats(0.01, 200), st.integers(0, 9)), min_size=1, max_size=30),
    st.floats(0.1, 50),
)
def test_the_bounds_lie_around_the_ratio_and_move_with_the_currency(
    rows: list[tuple[float, float, int]], rate: float
) -> None:
    value, spend, counts = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found, other = roas(value, spend, conversions=counts), roas(value * rate, spend * rate, conversions=counts)
    if np.isfinite(found.ci_lower):
        assert 0 <= found.ci_lower <= found.estimate <= found.ci_upper
    assert other.estimate == pytest.approx(found.estimate)
    assert other.ci_upper == pytest.approx(found.ci_upper, rel=1e-6, nan_ok=True)


def ads(**columns: list) -> pd.DataFrame:
    facts = {"campaign_name": ["A", "A", "B"], "currency": "USD", "spend": [10.0, 30.0, 5.0], "link_clicks": [40, 60, 0],
             "conversions": [1.0, 3.0, 2.0], "conversions_value": [20.0, 60.0, 5.0], "engagements": [80, 120, 10],
             "date_day": pd.to_datetime(["2026-05-01", "2026-05-02", "2026-05-01"])}  # fmt: skip
    return pd.DataFrame(facts | columns)


def test_the_table_of_costs_carries_every_interval() -> None:
    table = ad_costs(ads()).table.set_index("campaign_name")
    same = roas([20.0, 60.0], [10.0, 30.0], conversions=[1, 3])
    assert table.loc["A", ["roas", "roas_lower", "roas_upper"]].tolist() == [2.0, same.ci_lower, same.ci_upper]
    rate = table.loc["A", ["conversion_rate", "conversion_rate_lower", "conversion_rate_upper"]].tolist()
    assert rate == pytest.approx([0.04, 0.01566, 0.09837], abs=1e-4), "Wilson, 4 of 100"
    assert table.loc["A", "cpe"] == pytest.approx(0.2)
    assert table.loc["A", "cpe_lower"] < 0.2 < table.loc["A", "cpe_upper"]
    assert np.isnan(table.loc["B", "conversion_rate"]), "nobody clicked: the rate is not zero"


def test_more_conversions_than_clicks_are_no_share() -> None:
    row = ad_costs(ads(link_clicks=[1, 1, 0])).table.set_index("campaign_name").loc["A"]
    assert row["conversion_rate"] == 2.0
    assert np.isnan(row["conversion_rate_lower"])


def test_the_whole_is_counted_from_the_rows_not_from_the_groups() -> None:
    found = ad_costs(ads())
    assert found.whole["spend"] == 45 and found.whole["engagements"] == 210
    assert found.whole["roas"] == pytest.approx(85 / 45)
    assert found.whole["roas_lower"] < 85 / 45 < found.whole["roas_upper"]
    assert found.whole["conversion_rate"] == pytest.approx(4 / 100)
    assert ad_costs(ads(conversions_value=[None] * 3)).whole[["roas", "roas_lower"]].isna().all()
