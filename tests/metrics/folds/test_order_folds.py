"""Orders counted in the engine are those that plain pandas counts from the rows, whatever the keys were."""

from __future__ import annotations

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics import folds

AS_OF = date(2026, 6, 30)
SIZES = [0, 1, 600]


def orders(size: int) -> pd.DataFrame:
    """Orders of few customers on few days: repeats on a day, nobody known, amounts and codes that no file tells."""
    rng = np.random.default_rng(size)
    day = pd.Timestamp("2026-03-20") + pd.to_timedelta(rng.integers(0, 140, size), unit="D")
    frame = pd.DataFrame({
        "order_id": [f"o{place:05d}" for place in rng.permutation(size)], "date_day": pd.DatetimeIndex(day).as_unit("us"),
        "customer_key": pd.array(rng.choice([None, *(f"k{place}" for place in range(60))], size), dtype="string"),
        "total": np.where(rng.random(size) < 0.1, np.nan, rng.integers(1, 90, size) / 2),
        "refunded_amount": np.where(rng.random(size) < 0.8, np.nan, 1.5),
        "source": pd.array(rng.choice([None, "web", "tiktok"], size), dtype="string"),
        "discount_code": pd.array(rng.choice([None, "Fan10", "FAN10", "tea"], size), dtype="string"),
        "currency": pd.array(rng.choice([None, "EUR"], size), dtype="string"),
    })  # fmt: skip
    return frame.sort_values("order_id", ignore_index=True)


def engine(frame: pd.DataFrame) -> ibis.Table:
    """Return *frame* as the warehouse has it: days are dates, what is missing is null."""
    kinds = {"date_day": "date", "total": "float64", "refunded_amount": "float64"}
    schema = ibis.schema({name: kinds.get(name, "string") for name in frame})
    days = frame.assign(date_day=frame["date_day"].dt.date)
    return ibis.memtable(days.astype(object).where(days.notna(), None), schema=schema)


@pytest.fixture(params=["frame", "engine"])
def both(request: pytest.FixtureRequest) -> str:
    return request.param


def given(frame: pd.DataFrame, how: str) -> pd.DataFrame | ibis.Table:
    return frame if how == "frame" else engine(frame)


def paid(frame: pd.DataFrame) -> pd.Series:
    return frame["total"].fillna(0) - frame["refunded_amount"].fillna(0)


@pytest.mark.parametrize("size", SIZES)
def test_buyers(size: int, both: str) -> None:
    rows = orders(size)
    found = folds.buyers(given(rows, both), as_of=AS_OF).set_index("customer_key")
    known = rows.assign(paid=paid(rows)).dropna(subset=["customer_key"]).query("date_day <= @AS_OF.isoformat()")
    assert sorted(found.index) == sorted(known["customer_key"].unique())
    for key, own in known.groupby("customer_key"):
        days = sorted(own["date_day"].unique())
        line = found.loc[key]
        assert (line["first"], line["last"], line["days"], line["orders"]) == (days[0], days[-1], len(days), len(own))
        assert pd.isna(line["second"]) if len(days) == 1 else line["second"] == days[1]
        assert line["spent"] == pytest.approx(own["paid"].sum())
        assert line["repeated"] == pytest.approx(own.loc[own["date_day"] > days[0], "paid"].sum())


@pytest.mark.parametrize("size", SIZES)
def test_first_orders(size: int, both: str) -> None:
    rows = orders(size)
    found = folds.first_orders(given(rows, both), "source", "discount_code")
    wanted = rows.dropna(subset=["customer_key"]).sort_values("date_day", kind="stable").drop_duplicates("customer_key")
    wanted = wanted.sort_values("customer_key")[["customer_key", "date_day", "source", "discount_code"]]
    assert found.astype(object).where(found.notna(), None).to_numpy().tolist() == [
        [None if pd.isna(value) else value for value in line] for line in wanted.to_numpy().tolist()
    ]


