from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.errors import DataError
from fanops_utils.metrics import Interval, ad_costs, budget_shares, cost_lines, cost_per, cost_per_extra, one_currency


@pytest.fixture(scope="module")
def social_ads() -> pd.DataFrame:
    frame = pd.read_csv(shared("kag_conversion") / "KAG_conversion_data.csv")
    names = {"xyz_campaign_id": "campaign_name", "Impressions": "impressions", "Clicks": "link_clicks", "Spent": "spend",
             "Total_Conversion": "enquiries", "Approved_Conversion": "conversions"}  # fmt: skip
    return frame.rename(columns=names).assign(currency="USD")


def test_real_social_ads_to_the_cent(social_ads: pd.DataFrame) -> None:
    found = ad_costs(social_ads, credited=["enquiries", "conversions"])
    table = found.table.set_index("campaign_name")
    assert len(found.impossible) == table["impossible"].sum() == 204
    assert table["spend"].sum() == pytest.approx(58_705.23, abs=0.005)
    assert table.loc[[916, 936, 1178], "cpa"].round(2).tolist() == [6.24, 15.81, 63.83]
    assert table.loc[916, "conversions"] == 24
    assert (table["cpa_lower"] < table["cpa"]).all()
    assert found.impossible["spend"].sum() == 0, "an ad nobody clicked cost nothing here"


def test_conversions_without_a_click_do_not_flatter_the_rate_per_click(social_ads: pd.DataFrame) -> None:
    table = ad_costs(social_ads, credited=["enquiries", "conversions"]).table.set_index("campaign_name")
    assert table.loc[916, "impossible_conversions"] == 24 - 16
    assert table.loc[916, "conversion_rate"] == pytest.approx(16 / 113)


def ads(**columns: list) -> pd.DataFrame:
    facts = {"campaign_name": ["A", "A", "B"], "ad_name": ["x", "y", "x"], "currency": ["USD"] * 3, "spend": [10.0, 30.0, 0.0],
             "impressions": [1000, 3000, 500], "link_clicks": [10, 10, 0], "conversions": [1, 3, 2],
             "conversions_value": [20.0, 60.0, 5.0]}  # fmt: skip
    return pd.DataFrame(facts | columns)


def test_costs_by_campaign_and_creative_by_hand() -> None:
    found = ad_costs(ads())
    first = found.table.iloc[0]
    assert (first["campaign_name"], first["spend"], first["cpm"], first["cpc"], first["cpa"], first["roas"]) == (
        "A", 40.0, 10.0, 2.0, 10.0, 2.0
    )  # fmt: skip
    assert first["cpa_lower"] == pytest.approx(40 / 10.2416, abs=1e-3)
    assert first["cpa_upper"] == pytest.approx(40 / 1.0899, abs=1e-2)
    assert found.table.iloc[1]["impossible"] == 1
    assert np.isnan(found.table.iloc[1]["roas"])
    assert len(ad_costs(ads(), ["campaign_name", "ad_name"]).table) == 3


def test_missing_is_not_zero() -> None:
    table = ad_costs(ads(conversions_value=[None, None, 5.0]).drop(columns="impressions")).table
    assert np.isnan(table.iloc[0]["roas"])
    assert table["cpm"].isna().all()


def test_currencies_are_never_added_up() -> None:
    with pytest.raises(DataError, match="amounts in EUR, USD cannot be added up"):
        ad_costs(ads(currency=["USD", "EUR", "USD"]))
    with pytest.raises(DataError, match="cannot be added up"):
        one_currency(pd.DataFrame({"currency": ["USD", None]}))
    with pytest.raises(DataError, match="not negative"):
        ad_costs(ads(spend=[-1.0, 0.0, 0.0]))


def test_a_cost_without_any_unit_has_no_upper_bound() -> None:
    found = cost_per(100.0, 0)
    assert np.isnan(found.estimate)
    assert found.ci_upper == np.inf
    assert found.ci_lower == pytest.approx(100 / 3.6889, abs=1e-3)
    assert np.isnan(cost_per_extra(100.0, Interval(5.0, -1.0, 11.0, 9)).estimate)
    paid = cost_per_extra(100.0, Interval(5.0, 2.0, 10.0, 9))
    assert (paid.estimate, paid.ci_lower, paid.ci_upper) == (20.0, 10.0, 50.0)


def test_the_poisson_interval_of_a_cost_holds_the_true_cost() -> None:
    rng = np.random.default_rng(1)
    inside = [
        cost_per(100, int(units)).ci_lower <= 10 <= cost_per(100, int(units)).ci_upper for units in rng.poisson(10, 800)
    ]
    assert np.mean(inside) >= 0.94


def test_the_budget_against_its_bands() -> None:
    table = budget_shares({"content": 47.5, "people": 36.0, "tools": 11.5, "reserve": 5.0, "media": 80.0}).set_index(
        "category"
    )
    assert table["reading"].to_dict() == {
        "content": "inside", "people": "above", "tools": "inside", "reserve": "inside", "media": "no_band"
    }  # fmt: skip
    assert table.loc["people", "share"] == pytest.approx(0.36)
    assert budget_shares({"content": 10})["reading"].tolist() == ["above", "nothing", "nothing", "nothing"]
    assert budget_shares({"content": 45, "people": 35, "tools": 10, "reserve": 10})["reading"].eq("inside").all()
    with pytest.raises(DataError, match="leave no budget"):
        budget_shares({"content": 1}, bands={"content": (0.6, 0.7), "people": (0.5, 0.6)})


def test_lines_as_planned_and_as_paid() -> None:
    planned, paid = [("films", 100.0), ("tools", 30.0)], [("films", 60.0), ("films", 70.0), ("taxi", 5.0)]
    table = cost_lines(planned, paid).set_index("item")
    assert table["left"].to_dict() == {"films": -30.0, "tools": 30.0, "taxi": -5.0}
    assert table["over"].to_dict() == {"films": True, "tools": False, "taxi": True}
    assert cost_lines(planned, [])["paid"].sum() == 0
