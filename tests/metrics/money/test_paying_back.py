"""What a new customer brings against what one costs: planted values come back, and doubt is said as doubt."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import ParameterError
from fanops_utils.metrics import against_cost, earned_by_month, in_one_currency, winning_costs

AS_OF = date(2026, 10, 31)


def world(rng: np.random.Generator, *, customers: int = 400, each: float = 20.0, channel: str = "web") -> pd.DataFrame:
    """Return orders of customers who first bought 13 months to 2 years ago, then once a month for a year, *each* on average."""
    rows = []
    for person in range(customers):
        first = pd.Timestamp(AS_OF) - pd.Timedelta(days=int(rng.integers(400, 730)))
        for month in range(12):
            paid = float(rng.gamma(4, each / 4))
            rows.append(
                (
                    f"{channel}{person}",
                    first + pd.Timedelta(days=int(30.4375 * month) + 2 * (month > 0)),
                    paid,
                    0.0,
                    channel,
                )
            )
    return pd.DataFrame(rows, columns=["customer_key", "date_day", "total", "refunded_amount", "channel"])


def firsts(orders: pd.DataFrame) -> pd.DataFrame:
    return orders.groupby("customer_key", as_index=False).agg(
        date_day=("date_day", "min"), channel=("channel", "first")
    )


def costs(*rows: tuple[str, float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["channel", "amount", "currency"]).assign(date_day=pd.Timestamp(AS_OF))


def test_what_was_paid_by_each_month_is_found_less_refunds() -> None:
    orders = world(np.random.default_rng(1))
    orders.loc[orders.index % 12 == 11, "refunded_amount"] = orders["total"]  # the last month is given back
    course = earned_by_month(orders, firsts(orders), as_of=AS_OF).query("channel == 'all'").set_index("month")
    assert course["estimate"].is_monotonic_increasing and (course["n"] == 400).all()
    for month, paid in ((1, 20.0), (6, 120.0), (12, 220.0)):
        assert course.loc[month, "estimate"] == pytest.approx(paid, rel=0.03), month
        assert course.loc[month, "ci_lower"] < course.loc[month, "estimate"] < course.loc[month, "ci_upper"]


def test_only_who_has_had_the_months_counts_and_short_histories_look_less_far() -> None:
    orders = world(np.random.default_rng(2), customers=40)
    late = orders.assign(
        date_day=pd.Timestamp(AS_OF) - pd.Timedelta(days=200), customer_key="late" + orders["customer_key"]
    )
    both = pd.concat([orders, late], ignore_index=True)
    assert (earned_by_month(both, firsts(both), as_of=AS_OF)["n"].max(), len(firsts(both))) == (40, 80)
    assert earned_by_month(late, firsts(late), as_of=AS_OF)["month"].max() == 6
    young = late.assign(date_day=pd.Timestamp(AS_OF) - pd.Timedelta(days=20))
    assert earned_by_month(young, firsts(young), as_of=AS_OF).empty


@pytest.mark.parametrize(
    ("amount", "channel", "verdict"),
    [(20_000, "all", "earns"), (200_000, "all", "costs"), (96_000, "all", "open"), (150_000, "web", "open"),
     (400_000, "web", "costs")],
)  # fmt: skip
def test_a_channel_is_judged_where_the_data_can_judge_it(amount: float, channel: str, verdict: str) -> None:
    orders = world(np.random.default_rng(3))
    won = firsts(orders)
    table = against_cost(
        winning_costs(costs(("web", amount, "USD")), won), earned_by_month(orders, won, as_of=AS_OF), currency="USD"
    ).set_index("channel")
    row = table.loc[channel]
    assert row["verdict"] == verdict, "a single channel is too dear only below half: codes do not see all"
    assert row["times"] == pytest.approx(240 * 400 / amount, rel=0.02)
    assert row["times_lower"] < 240 * 400 / amount < row["times_upper"]
    even = np.ceil(amount / 400 / 20)
    assert row["months"] == pytest.approx(even, abs=1) if even <= 11 else np.isnan(row["months"]) or row["months"] == 12


def test_what_is_left_of_a_sale_and_another_currency_count() -> None:
    orders = world(np.random.default_rng(4))
    won, course = firsts(orders), earned_by_month(world(np.random.default_rng(4)), firsts(orders), as_of=AS_OF)
    dollars = costs(("web", 48_000, "USD"), ("referral", 90.0, "points"))
    euros = in_one_currency(dollars, "EUR", rate=0.5)
    assert euros.set_index("channel")["amount"].to_dict() == {"web": 24_000, "referral": 90.0}
    assert in_one_currency(dollars, "EUR", rate=None) is dollars
    assert against_cost(winning_costs(dollars, won), course, currency="EUR").empty, "what cannot be compared is not"
    whole = against_cost(winning_costs(euros, won), course, currency="EUR").set_index("channel")["times"]
    half = against_cost(winning_costs(euros, won), course, currency="EUR", margin=0.5).set_index("channel")["times"]
    assert half["all"] == pytest.approx(whole["all"] / 2)


@pytest.mark.parametrize("margin", [0.0, -0.2, 60.0, float("nan")])
def test_a_margin_is_a_part_of_a_sale(margin: float) -> None:
    with pytest.raises(ParameterError):
        against_cost(pd.DataFrame({"currency": []}), pd.DataFrame({"channel": []}), currency="EUR", margin=margin)


def test_few_customers_are_not_judged() -> None:
    orders = world(np.random.default_rng(5), customers=25)
    won = firsts(orders)
    more = world(np.random.default_rng(6), customers=100, channel="partners")
    both = pd.concat([orders, more])
    table = against_cost(winning_costs(costs(("web", 9.0, "USD")), won), earned_by_month(both, firsts(both), as_of=AS_OF),
                         currency="USD")  # fmt: skip
    assert table.set_index("channel").loc["web", "verdict"] == "few"