@pytest.mark.parametrize("size", SIZES)
def test_days(size: int, both: str) -> None:
    rows = orders(size)
    found = folds.sold_by_day(given(rows, both), as_of=AS_OF).set_index("date_day")
    known = rows.assign(paid=paid(rows), first=rows.groupby("customer_key")["date_day"].transform("min"))
    known = known.query("date_day <= @AS_OF.isoformat()")
    each = known.assign(later=known["date_day"] > known["first"]).groupby("date_day")
    wanted = pd.DataFrame({"orders": each.size(), "revenue": each["paid"].sum(), "returning": each["later"].sum()})
    assert list(found.index) == list(wanted.index)
    assert np.allclose(found.to_numpy(float), wanted.to_numpy(float))


@pytest.mark.parametrize("size", SIZES)
def test_what_people_bought_within_days_of_their_own(size: int, both: str) -> None:
    rows = orders(size)
    since = pd.to_datetime(["2026-04-01", "2026-05-01", None, "2026-04-10"])
    keys = ["k1", "k2", "k3", "nobody"]
    people = pd.DataFrame({"customer_key": keys, "since": since, "member_key": list("abcd")}, index=[7, 3, 5, 1])
    found = folds.bought_within(given(rows, both), people, last=27)
    assert list(found.index) == [7, 3, 5, 1]
    for at, key, day in people[["customer_key", "since"]].itertuples():
        own = rows[(rows["customer_key"] == key) & rows["date_day"].between(day, day + pd.Timedelta(days=27))]
        assert (found.loc[at, "orders"], found.loc[at, "paid"]) == (len(own), pytest.approx(paid(own).sum()))


@pytest.mark.parametrize("size", SIZES)
def test_what_people_paid_until_days_of_their_own(size: int, both: str) -> None:
    rows = orders(size)
    since = pd.to_datetime(["2026-04-01", "2026-05-01", None, "2026-04-10"])
    people = pd.DataFrame({"customer_key": ["k1", "k2", "k3", "nobody"], "since": since}, index=[7, 3, 5, 1])
    found = folds.paid_until(given(rows, both), people, lasts=[0, 30, 90])
    assert list(found.index) == [7, 3, 5, 1] and list(found.columns) == [0, 30, 90]
    for at, key, day in people.itertuples():
        for last in (0, 30, 90):
            own = rows[(rows["customer_key"] == key) & rows["date_day"].between(day, day + pd.Timedelta(days=last))]
            assert found.loc[at, last] == pytest.approx(paid(own).sum())


@pytest.mark.parametrize("size", SIZES)
def test_codes_kinds_and_single_orders(size: int, both: str) -> None:
    rows = orders(size)
    asked = given(rows, both)
    code = rows["discount_code"].str.lower()
    under = rows.assign(code=code)[(code == "fan10").fillna(False)]
    found = folds.buyers_by_code(asked, ["Fan10", "other"])
    each = under.fillna({"total": 0.0, "refunded_amount": 0.0}).groupby("customer_key", dropna=False)
    wanted = each.agg(
        first=("date_day", "min"), orders=("order_id", "size"), gross=("total", "sum"), back=("refunded_amount", "sum")
    )
    assert set(found["code"]) <= {"fan10"} and len(found) == len(wanted)
    for key, line in wanted.iterrows():
        own = found[found["customer_key"].isna() if pd.isna(key) else found["customer_key"] == key].iloc[0]
        assert (own["first"], own["orders"], own["gross"]) == (
            line["first"],
            line["orders"],
            pytest.approx(line["gross"]),
        )
        assert own["back"] == pytest.approx(line["back"])
    kinds = folds.orders_of_kind(asked, sources=["tiktok"], codes=["tea"])
    assert kinds["orders"].sum() == size and kinds["with_source"].sum() == rows["source"].notna().sum()
    for key, own in rows.groupby("customer_key", dropna=False):
        line = kinds[kinds["customer_key"].isna() if pd.isna(key) else kinds["customer_key"] == key].iloc[0]
        assert line["from_sources"] == (own["source"] == "tiktok").sum()
        assert line["under_codes"] == (own["discount_code"] == "tea").sum()
    numbers = pd.Series([*rows["order_id"].head(3), None, "unknown"], dtype="string")
    single = folds.paid_for(asked, numbers)
    assert single.tolist() == pytest.approx([*paid(rows.head(3)), 0.0, 0.0])
    assert folds.most_common(asked, "source") == list(
        rows["source"].value_counts().sort_index().sort_values(ascending=False, kind="stable").index
    )


