"""Published numbers, recovered through the catalogue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from metric_worlds import store
from shared_data import shared

from fanops_utils.metrics import mean_t, series


def test_college_messages_give_the_published_retention(tmp_path: Path) -> None:
    sent = pd.read_csv(shared("college_msg") / "CollegeMsg.txt", sep=" ").assign(platform="other", market=None)
    sent["member_key"], sent["when"] = sent["src"].astype(str), pd.to_datetime(sent["time"], unit="s", utc=True)
    active = sent.assign(date_day=sent["when"].dt.tz_localize(None).dt.normalize(), events=1)
    active = active.drop_duplicates(["member_key", "date_day"])[["platform", "member_key", "date_day", "events"]]
    fans = sent.groupby("member_key", as_index=False).agg(joined_at=("when", "min")).assign(platform="other")
    made = store(tmp_path, fans=fans, fan_day=active)
    exact = [series(made, f"retention_d{day}", grain="period").table["estimate"].item() for day in (1, 7, 30)]
    assert exact == pytest.approx([0.4374, 0.2630, 0.1083], abs=5e-5)
    later = [series(made, f"retention_rolling_d{day}", grain="period").table["estimate"].item() for day in (1, 7, 30)]
    assert later == pytest.approx([0.818, 0.716, 0.481], abs=1e-3)
    first = active.groupby("member_key")["date_day"].transform("min")
    age, last = (active["date_day"] - first).dt.days, active["date_day"].max()
    for start, end in ((1, 7), (8, 14), (15, 30)):
        mature = set(active.loc[first + pd.Timedelta(days=end) <= last, "member_key"])
        back = set(active.loc[age.between(start, end), "member_key"]) & mature
        found = series(made, f"retention_d{start}_{end}", grain="period").table
        assert found["n"].item() == len(mature) and found["estimate"].item() == pytest.approx(
            len(back) / len(mature), abs=1e-12
        )


def test_cdnow_gives_its_orders_per_customer(tmp_path: Path) -> None:
    path = shared("cdnow") / "CDNOW_master.txt"
    raw = pd.read_csv(
        path, sep=r"\s+", header=None, skiprows=1, names=["customer", "day", "pieces", "value"], dtype={"customer": str}
    )
    orders = pd.DataFrame({
        "order_id": raw.index.astype(str), "created_timestamp": pd.to_datetime(raw["day"], format="%Y%m%d", utc=True),
        "customer_key": raw["customer"], "currency": "USD", "subtotal": raw["value"],
    })  # fmt: skip
    made = store(tmp_path, orders=orders)
    found = series(made, "orders_per_customer", grain="period").table.iloc[0]
    assert found["n"] == 23_570 and found["estimate"] == pytest.approx(69_659 / 23_570, rel=1e-12)
    plain = mean_t(raw.groupby("customer").size())
    assert (found["ci_lower"], found["ci_upper"]) == pytest.approx((plain.ci_lower, plain.ci_upper), rel=1e-9)
    quarter = series(
        made, "orders_per_customer", grain="period", start=date(1997, 1, 1), end=date(1997, 3, 31)
    ).table.iloc[0]
    assert quarter["estimate"] == pytest.approx(raw[raw["day"] < 19970401].groupby("customer").size().mean(), rel=1e-12)


def test_upworthy_gives_its_page_views(tmp_path: Path) -> None:
    folder = shared("upworthy_site_analytics")
    raw = pd.read_csv(folder / "2013.01.01-2015.04.30-daily-pageviews.csv", thousands=",", encoding="utf-8-sig")
    raw = raw[pd.to_datetime(raw["Day Index"], format="%m/%d/%y", errors="coerce").notna()]
    users = pd.read_csv(
        folder / "2013.01.01-2015.04.30-daily-users-info.csv", thousands=",", encoding="utf-8-sig", na_values=["N/A"]
    )
    users = users.dropna(subset=["Day Index"])
    day = pd.to_datetime(raw["Day Index"], format="%m/%d/%y")
    visits = pd.to_numeric(users["Sessions"].astype("string").str.replace(",", ""), errors="coerce")
    seen = pd.Series(visits.to_numpy(), index=pd.to_datetime(users["Day Index"], format="%m/%d/%y"))
    web = pd.DataFrame({"property": "upworthy", "metric_window": "day", "date_day": day, "views": raw["Pageviews"],
                        "sessions": seen.reindex(day).to_numpy()})  # fmt: skip
    made = store(tmp_path, web_daily=web)
    views = series(made, "site_page_views", grain="period").table.iloc[0]
    assert views["estimate"] == 2_351_171_402 and views["days"] == 850
    months = series(made, "site_page_views", grain="month").table
    assert len(months) == 28 and months["estimate"].sum() == 2_351_171_402
    known = series(made, "site_sessions", grain="month").table.set_index("date_day")
    assert np.isnan(known.loc["2013-01-01", "estimate"]), "a month with a day that is not known has no total"
