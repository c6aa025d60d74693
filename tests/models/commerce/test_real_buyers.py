"""Published fits, reached again on the public data they were made on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.models.commerce.buying import BuyingModel, fit_buying
from fanops_utils.models.commerce.spending import SpendingModel, fit_spending
from fanops_utils.models.commerce.staying import fit_staying, kaplan_meier, still_there
from fanops_utils.models.commerce.value import holdout_check, purchase_history

WEEKS = 39


@pytest.fixture(scope="module")
def cdnow() -> Path:
    return shared("cdnow")


def summary(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "cdnow_customers_summary_with_transactions.csv").rename(columns={"zbar": "value"})


def test_bg_nbd_on_cdnow_is_that_of_fader_hardie_and_lee(cdnow: Path) -> None:
    found = fit_buying(summary(cdnow), guarded=False)
    assert isinstance(found, BuyingModel)
    assert found.parameters == pytest.approx([0.2426, 4.4135, 0.7929, 2.4258], rel=5e-3)
    assert found.log_likelihood == pytest.approx(-9582.43, abs=0.01)


def test_gamma_gamma_on_cdnow_is_the_published_one(cdnow: Path) -> None:
    found = fit_spending(summary(cdnow))
    assert isinstance(found, SpendingModel)
    assert (found.p, found.q, found.gamma) == pytest.approx((6.249, 3.745, 15.448), rel=5e-3)
    assert not found.tied


def test_the_holdout_of_cdnow_is_missed_by_its_christmas(cdnow: Path) -> None:
    raw = pd.read_csv(
        cdnow / "CDNOW_master.txt",
        sep=r"\s+",
        header=0,
        names=["who", "day", "cds", "total"],
        dtype={"who": str, "day": str},
    )
    orders = pd.DataFrame(
        {"customer_key": raw["who"], "date_day": pd.to_datetime(raw["day"], format="%Y%m%d"), "total": raw["total"]}
    )
    cut, last = pd.Timestamp("1997-10-01"), pd.Timestamp("1998-06-30")
    before = purchase_history(orders, as_of=cut.date())
    assert len(before) == 23_570
    later = orders[(orders["date_day"] > cut) & (orders["date_day"] <= last)].drop_duplicates(
        ["customer_key", "date_day"]
    )
    bought = before["customer_key"].map(later["customer_key"].value_counts()).fillna(0).to_numpy(float)
    found = holdout_check(before, bought, weeks=(last - cut).days / 7)
    assert found is not None
    missed, deciles = found
    assert 0.10 < missed < 0.25, "more was bought than forecast: the model knows no season"
    assert deciles["actual"].is_monotonic_increasing or deciles["actual"].iloc[-1] > 10 * deciles["actual"].iloc[0]
    assert deciles["expected"].iloc[-1] == pytest.approx(3.74, rel=0.1)


def test_retention_of_subscribers_is_forecast_as_by_fader_and_hardie() -> None:
    table = pd.read_csv(shared("sbg_retention") / "fader_hardie_2007_retention.csv").set_index("year")
    high = fit_staying(table.loc[0:7, "high_end_pct"].tolist())
    assert (high.alpha, high.beta) == pytest.approx((0.6681, 3.8061), rel=5e-3)
    assert np.round(100 * high.survival(range(8, 13)), 1).tolist() == [46.0, 43.6, 41.4, 39.5, 37.8]
    regular = fit_staying(table.loc[0:7, "regular_pct"].tolist())
    assert (regular.alpha, regular.beta) == pytest.approx((0.7041, 1.1820), rel=5e-3)


def test_kaplan_meier_of_the_telephone_company() -> None:
    table = pd.read_csv(shared("telco_churn") / "Telco-Customer-Churn.csv")
    curve = kaplan_meier(pd.DataFrame({"time": table["tenure"], "ended": table["Churn"] == "Yes"}))
    assert [round(float(still_there(curve, at)["estimate"]), 4) for at in (12, 24, 48)] == [0.8432, 0.7887, 0.7088]  # type: ignore[index]
    assert table["Churn"].eq("Yes").mean() == pytest.approx(0.26537, abs=1e-5)