def test_keys_that_are_numbers_are_found_again() -> None:
    rows = orders(50).assign(customer_key=np.arange(50) % 7)
    people = pd.DataFrame({"customer_key": [3, 99], "since": pd.Timestamp("2026-01-01")})
    assert folds.bought_within(rows, people, last=500)["orders"].tolist() == [(rows["customer_key"] == 3).sum(), 0]
    fans = pd.DataFrame({"member_key": [1, 2], "customer_key": [3, 99]})
    from fanops_utils.metrics import member_spend

    spent = member_spend(fans, rows, as_of=date(2027, 1, 1))
    assert spent.loc[1] == pytest.approx(paid(rows[rows["customer_key"] == 3]).sum()) and spent.loc[2] == 0
    assert member_spend(fans, rows.iloc[:0], as_of=date(2027, 1, 1)).empty, "without orders nobody's spend is known"


def bookings(size: int) -> pd.DataFrame:
    rng = np.random.default_rng(size + 1)
    kind = rng.choice(["issued", "redeemed", "expired", "corrected"], size)
    booked = pd.Timestamp("2025-11-01") + pd.to_timedelta(rng.integers(0, 260, size), unit="D")
    amount = np.where(rng.random(size) < 0.05, np.nan, rng.integers(1, 50, size) * np.where(kind == "issued", 1, -1))
    runs_out = pd.Series(booked.tz_localize("UTC") + pd.to_timedelta(rng.integers(0, 365, size), unit="D"))
    return pd.DataFrame({
        "member_key": pd.array(rng.choice([f"m{place}" for place in range(30)], size), dtype="string"), "kind": kind,
        "date_day": pd.DatetimeIndex(booked).as_unit("us"), "points": amount,
        "reason": pd.array(rng.choice([None, "order", "review"], size), dtype="string"),
        "expires_at": runs_out.where((kind == "issued") & (rng.random(size) < 0.9)),
    })  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_points(size: int) -> None:
    rows, end = bookings(size), pd.Timestamp(AS_OF, tz="UTC")
    kept = rows[rows["date_day"] <= pd.Timestamp(AS_OF)]
    found = folds.points_by_member(rows, as_of=AS_OF)
    assert found["booked"].sum() == pytest.approx(kept["points"].sum())
    for (key, reason), own in kept.groupby(["member_key", "reason"], dropna=False):
        same = found["reason"].isna() if pd.isna(reason) else found["reason"] == reason
        line = found[(found["member_key"] == key) & same].iloc[0]
        issued = own[own["kind"] == "issued"]
        over = issued[issued["expires_at"] <= end]
        soon = issued[(issued["expires_at"] > end) & (issued["expires_at"] <= end + pd.Timedelta(days=90))]
        assert (line["issued"], line["soon"]) == (issued["points"].sum(), soon["points"].sum())
        assert line["expired"] == own.loc[own["kind"] == "expired", "points"].sum()
        assert line["over"] == over["points"].sum() if len(over) else pd.isna(line["over"])
    months = folds.points_by_month(rows, as_of=AS_OF).set_index(["month", "kind"])["points"]
    wanted = kept.groupby([kept["date_day"].dt.to_period("M").dt.start_time, "kind"])["points"].sum()
    assert months.tolist() == pytest.approx(wanted.sort_index().tolist())
    assert folds.points_issued(rows).sum() == rows.loc[rows["kind"] == "issued", "points"].sum()
