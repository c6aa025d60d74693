"""Every kind of series against the same thing counted in plain pandas, around changes of the clocks, on few rows and none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_worlds import ACCOUNTS, MARKETS, local_day, maybe, members, moments, orders, posts, some, store

from fanops_utils import metrics
from fanops_utils.data.warehouse import Store, daily_by_market, post_table
from fanops_utils.errors import DataError, ParameterError
from fanops_utils.metrics import Interval, cost_per, retention, roas, series, wilson
from fanops_utils.metrics.catalogue import METRICS, compare
from fanops_utils.metrics.social.engagement import interactions

SEEDS = given(st.integers(0, 10_000), st.sampled_from([0, 1, 2, 25, 60]))
FEW = settings(max_examples=4)
Plain = dict[tuple, tuple[float, float, float]]


def few_have_none(interval: Interval) -> Interval:
    """Return *interval* as the catalogue tells it: without bounds below five units, none below zero."""
    if interval.n < 5:
        return Interval(interval.estimate, np.nan, np.nan, interval.n)
    return Interval(interval.estimate, max(interval.ci_lower, 0.0), interval.ci_upper, interval.n)


def mean_t(values: object) -> Interval:
    """Return the mean as the catalogue tells it."""
    return few_have_none(metrics.mean_t(values))  # type: ignore[arg-type]


def ratio_of_sums(top: object, base: object) -> Interval:
    """Return the ratio as the catalogue tells it."""
    return few_have_none(metrics.ratio_of_sums(top, base))  # type: ignore[arg-type]


@pytest.fixture
def there(tmp_path: Path) -> Callable[..., Store]:
    return lambda **tables: store(tmp_path, **tables)


def warehouse(**tables: pd.DataFrame) -> Store:
    return store(Path(tempfile.mkdtemp()), **tables)


def told(made: Store, name: str, **asked: object) -> Plain:
    """Return a series as estimates and bounds by day and whatever else tells its rows apart, unknown ones left out."""
    found = series(made, name, **asked)  # type: ignore[arg-type]
    table = found.table.dropna(subset=["estimate"])
    return {
        (row["date_day"], *(_key(row[key]) for key in found.keys)): (row["estimate"], row["ci_lower"], row["ci_upper"])
        for row in table.to_dict("records")
    }


def _key(value: object) -> object:
    return None if pd.isna(value) else value  # type: ignore[call-overload]


def assert_same(found: Plain, plain: Plain) -> None:
    assert set(found) == set(plain)
    for key, figures in plain.items():
        assert found[key] == pytest.approx(figures, rel=1e-6, abs=1e-9, nan_ok=True), key


def grouped(frame: pd.DataFrame, keys: list[str], make: Callable[[pd.DataFrame], object]) -> Plain:
    out: Plain = {}
    for key, part in frame.groupby(keys, dropna=False) if len(frame) else []:
        one = make(part)
        figures = (
            (one, np.nan, np.nan)
            if isinstance(one, int | float | np.number)
            else (one.estimate, one.ci_lower, one.ci_upper)
        )  # type: ignore[attr-defined]
        if not np.isnan(figures[0]):
            out[tuple(_key(value) for value in key)] = figures  # type: ignore[assignment]
    return out


def share_of(part: pd.DataFrame, hit: pd.Series) -> object:
    return wilson(int(hit.loc[part.index].sum()), len(part))


@FEW
@SEEDS
def test_orders_are_those_counted_one_by_one(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    raw = orders(rng, size)
    made = warehouse(orders=raw)
    market = raw["country"].map({"DE": "DE", "AT": "DE", "US": "US", "IN": "IN"}) if size else pd.Series(dtype=object)
    raw = raw.assign(market=market, date_day=local_day(raw["created_timestamp"], market))
    kept = raw[raw["cancelled_at"].isna()]
    keys = ["date_day", "market"]
    some_orders = {key: one for key, one in told(made, "orders").items() if one[0] > 0}
    assert_same(some_orders, grouped(kept, keys, len))
    revenue = {key: one for key, one in told(made, "revenue").items() if one[0] > 0}
    worth = grouped(kept, [*keys, "currency"], lambda part: float(part["subtotal"].sum()))
    assert_same(revenue, {key: one for key, one in worth.items() if one[0] > 0})
    assert_same(
        told(made, "average_order_value"),
        grouped(kept, [*keys, "currency"], lambda part: few_have_none(mean_t(part["subtotal"]))),
    )
    assert_same(
        told(made, "refunded_share"),
        grouped(
            kept, [*keys, "currency"], lambda part: few_have_none(ratio_of_sums(part["refunded_amount"], part["total"]))
        ),
    )
    assert_same(
        told(made, "cancellation_rate"), grouped(raw, keys, lambda part: share_of(part, raw["cancelled_at"].notna()))
    )
    coded = kept["discount_code"].fillna("") != ""
    assert_same(told(made, "discount_order_share"), grouped(kept, keys, lambda part: share_of(part, coded)))
    on_platform = kept["source"].astype("string").str.lower().eq("tiktok").fillna(False)
    assert_same(told(made, "social_sales_share_channel"), grouped(kept, keys, lambda part: share_of(part, on_platform)))
    named = kept[kept["customer_key"].notna()]
    first = named.groupby("customer_key")["date_day"].transform("min")
    assert_same(
        told(made, "returning_order_share"),
        grouped(named, keys, lambda part: share_of(part, named["date_day"] > first)),
    )
    month = named.assign(date_day=named["date_day"].dt.to_period("M").dt.to_timestamp())
    assert_same(
        told(made, "orders_per_customer"),
        grouped(month, keys, lambda part: mean_t(part.groupby("customer_key").size())),
    )


@settings(max_examples=3)
@given(st.integers(0, 10_000), st.sampled_from([0, 1, 40]))
def test_customers_come_again(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    raw = orders(rng, size, days=200)
    made = warehouse(orders=raw)
    market = raw["country"].map({"DE": "DE", "AT": "DE", "US": "US", "IN": "IN"}) if size else pd.Series(dtype=object)
    kept = raw.assign(market=market, date_day=local_day(raw["created_timestamp"], market))
    last = kept["date_day"].max()
    kept = kept[kept["cancelled_at"].isna() & kept["customer_key"].notna()]
    rows = []
    for _, part in kept.sort_values(["date_day", "order_id"]).groupby("customer_key"):
        first = part.iloc[0]
        later = part["date_day"][part["date_day"] > first["date_day"]]
        if first["date_day"] + pd.Timedelta(days=90) <= last:
            again = bool((later <= first["date_day"] + pd.Timedelta(days=90)).any())
            rows.append({"date_day": first["date_day"], "market": first["market"], "again": again})
    firsts = pd.DataFrame(rows, columns=["date_day", "market", "again"])
    assert_same(told(made, "repurchase_rate_90d"),
         grouped(firsts, ["date_day", "market"], lambda part: wilson(int(part["again"].sum()), len(part))))  # fmt: skip
    buyers = told(made, "buyers")
    for (day, where), (count, *_) in buyers.items():
        window = kept[kept["date_day"].between(day - pd.Timedelta(days=27), day)]
        here = window[window["market"].isna() if where is None else window["market"] == where]
        assert count == here["customer_key"].nunique()
    if len(kept) and (kept["date_day"].max() - kept["date_day"].min()).days >= 28:
        assert buyers


@FEW
@given(st.integers(0, 10_000), st.sampled_from([0, 1, 2, 30]))
def test_members_are_those_counted_one_by_one(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    fans, active = members(rng, size, days=45)
    made = warehouse(fans=fans, fan_day=active)
    joined = local_day(fans["joined_at"], fans["market"])
    by = {key: set(part.index) for key, part in fans.groupby("market", dropna=False)} if size else {}
    for name, days in (("dau", 1), ("wau", 7), ("mau", 28)):
        found = told(made, name)
        first, last = active["date_day"].min(), active["date_day"].max()
        assert {day for day, *_ in found} == set(pd.date_range(first, last)[days - 1 :] if size else [])
        for (day, market, platform), (count, *_) in found.items():
            here = active[active["market"].isna() if market is None else active["market"] == market]
            inside = here[here["date_day"].between(day - pd.Timedelta(days=days - 1), day)]
            assert platform == "discord" and count == inside["member_key"].nunique()
    monthly, sticky = told(made, "mau"), told(made, "stickiness")
    assert set(sticky) == {key for key, (count, *_) in monthly.items() if count > 0}
    for (day, market, _), (ratio, *_) in sticky.items():
        here = active[active["market"].isna() if market is None else active["market"] == market]
        inside = here[here["date_day"].between(day - pd.Timedelta(days=27), day)]
        assert ratio == pytest.approx(len(inside) / 28 / inside["member_key"].nunique())
    for (day, market, _), figures in told(made, "participation").items():
        here = fans[fans["market"].isna() if market is None else fans["market"] == market]
        start = joined.loc[here.index].set_axis(here["member_key"])
        acts = active[active["member_key"].isin(here["member_key"]) & (active["likes"] > 0)]
        acts = acts[acts["date_day"] >= acts["member_key"].map(start)]
        inside = acts[acts["date_day"].between(day - pd.Timedelta(days=27), day)]
        plain = wilson(inside["member_key"].nunique(), int((start <= day).sum()))
        assert figures == pytest.approx((plain.estimate, plain.ci_lower, plain.ci_upper))
    for (day, market, _), (count, *_) in told(made, "members").items():
        rows = next(index for key, index in by.items() if _key(key) == market)
        assert count == (joined.loc[list(rows)] <= day).sum()
    new = {key: one for key, one in told(made, "members_joined").items() if one[0] > 0}
    assert_same(new, grouped(fans.assign(date_day=joined), ["date_day", "market", "platform"], len))


@FEW
@given(st.integers(0, 10_000), st.sampled_from([0, 1, 2, 30]), st.sampled_from([1, 7, 30]))
def test_retention_is_that_of_each_definition(seed: int, size: int, day: int) -> None:
    rng = np.random.default_rng(seed)
    fans, active = members(rng, size, days=45)
    made = warehouse(fans=fans, fan_day=active)
    joined = local_day(fans["joined_at"], fans["market"])
    if not size:
        assert all(not told(made, name) for name in METRICS if name.startswith("retention"))
        return
    last = active["date_day"].max().date()
    cohorts = fans.assign(joined_on=joined, cohort=joined.astype(str) + fans["market"].fillna("-"))
    for name, kind in ((f"retention_d{day}", "n_day"), (f"retention_rolling_d{day}", "unbounded")):
        plain = retention(cohorts, active, day=day, kind=kind, as_of=last, by="cohort")  # type: ignore[arg-type]
        wanted = {
            row["cohort"]: (row["estimate"], row["ci_lower"], row["ci_upper"]) for row in plain.to_dict("records")
        }
        found = {f"{key[0]:%Y-%m-%d}{key[1] or '-'}": figures for key, figures in told(made, name).items()}
        assert_same(found, {key: one for key, one in wanted.items() if not np.isnan(one[0])})  # type: ignore[arg-type]
    age = active.merge(cohorts[["member_key", "joined_on"]], on="member_key")
    age["age"] = (age["date_day"] - age["joined_on"]).dt.days
    for first, end in ((1, 7), (8, 14), (15, 30)):
        mature = cohorts[cohorts["joined_on"] + pd.Timedelta(days=end) <= pd.Timestamp(last)]
        back = mature["member_key"].isin(age.loc[age["age"].between(first, end), "member_key"])
        wanted = grouped(mature.assign(date_day=mature["joined_on"]), ["date_day", "market", "platform"],
                         lambda part, back=back: share_of(part, back))  # fmt: skip
        assert_same(told(made, f"retention_d{first}_{end}"), wanted)


@FEW
@SEEDS
def test_rates_of_posts_are_those_of_the_post_table(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    listed, read = posts(rng, size)
    made = warehouse(posts=listed, post_metrics=read)
    table = post_table(made)
    table = table.assign(date_day=table["created_local"].dt.normalize())
    keys = ["date_day", "market", "platform"]
    published = {key: one for key, one in told(made, "posts_published").items() if one[0] > 0}
    every = post_table(made, mature_days=0)
    assert_same(published, grouped(every.assign(date_day=every["created_local"].dt.normalize()), keys, len))
    for denominator in ("reach", "views", "impressions"):

        def rate(part: pd.DataFrame, denominator: str = denominator) -> object:
            top, base = (
                column.to_numpy(dtype=float, na_value=np.nan) for column in (interactions(part), part[denominator])
            )
            return few_have_none(ratio_of_sums(top[base > 0], base[base > 0]))

        assert_same(told(made, f"engagement_rate_{denominator}"), grouped(table, keys, rate))
    each = lambda part: few_have_none(mean_t(interactions(part).to_numpy(dtype=float, na_value=np.nan)))  # noqa: E731
    assert_same(told(made, "engagements_per_post"), grouped(table, keys, each))


@FEW
@SEEDS
def test_what_is_said_is_counted_by_tone_and_brand(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    raw = pd.DataFrame({
        "platform": "x", "mention_id": [f"x{number}" for number in range(size)], "mentioned_at": moments(rng, size),
        "market": some(rng, [*MARKETS, None], size), "brand": some(rng, ["Ours", "Theirs", "Nobody"], size),
        "sentiment": some(rng, ["positive", "neutral", "negative", None], size),
    })  # fmt: skip
    made = warehouse(mentions=raw)
    raw = raw.assign(date_day=local_day(raw["mentioned_at"], raw["market"]))
    keys = ["date_day", "market", "platform"]
    listed, ours = raw[raw["brand"] != "Nobody"], raw[raw["brand"] == "Ours"]
    assert_same({key: one for key, one in told(made, "mentions").items() if one[0] > 0}, grouped(ours, keys, len))
    assert_same(
        told(made, "share_of_voice"), grouped(listed, keys, lambda part: share_of(part, listed["brand"] == "Ours"))
    )
    known = ours[ours["sentiment"].notna()]
    assert_same(
        told(made, "negative_share"),
        grouped(known, keys, lambda part: share_of(part, known["sentiment"] == "negative")),
    )
    net = grouped(
        known,
        keys,
        lambda part: float((part["sentiment"] == "positive").mean() - (part["sentiment"] == "negative").mean()),
    )
    found = told(made, "net_sentiment")
    assert {key: one[0] for key, one in found.items()} == pytest.approx({key: one[0] for key, one in net.items()})
    assert all(-1 <= low <= middle <= high <= 1 for middle, low, high in found.values())


@FEW
@SEEDS
def test_advertising_is_added_up_and_divided(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    account = some(rng, list(ACCOUNTS), size)
    raw = pd.DataFrame({
        "platform": [one[0] for one in account], "account_id": [one[1] for one in account], "metric_window": "day",
        "date_day": pd.Timestamp("2025-03-29") + pd.to_timedelta(rng.integers(0, 4, size), unit="D"),
        "campaign_name": [f"c{number}" for number in range(size)], "currency": "EUR", "spend": rng.integers(1, 400, size) / 4,
        "impressions": rng.integers(0, 5000, size), "link_clicks": rng.integers(0, 40, size),
        "conversions": rng.integers(0, 3, size).astype(float),
    })  # fmt: skip
    raw["conversions_value"] = raw["conversions"] * 12.5
    made = warehouse(ads_daily=raw)
    raw["market"] = [ACCOUNTS[one] for one in account]
    keys = ["date_day", "market", "platform", "currency"]
    spend = {key: one for key, one in told(made, "ad_spend").items() if one[0] > 0}
    assert_same(spend, grouped(raw, keys, lambda part: float(part["spend"].sum())))
    assert_same(
        told(made, "ad_cpm"),
        grouped(raw, keys, lambda part: cost_per(1000 * part["spend"].sum(), part["impressions"].sum())),
    )
    assert_same(
        told(made, "ad_cpc"), grouped(raw, keys, lambda part: cost_per(part["spend"].sum(), part["link_clicks"].sum()))
    )
    assert_same(
        told(made, "ad_cpa"), grouped(raw, keys, lambda part: cost_per(part["spend"].sum(), part["conversions"].sum()))
    )
    week = raw.assign(
        date_day=raw["date_day"] - pd.to_timedelta(raw["date_day"].dt.day_of_week, unit="D"), day=raw["date_day"]
    )

    def returned(part: pd.DataFrame) -> object:
        days = part.groupby("day")[["conversions_value", "spend", "conversions"]].sum().reset_index()
        return roas(days["conversions_value"], days["spend"], conversions=days["conversions"], days=days["day"])

    assert_same(told(made, "ad_roas", grain="week"), grouped(week, keys, returned))


@FEW
@SEEDS
def test_accounts_add_up_where_all_of_a_market_are_there(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    account = some(rng, [*ACCOUNTS, ("tiktok", "somebody")], size)
    raw = pd.DataFrame({
        "platform": [one[0] for one in account], "account_id": [one[1] for one in account],
        "date_day": pd.Timestamp("2025-03-29") + pd.to_timedelta(rng.integers(0, 12, size), unit="D"),
        "views": maybe(rng, rng.integers(0, 900, size)), "is_partial": some(rng, [None, False, True], size),
    }).drop_duplicates(["platform", "account_id", "date_day"], ignore_index=True)  # fmt: skip
    made = warehouse(account_daily=raw)
    wanted: Plain = {}
    for platform in ("instagram", "tiktok"):
        plain = daily_by_market(made, platform=platform, metric="views")
        wanted |= {
            (row["date_day"], row["market"], platform): (row["value"], np.nan, np.nan)
            for row in plain.to_dict("records")
        }
    assert_same(told(made, "views"), wanted)
    for (_, market, platform), (total, *_) in told(made, "views", grain="week").items():
        whole = [value for (_, *where), (value, *_) in wanted.items() if where == [market, platform]]
        assert total <= sum(whole), "weeks that lack days are not shown, so no total is more than all days"


@FEW
@SEEDS
def test_visits_and_recommendation(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    raw = pd.DataFrame({
        "property": "site", "metric_window": "day",
        "date_day": pd.Timestamp("2025-03-29") + pd.to_timedelta(rng.integers(0, 3, size), unit="D"),
        "channel_group": some(rng, ["Organic Social", "Paid Social", "Direct", None], size),
        "source": [f"s{n}" for n in range(size)],
        "country": some(rng, ["Germany", "germany", "US", "Nowhere"], size), "sessions": maybe(rng, rng.integers(0, 300, size)),
    })  # fmt: skip
    answers = pd.DataFrame({
        "survey": "s", "respondent_key": [f"r{n}" for n in range(size)], "question": some(rng, ["nps", "NPS", "other"], size),
        "market": some(rng, [*MARKETS, None], size), "answered_at": moments(rng, size),
        "score": rng.integers(0, 11, size).astype(float),
        "weight": maybe(rng, 0.5 + rng.random(size)),
    })  # fmt: skip
    made = warehouse(web_daily=raw, survey_answers=answers)
    raw["market"] = raw["country"].map({"Germany": "DE", "germany": "DE", "US": "US"})
    keys = ["date_day", "market"]
    seen = raw[raw["sessions"].notna()]
    assert_same(told(made, "site_sessions"), grouped(seen, keys, lambda part: float(part["sessions"].sum())))
    social = seen["channel_group"].isin(["Organic Social", "Paid Social"])
    assert_same(
        told(made, "site_sessions_social"),
        grouped(seen.assign(s=seen["sessions"].where(social, 0)), keys, lambda p: float(p["s"].sum())),
    )
    known = seen[seen["channel_group"].notna()]
    part_of = lambda part: wilson(int(part["sessions"][social.loc[part.index]].sum()), int(part["sessions"].sum()))  # noqa: E731
    assert_same(told(made, "site_social_share"), grouped(known, keys, part_of))
    asked = answers[answers["question"] != "other"].copy()
    asked["date_day"] = local_day(asked["answered_at"], asked["market"])
    asked["w"] = asked["weight"].fillna(1.0).astype(float)
    net = grouped(
        asked,
        keys,
        lambda p: float(
            (p["w"] * ((p["score"] >= 9).astype(int) - (p["score"] <= 6).astype(int))).sum() / p["w"].sum()
        ),
    )
    found = told(made, "nps", grain="day")
    assert {key: one[0] for key, one in found.items()} == pytest.approx({key: one[0] for key, one in net.items()})


def test_an_empty_warehouse_gives_empty_series(there: Callable[..., Store]) -> None:
    made = there()
    for name in METRICS:
        table = series(made, name).table
        assert table.empty and {"date_day", "estimate", "ci_lower", "ci_upper", "n", "stretch"} <= set(table), name
        assert table["estimate"].dtype == "float64" and table["date_day"].dtype.kind == "M", name


def account_days(first: str, last: str, **columns: float) -> pd.DataFrame:
    days = pd.date_range(first, last)
    return pd.DataFrame({"platform": "instagram", "account_id": "ours.de", "date_day": days, **columns})


BREAK = pd.DataFrame({"platform": ["instagram"], "metric": ["views"], "date": [pd.Timestamp("2025-03-10")],
                      "precision": ["day"], "note": ["counted anew"], "source": ["x"]})  # fmt: skip


def test_a_break_ends_a_series_and_nothing_is_joined_across_it(there: Callable[..., Store]) -> None:
    made = there(account_daily=account_days("2025-03-03", "2025-03-23", views=10, followers_total=5))
    found = series(made, "views", grain="month", breaks=BREAK)
    assert found.table["stretch"].tolist() == [0, 1] and found.table["days"].tolist() == [7, 14]
    assert found.table["estimate"].isna().all(), "neither part is the month"
    assert found.breaks["note"].tolist() == ["counted anew"]
    weeks = series(made, "views", grain="week", breaks=BREAK)
    assert weeks.table["stretch"].tolist() == [0, 1, 1] and weeks.table["estimate"].tolist() == [70, 70, 70]
    with pytest.raises(DataError, match="2025-03-10"):
        compare(weeks)
    after = series(made, "views", grain="week", start=pd.Timestamp("2025-03-10").date(), breaks=BREAK)
    assert compare(after)["estimate"].tolist() == [70, 70]
    assert series(made, "followers", breaks=BREAK).table["stretch"].eq(0).all(), "another metric goes on"
    monthly = BREAK.assign(precision="month", date=pd.Timestamp("2025-03-01"))
    assert series(made, "views", breaks=monthly).table["stretch"].eq(1).all()


def test_growth_does_not_look_back_across_a_break(there: Callable[..., Store]) -> None:
    made = there(account_daily=account_days("2025-01-01", "2025-04-30", followers_total=100))
    broken = BREAK.assign(metric="followers_total")
    days = series(made, "follower_growth_28d", breaks=broken).table["date_day"]
    assert days[days >= "2025-03-10"].min() == pd.Timestamp("2025-03-10") + pd.Timedelta(days=28)
    assert days[days < "2025-03-10"].max() == pd.Timestamp("2025-03-09")


def test_a_total_that_lacks_a_day_is_not_shown(there: Callable[..., Store]) -> None:
    daily = account_days("2025-03-03", "2025-03-16", views=10)
    made = there(account_daily=daily[daily["date_day"] != "2025-03-05"])
    table = series(made, "views", grain="week", breaks=BREAK.iloc[:0]).table
    assert table["days"].tolist() == [6, 7] and np.isnan(table["estimate"][0]) and table["estimate"][1] == 70


def test_what_is_not_alike_is_not_compared(there: Callable[..., Store]) -> None:
    rows = pd.concat([account_days("2025-05-01", "2025-05-09", views=10, reach=4),
                      account_days("2025-05-01", "2025-05-09", views=10)
                      .assign(platform="tiktok", account_id="ours.us")])  # fmt: skip
    raw = orders(np.random.default_rng(4), 60)
    made = there(account_daily=rows, orders=raw)
    views = series(made, "views", platform="instagram")
    with pytest.raises(DataError, match="two different metrics"):
        compare(views, series(made, "reach"))
    with pytest.raises(DataError, match="different length"):
        compare(views, series(made, "views", platform="instagram", grain="week"))
    with pytest.raises(DataError, match="tiktok"):
        compare(views, series(made, "views", platform="tiktok"))
    with pytest.raises(DataError, match="currencies"):
        compare(series(made, "revenue", market="DE"), series(made, "revenue", market="US"))
    both = compare(series(made, "orders", market="DE"), series(made, "orders", market="US"))
    assert set(both["market"]) == {"DE", "US"} and set(both["metric"]) == {"orders"}


def test_questions_nobody_can_answer_are_refused(there: Callable[..., Store]) -> None:
    made = there()
    for wrong, near in (
        ({"market": "DEE"}, "'DE'"),
        ({"platform": "instgram"}, "'instagram'"),
        ({"grain": "weak"}, "'week'"),
    ):
        with pytest.raises(ParameterError, match=near):
            series(made, "views", **wrong)  # type: ignore[arg-type]
    with pytest.raises(ParameterError):
        series(made, "views", start=pd.Timestamp("2025-02-01").date(), end=pd.Timestamp("2025-01-01").date())


def test_the_days_asked_for_are_those_of_the_whole_series(there: Callable[..., Store]) -> None:
    """A window reaches back beyond the first day asked for: asking for less gives the same days."""
    rng = np.random.default_rng(3)
    fans, active = members(rng, 25, days=60)
    made = there(fans=fans, fan_day=active, orders=orders(rng, 40, days=60))
    start, end = ((active["date_day"].min() + pd.Timedelta(days=days)).date() for days in (30, 40))
    until = active["date_day"].max().date()
    for name in ("mau", "stickiness", "members", "retention_d7", "members_back", "buyers", "returning_order_share"):
        whole, part = told(made, name, as_of=until), told(made, name, as_of=until, start=start, end=end)
        inside = {key: one for key, one in whole.items() if pd.Timestamp(start) <= key[0] <= pd.Timestamp(end)}
        assert set(part) <= set(inside), name
        for key, figures in inside.items():
            assert part.get(key, (0.0, np.nan, np.nan)) == pytest.approx(figures, nan_ok=True), (name, key)


def test_mentions_of_all_networks_count_together_and_no_other_metric_does() -> None:
    rng = np.random.default_rng(7)
    made = warehouse(mentions=pd.DataFrame({
        "platform": some(rng, ["x", "reddit"], 40), "mention_id": [f"m{number}" for number in range(40)],
        "mentioned_at": moments(rng, 40), "market": "US", "brand": "Ours", "sentiment": some(rng, ["neutral", "negative"], 40),
    }))  # fmt: skip
    apart = series(made, "negative_share", market="US", grain="period")
    whole = metrics.together(apart)
    assert (
        whole is not None
        and (len(apart.table), len(whole)) == (2, 1)
        and whole["n"].tolist() == [apart.table["n"].sum()]
    )
    assert metrics.together(series(made, "net_sentiment", market="US", grain="period")) is None, (
        "no counts to pool it from"
    )


def test_a_day_that_is_not_known_is_no_zero_and_counts_as_no_day(there: Callable[..., Store]) -> None:
    """One rule for all folds: the known days are counted; a total needs all of them, the others are told of those."""
    days = pd.date_range("2025-03-03", "2025-03-16")  # two weeks, from a Monday
    amounts = pd.Series(10.0, index=days, dtype="Float64")
    amounts["2025-03-05"] = pd.NA
    noon = days.tz_localize("UTC") + pd.Timedelta(hours=12)
    sold = pd.DataFrame({"order_id": [f"o{n}" for n in range(14)], "created_timestamp": noon,
                         "customer_key": "c", "country": "DE", "currency": "EUR", "subtotal": amounts.to_numpy()})  # fmt: skip
    paid = pd.DataFrame({"platform": "instagram", "account_id": "ours.de", "metric_window": "day", "date_day": days,
                         "campaign_name": "c", "currency": "EUR", "spend": amounts.to_numpy(), "link_clicks": 5})  # fmt: skip
    count = amounts.astype("Int64").to_numpy()
    there_are = account_days("2025-03-03", "2025-03-16", followers_total=count, reach=count)
    made = there(orders=sold, ads_daily=paid, account_daily=there_are)

    def weeks(name: str) -> list[tuple[float | None, int]]:
        rows = series(made, name, grain="week", market="DE").table
        told = zip(rows["estimate"], rows["days"], strict=True)
        return [(None if np.isnan(one) else float(one), int(known)) for one, known in told]

    assert weeks("revenue") == weeks("ad_spend") == [(None, 6), (70, 7)], "no sum of what is not all known"
    assert weeks("orders") == [(7, 7), (7, 7)], "an order without an amount is an order"
    assert weeks("average_order_value") == weeks("reach") == weeks("followers") == [(10, 6), (10, 7)]
    assert weeks("ad_cpc") == [(2, 6), (2, 7)], "clicks of a day whose spend is not known are left out with it"
    day = series(made, "revenue", start=days[2].date(), end=days[2].date()).table
    assert day["estimate"].isna().all() and day["days"].tolist() == [0]


def test_nothing_in_the_days_asked_for_is_a_zero_where_the_table_covers_them(there: Callable[..., Store]) -> None:
    when = pd.to_datetime(["2025-03-03 12:00", "2025-03-20 12:00"]).tz_localize("UTC")
    made = there(orders=pd.DataFrame({"order_id": ["a", "b"], "created_timestamp": when, "customer_key": ["c", "d"],
                                      "country": ["DE", "US"], "currency": ["EUR", "USD"], "subtotal": 5.0}))  # fmt: skip
    week = {"start": pd.Timestamp("2025-03-10").date(), "end": pd.Timestamp("2025-03-16").date(), "grain": "period"}
    for name in ("orders", "revenue"):
        assert series(made, name, market="DE", **week).table["estimate"].tolist() == [0]  # type: ignore[arg-type]
        assert series(made, name, market="IN", **week).table.empty, "where nothing was ever sold there is no shop"  # type: ignore[arg-type]
    assert series(made, "orders", market="DE").table["date_day"].max() == pd.Timestamp("2025-03-20"), (
        "the table's last day"
    )


def test_late_files_do_not_reach_back_before_the_day_that_is_named(there: Callable[..., Store]) -> None:
    """A target slides back to the last days there are; the review of a decision stops at its day."""
    days = account_days("2025-03-01", "2025-03-23", reach=10, views=10, followers_total=5)
    days.loc[days["date_day"] >= "2025-03-20", "reach"] = 30
    look = metrics.lookup(there(account_daily=days))
    month = (pd.Timestamp("2025-03-10").date(), pd.Timestamp("2025-04-06").date())
    since = pd.Timestamp("2025-03-20").date()
    slid, after = look("reach", "DE", None, *month), look("reach", "DE", None, *month, since)
    assert slid is not None and (slid.n, round(slid.estimate, 1)) == (23, 13.5)
    assert after is not None and (after.n, after.estimate) == (4, 30)
    assert look("views", "DE", None, *month, since) is None, "a total of fewer days is a smaller one"
    assert look("follower_growth_28d", "DE", None, *month, since) is None, "its window would look back over the day"
    assert look("reach", "DE", None, *month, pd.Timestamp("2025-04-01").date()) is None, "no file reaches it yet"


def test_what_a_reader_does_to_a_series_is_not_told_to_the_next(there: Callable[..., Store]) -> None:
    made = there(orders=orders(np.random.default_rng(3), 25))
    first = series(made, "orders")
    before = first.table.copy()
    first.table.loc[:, "estimate"] = -1.0
    pd.testing.assert_frame_equal(series(made, "orders").table, before)


def test_what_users_make_is_not_known_where_nobody_listened(tmp_path: Path) -> None:
    listed, read = posts(np.random.default_rng(3), 60)
    made = store(tmp_path, posts=listed, post_metrics=read)
    whole = {"start": pd.Timestamp("2025-01-01").date(), "end": pd.Timestamp("2025-12-31").date(), "grain": "period"}
    assert not len(series(made, "ugc_share", **whole).table), "own posts alone are no share of users of zero"
    said = pd.DataFrame({"mention_id": ["m1"], "brand": "Ours", "origin": "PGC", "market": "DE",
                         "mentioned_at": listed["created_timestamp"].iloc[:1], "platform": "x"})  # fmt: skip
    heard = store(tmp_path, posts=listed, post_metrics=read, mentions=said)
    assert len(series(heard, "ugc_share", **whole).table)
