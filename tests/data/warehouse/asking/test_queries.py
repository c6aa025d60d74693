"""What notebooks ask of the warehouse: which rows count, in whose time, under which market."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from fanops_utils.data import warehouse
from fanops_utils.data.warehouse import Store
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.register import Period

US, DE, OTHER_DE = "17841400000000001", "17841400000000002", "17841400000000003"
BRAND = f"""name: Demo Brand
markets:
  - {{code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}}
  - {{code: DE, name: Germany, language: de, time_zone: Europe/Berlin, currency: EUR, countries: [DE, AT]}}
accounts:
  - {{platform: instagram, handle: demo_us, id: "{US}", market: US}}
  - {{platform: instagram, handle: demo_de, id: "{DE}", market: DE}}
  - {{platform: instagram, handle: demo_de_2, id: "{OTHER_DE}", market: DE}}
  - {{platform: tiktok, handle: demo_us, market: US}}
  - {{platform: tiktok, handle: demo_de, market: DE}}
  - {{platform: shopify, handle: demo-shop}}
"""
READ = "2026-06-30 00:00Z"


@pytest.fixture
def store(brand_workspace: Workspace) -> Store:
    (brand_workspace.path / "brand.yml").write_text(BRAND, encoding="utf-8")
    return Store(Workspace(brand_workspace.path))


def utc(*moments: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(moments), utc=True))


def put_posts(store: Store, rows: list[dict[str, Any]], metrics: list[dict[str, Any]] | None = None) -> None:
    """Commit posts (post_id, created_timestamp and what differs), by default each read once, long after publication."""
    posts = pd.DataFrame(
        [{"platform": "instagram", "account_id": US, "created_precision": "minute", **row} for row in rows]
    )
    posts["created_timestamp"] = utc(*posts["created_timestamp"])
    read = (
        [{"post_id": row["post_id"], "snapshot_at": READ, "likes": 1} for row in rows] if metrics is None else metrics
    )
    table = pd.DataFrame([{"platform": "instagram", "metric_window": "lifetime", **row} for row in read])
    store.commit({"posts": posts, "post_metrics": table.assign(snapshot_at=utc(*table["snapshot_at"]))})


def daily(account: str, counts: dict[str, int | None], *, platform: str = "instagram", **more: Any) -> pd.DataFrame:
    days = pd.to_datetime(list(counts)).astype("datetime64[us]")
    values = pd.array(list(counts.values()), dtype="Int64")
    owner = {"platform": platform, "account_id": account}
    return pd.DataFrame({**owner, "date_day": days, "engagements": values, "followers_total": values, **more})


def put_daily(store: Store, *parts: pd.DataFrame) -> None:
    store.commit({"account_daily": pd.concat(parts, ignore_index=True)})


def ids(frame: pd.DataFrame) -> list[str]:
    return frame["post_id"].tolist()


def values(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    return {(row.market, str(row.date_day.date())): row.value for row in frame.dropna().itertuples()}


def test_posts_that_do_not_compare_are_left_out(store: Store) -> None:
    rows = [
        {"post_id": "ours", "created_timestamp": "2026-05-01 12:00Z"},
        {"post_id": "a partner's", "created_timestamp": "2026-05-01 12:00Z", "is_collab": True},
        {"post_id": "a reply", "created_timestamp": "2026-05-01 12:00Z", "is_reply": True},
        {"post_id": "not our account", "created_timestamp": "2026-05-01 12:00Z", "account_id": "99"},
        {"post_id": "six days old", "created_timestamp": "2026-06-23 01:00Z"},
        {"post_id": "seven days old", "created_timestamp": "2026-06-23 00:00Z"},
        {"post_id": "undated", "created_timestamp": None, "created_precision": None},
    ]
    put_posts(store, rows)
    assert set(ids(warehouse.post_table(store))) == {"ours", "seven days old", "undated"}
    assert set(ids(warehouse.post_table(store, mature_days=6))) == {"ours", "six days old", "seven days old", "undated"}


def test_undated_posts_count_only_where_no_period_is_asked_for(store: Store) -> None:
    rows = [
        {"post_id": "dated", "created_timestamp": "2026-05-01 12:00Z"},
        {"post_id": "undated", "created_timestamp": None, "created_precision": None},
    ]
    put_posts(store, rows)
    assert len(warehouse.post_table(store)) == 2
    assert ids(warehouse.post_table(store, start=date(2020, 1, 1))) == ["dated"]
    assert ids(warehouse.post_table(store, end=date(2030, 1, 1))) == ["dated"]


def test_the_newest_reading_counts_and_days_never_do(store: Store) -> None:
    readings = [
        {"post_id": "a", "snapshot_at": "2026-05-20 00:00Z", "likes": 10},
        {"post_id": "a", "snapshot_at": "2026-06-20 00:00Z", "likes": 30},
        {"post_id": "a", "snapshot_at": "2026-06-10 00:00Z", "likes": 20},
        {"post_id": "a", "snapshot_at": "2026-06-29 00:00Z", "likes": 2, "metric_window": "day"},
    ]
    put_posts(store, [{"post_id": "a", "created_timestamp": "2026-05-01 12:00Z"}], readings)
    (row,) = warehouse.post_table(store).itertuples()
    assert (row.likes, row.snapshot_at) == (30, pd.Timestamp("2026-06-20", tz="UTC"))


def test_a_post_without_any_reading_stays_without_numbers(store: Store) -> None:
    rows = [{"post_id": name, "created_timestamp": "2026-05-01 12:00Z"} for name in ("read", "unread")]
    put_posts(store, rows, [{"post_id": "read", "snapshot_at": READ, "likes": 0}])
    likes = warehouse.post_table(store).set_index("post_id")["likes"]
    assert likes["read"] == 0
    assert pd.isna(likes["unread"]), "missing is not zero"


@pytest.mark.parametrize(
    ("account", "created", "hour"),
    [
        (US, "2026-03-07 17:30Z", 12.5),
        (US, "2026-03-08 17:30Z", 13.5),  # clocks in New York went forward that night
        (US, "2026-11-01 17:30Z", 12.5),
        (DE, "2026-03-28 11:30Z", 12.5),
        (DE, "2026-03-29 11:30Z", 13.5),  # in Berlin three weeks later
        (DE, "2025-10-26 11:30Z", 12.5),
    ],
)
def test_hours_are_the_market_s_own_across_daylight_saving(
    store: Store, account: str, created: str, hour: float
) -> None:
    metrics = [{"post_id": "a", "snapshot_at": "2026-12-31 00:00Z"}]
    put_posts(store, [{"post_id": "a", "created_timestamp": created, "account_id": account}], metrics)
    (row,) = warehouse.post_table(store).itertuples()
    assert row.hour_local == hour
    assert row.created_local.hour + row.created_local.minute / 60 == hour
    assert row.market == {US: "US", DE: "DE"}[account]


def test_periods_are_cut_in_the_market_s_own_days(store: Store) -> None:
    rows = [
        {"post_id": "evening in New York", "created_timestamp": "2026-05-02 02:00Z"},
        {"post_id": "morning in Berlin", "created_timestamp": "2026-05-01 22:30Z", "account_id": DE},
    ]
    put_posts(store, rows)
    assert ids(warehouse.post_table(store, end=date(2026, 5, 1))) == ["evening in New York"]
    assert ids(warehouse.post_table(store, start=date(2026, 5, 2))) == ["morning in Berlin"]
    assert len(warehouse.post_table(store, start=date(2026, 5, 1), end=date(2026, 5, 2))) == 2


def test_a_post_known_to_the_day_has_a_date_but_no_hour(store: Store) -> None:
    put_posts(store, [{"post_id": "a", "created_timestamp": "2026-05-01 00:00Z", "created_precision": "day"}])
    (row,) = warehouse.post_table(store).itertuples()
    assert row.created_local == pd.Timestamp("2026-05-01")
    assert pd.isna(row.hour_local)


def test_posts_of_one_market_are_those_of_its_accounts(store: Store) -> None:
    rows = [
        {"post_id": name, "created_timestamp": "2026-05-01 12:00Z", "account_id": account}
        for name, account in {"us": US, "de": DE, "de too": OTHER_DE}.items()
    ]
    put_posts(store, rows)
    assert set(ids(warehouse.post_table(store, market="DE"))) == {"de", "de too"}
    assert set(warehouse.post_table(store, market="US")["market"]) == {"US"}


def test_unfinished_days_of_accounts_are_left_out(store: Store) -> None:
    flags = pd.array([None, False, True], dtype="boolean")
    put_daily(
        store,
        daily(US, {"2026-05-01": 1, "2026-05-02": 2, "2026-05-03": 0}, is_partial=flags),
        daily("99", {"2026-05-01": 7}),
    )
    found = warehouse.account_daily(store)
    assert found["date_day"].dt.day.tolist() == [1, 2]
    assert set(found["market"]) == {"US"}, "an account that brand.yml does not name is not ours"
    assert warehouse.account_daily(store, start=date(2026, 5, 2), end=date(2026, 5, 3))["engagements"].tolist() == [2]
    assert warehouse.account_daily(store, market="DE").empty
    assert list(values(warehouse.daily_by_market(store, platform="instagram", metric="engagements")).values()) == [1, 2]


def test_daily_totals_add_up_the_accounts_of_a_market(store: Store) -> None:
    put_daily(
        store,
        daily(US, {"2026-05-01": 5, "2026-05-02": None}),
        daily(DE, {"2026-05-01": 10}),
        daily(OTHER_DE, {"2026-05-01": 4}),
        daily("demo_us", {"2026-05-01": 100}, platform="tiktok"),
    )
    found = warehouse.daily_by_market(store, platform="instagram", metric="engagements")
    assert values(found) == {("DE", "2026-05-01"): 14, ("US", "2026-05-01"): 5}, "a day without a number is no zero"


def test_days_of_earlier_campaigns_are_left_out_in_every_market(store: Store) -> None:
    counts = {f"2026-05-{day:02d}": day for day in range(1, 8)}
    put_daily(store, daily(US, counts), daily(DE, counts))
    periods = [
        Period(start=date(2026, 5, 2), end=date(2026, 5, 3)),
        Period(start=date(2026, 5, 7), end=date(2026, 5, 9)),
    ]
    found = warehouse.daily_by_market(store, platform="instagram", metric="engagements", without=periods)
    days = found.groupby("market")["date_day"].agg(lambda column: column.dt.day.tolist())
    assert days.to_dict() == {"DE": [1, 4, 5, 6], "US": [1, 4, 5, 6]}


def test_a_day_on_which_one_account_is_missing_is_no_small_day(store: Store) -> None:
    put_daily(
        store,
        daily(DE, {"2026-05-01": 10, "2026-05-02": 10, "2026-05-03": 10}),
        daily(OTHER_DE, {"2026-05-01": 90, "2026-05-02": None, "2026-05-03": 90}),
    )
    found = values(warehouse.daily_by_market(store, platform="instagram", metric="engagements"))
    assert found == {("DE", "2026-05-01"): 100, ("DE", "2026-05-03"): 100}
    followers = warehouse.follower_days(store).dropna(subset=["followers_total"])
    assert followers["followers_total"].tolist() == [100, 100], "the audience did not shrink by nine tenths for a day"


def test_followers_are_those_of_the_platform_that_counts_most_days(store: Store) -> None:
    often = {f"2026-05-{day:02d}": 100 + day for day in range(1, 6)}
    put_daily(
        store,
        daily(US, {"2026-05-01": 1000, "2026-05-02": None, "2026-05-03": None}),
        daily("demo_us", often, platform="tiktok"),
        daily("demo_de", often, platform="tiktok"),
    )
    found = warehouse.follower_days(store)
    assert set(found.columns) == {"date_day", "market", "platform", "followers_total"}
    assert set(found["platform"]) == {"tiktok"}
    assert found.groupby("market")["followers_total"].agg(list).to_dict() == {
        "DE": [101, 102, 103, 104, 105],
        "US": [101, 102, 103, 104, 105],
    }
    assert len(warehouse.follower_days(store, start=date(2026, 5, 2), end=date(2026, 5, 3))) == 4


def test_members_joined_on_the_day_of_their_own_market(store: Store) -> None:
    moments = utc("2026-05-01 22:30Z", "2026-05-02 02:00Z", "2026-05-01 22:30Z", None)
    fans = pd.DataFrame(
        {"platform": "discord", "member_key": list("abcd"), "market": ["DE", "US", None, "US"], "joined_at": moments}
    )
    store.commit({"fans": fans.assign(acquisition="organic")})
    found = warehouse.fan_members(store).set_index("member_key")
    assert list(found.columns) == ["platform", "market", "acquisition", "joined_on"]
    assert [str(day.date()) for day in found.loc[["a", "b", "c"], "joined_on"]] == [
        "2026-05-02",
        "2026-05-01",
        "2026-05-01",
    ]
    assert pd.isna(found.loc["d", "joined_on"])
    assert warehouse.fan_members(store, market="DE")["member_key"].tolist() == ["a"]


def test_fan_days_end_where_asked(store: Store) -> None:
    days = pd.to_datetime(["2026-05-01", "2026-05-02", "2026-05-02"]).astype("datetime64[us]")
    table = {"platform": "discord", "member_key": ["a", "a", "b"], "market": ["US", "US", "DE"], "date_day": days}
    store.commit({"fan_day": pd.DataFrame({**table, "events": 1})})
    assert warehouse.fan_days(store).count().to_pandas() == 3
    assert warehouse.fan_days(store, end=date(2026, 5, 1)).count().to_pandas() == 1
    assert warehouse.fan_days(store, market="DE", end=date(2026, 5, 2)).to_pandas()["member_key"].tolist() == ["b"]


def test_mentions_are_those_of_the_market_and_period(store: Store) -> None:
    table = {
        "platform": "x",
        "mention_id": list("abc"),
        "mentioned_at": utc("2026-05-01 12:00Z", "2026-05-02 12:00Z", "2026-05-02 12:00Z"),
        "market": ["US", "US", "DE"],
        "brand": "Demo Brand",
        "sentiment": ["negative", None, "positive"],
    }
    store.commit({"mentions": pd.DataFrame(table)})
    found = warehouse.mention_counts(store, market="US", start=date(2026, 5, 2), end=date(2026, 5, 2))
    assert found["mentions"].tolist() == [1]
    assert found["sentiment"].isna().all(), "no label is no neutral one"
    assert {"date_day", "platform", "market", "brand", "sentiment", "topic", "origin"} <= set(found.columns)


def test_orders_belong_to_the_market_of_their_country(store: Store) -> None:
    orders = pd.DataFrame(
        {
            "order_id": list("abcde"),
            "created_timestamp": utc(*(f"2026-05-0{day} 12:00Z" for day in range(1, 6))),
            "cancelled_at": utc(None, None, None, "2026-05-05 00:00Z", None),
            "currency": "EUR",
            "country": ["DE", "AT", "US", "DE", "JP"],
        }
    )
    store.commit({"orders": orders})
    found = warehouse.order_table(store).set_index("order_id")["market"]
    assert found.dropna().to_dict() == {"a": "DE", "b": "DE", "c": "US"}
    assert pd.isna(found["e"]), "a country of no market is not put into one"
    assert warehouse.order_table(store, market="DE")["order_id"].tolist() == ["a", "b"]
    assert warehouse.order_table(store, market="DE", start=date(2026, 5, 2))["order_id"].tolist() == ["b"]
    assert warehouse.order_table(store, end=date(2026, 5, 1))["order_id"].tolist() == ["a"]


def test_orders_and_mentions_are_cut_in_the_days_of_their_market(store: Store) -> None:
    late = utc("2026-05-01 22:30Z", "2026-05-02 03:30Z", "2026-05-01 22:30Z")
    orders = {"order_id": list("abc"), "created_timestamp": late, "currency": "EUR", "country": ["DE", "US", "JP"]}
    mentions = {
        "platform": "x",
        "mention_id": list("abc"),
        "mentioned_at": late,
        "brand": "B",
        "market": ["DE", "US", None],
    }
    store.commit({"orders": pd.DataFrame(orders), "mentions": pd.DataFrame(mentions)})
    found = warehouse.order_table(store).set_index("order_id")["date_day"].astype(str)
    assert found.to_dict() == {"a": "2026-05-02", "b": "2026-05-01", "c": "2026-05-01"}
    days = warehouse.mention_counts(store).sort_values("market")["date_day"].astype(str).tolist()
    assert days == ["2026-05-02", "2026-05-01", "2026-05-01"]
    assert warehouse.order_table(store, start=date(2026, 5, 2))["order_id"].tolist() == ["a"]
    assert len(warehouse.mention_counts(store, market="US", end=date(2026, 5, 1))) == 1


def test_a_lifetime_reading_counts_before_one_of_a_period(store: Store) -> None:
    readings = [
        {"post_id": "a", "snapshot_at": READ, "likes": 3, "metric_window": "period", "period_start": "2026-06-01"},
        {"post_id": "a", "snapshot_at": READ, "likes": 30},
        {"post_id": "a", "snapshot_at": READ, "likes": 5, "metric_window": "period", "period_start": "2026-05-01"},
        {"post_id": "b", "snapshot_at": READ, "likes": 4, "metric_window": "period", "period_start": "2026-06-01"},
        {"post_id": "b", "snapshot_at": READ, "likes": 9, "metric_window": "period", "period_start": "2026-04-01"},
    ]
    for one in readings:
        one["period_start"] = pd.Timestamp(one["period_start"]) if "period_start" in one else pd.NaT
    put_posts(store, [{"post_id": name, "created_timestamp": "2026-05-01 12:00Z"} for name in "ab"], readings)
    assert warehouse.post_table(store).set_index("post_id")["likes"].to_dict() == {"a": 30, "b": 9}


def test_posts_are_compared_at_an_equal_age(store: Store) -> None:
    posts = [
        {"post_id": "near", "created_timestamp": "2026-05-01 00:00Z"},
        {"post_id": "early", "created_timestamp": "2026-05-01 00:00Z"},
        {"post_id": "never", "created_timestamp": "2026-05-01 00:00Z", "account_id": DE},
        {"post_id": "by the day", "created_timestamp": "2026-05-01 00:00Z", "created_precision": "day"},
        {"post_id": "undated", "created_timestamp": None, "created_precision": None},
    ]
    readings = [
        {"post_id": "near", "snapshot_at": "2026-05-01 20:00Z", "likes": 20},
        {"post_id": "near", "snapshot_at": "2026-05-02 01:00Z", "likes": 25},
        {"post_id": "near", "snapshot_at": "2026-05-02 00:00Z", "likes": 1, "metric_window": "day"},
        {"post_id": "early", "snapshot_at": "2026-05-01 17:00Z", "likes": 17},
        {"post_id": "never", "snapshot_at": "2026-05-09 00:00Z", "likes": 900},
        {"post_id": "by the day", "snapshot_at": "2026-05-02 00:00Z", "likes": 7},
    ]
    put_posts(store, posts, readings)
    found = warehouse.post_metrics_at_age(store, 24).set_index("post_id")
    assert found["likes"].isna().to_dict() == {"near": False, "early": True, "never": True}
    assert (found.loc["near", "likes"], found.loc["near", "age_hours"]) == (25, 25)
    wide = warehouse.post_metrics_at_age(store, 24, tolerance=0.3).set_index("post_id")
    assert wide.loc["early", "likes"] == 17
    assert warehouse.post_metrics_at_age(store, 24, market="DE")["post_id"].tolist() == ["never"]
    later = warehouse.post_metrics_at_age(store, 168).set_index("post_id")
    assert set(later.index) == {"near", "early", "never", "by the day"}
    assert later.loc["never", "likes"] == 900


def test_advertising_days_come_with_their_market_and_without_totals(store: Store) -> None:
    day = pd.Timestamp("2026-05-01")
    rows = [
        {"account_id": US, "date_day": day, "metric_window": "day", "spend": 5, "campaign_name": "a"},
        {"account_id": "77", "date_day": day, "metric_window": "day", "spend": 7, "campaign_name": "b"},
        {"account_id": US, "date_day": pd.NaT, "metric_window": "period", "spend": 90, "period_start": day},
        {"account_id": DE, "date_day": day + pd.Timedelta(days=1), "metric_window": "day", "spend": 3},
    ]
    store.commit({"ads_daily": pd.DataFrame(rows).assign(platform="instagram", currency="USD")})
    found = warehouse.ads_daily(store)
    assert found["spend"].tolist() == [5, 3, 7]
    assert found["market"].tolist()[:2] == ["US", "DE"] and pd.isna(found["market"].iloc[2])
    assert warehouse.ads_daily(store, market="DE")["spend"].tolist() == [3]
    assert warehouse.ads_daily(store, end=date(2026, 5, 1))["spend"].tolist() == [5, 7]


def test_communities_by_finished_intervals(store: Store) -> None:
    days = pd.to_datetime(["2026-05-04", "2026-05-05", "2026-05-06", "2026-05-04"])
    table = {"interval_start": days, "interval": ["day", "day", "day", "week"], "messages": [1, 2, 3, 9],
             "is_partial": pd.array([None, False, True, False], dtype="boolean")}  # fmt: skip
    store.commit({"community_daily": pd.DataFrame(table).assign(platform="discord", community_id="c")})
    assert warehouse.community_daily(store)["messages"].tolist() == [1, 2]
    assert warehouse.community_daily(store, interval="week")["messages"].tolist() == [9]
    found = warehouse.community_daily(store, start=date(2026, 5, 5))
    assert found["date_day"].astype(str).tolist() == ["2026-05-05"]
    assert warehouse.data_as_of(store, "community_daily") == date(2026, 5, 5)


def test_units_come_with_the_outcomes_of_their_own_experiment(store: Store) -> None:
    units = pd.DataFrame(
        {
            "experiment": ["badge", "badge", "push"],
            "unit_key": list("abc"),
            "variant": ["plain", "new", "short"],
            "assigned_at": utc("2026-05-01 12:00Z", "2026-05-02 12:00Z", "2026-05-01 12:00Z"),
            "posted_14d": [1, None, None],
            "opened": [None, None, 0],
        }
    )
    store.commit({"experiment_units": units})
    badge = warehouse.arm_units(store, experiment="badge")
    assert set(badge.columns) == {"unit_key", "variant", "market", "assigned_at", "posted_14d"}
    assert badge["unit_key"].tolist() == ["a", "b"]
    assert badge["posted_14d"].isna().tolist() == [False, True]
    assert warehouse.arm_units(store, experiment="push")["opened"].tolist() == [0]


def test_an_experiment_without_units_keeps_its_columns(store: Store) -> None:
    units = {"experiment": "badge", "unit_key": ["a"], "variant": ["plain"], "posted_14d": [1]}
    store.commit({"experiment_units": pd.DataFrame(units)})
    none = warehouse.arm_units(store, experiment="nothing")
    assert len(none) == 0
    assert {"unit_key", "variant", "market", "assigned_at"} <= set(none.columns)


def test_data_reach_as_far_as_the_last_finished_day(store: Store) -> None:
    assert warehouse.data_as_of(store, "account_daily", "posts", "mentions", "orders", "fan_day") is None
    flags = pd.array([False, None, True], dtype="boolean")
    put_daily(store, daily(US, {"2026-05-01": 1, "2026-05-02": 2, "2026-05-03": 0}, is_partial=flags))
    assert warehouse.data_as_of(store, "account_daily") == date(2026, 5, 2)
    put_posts(store, [{"post_id": "a", "created_timestamp": "2026-04-20 12:00Z"}])
    assert warehouse.data_as_of(store, "posts") == date(2026, 4, 20)
    assert warehouse.data_as_of(store, "posts", "account_daily", "mentions") == date(2026, 5, 2)


def test_the_last_day_is_that_of_the_market(store: Store) -> None:
    """An evening in America is the next day in UTC: the last day of data is the day people there lived through."""
    put_posts(store, [{"post_id": "a", "created_timestamp": "2026-05-01 01:00Z"}])
    assert warehouse.data_as_of(store, "posts") == date(2026, 4, 30)


QUERIES: dict[str, tuple[Callable[[Store], pd.DataFrame], set[str]]] = {
    "posts": (
        lambda store: warehouse.post_table(store, market="US"),
        {"post_id", "created_local", "hour_local", "reach"},
    ),
    "a period of posts": (lambda store: warehouse.post_table(store, start=date(2026, 5, 1)), {"market", "likes"}),
    "account days": (warehouse.account_daily, {"date_day", "market", "followers_total"}),
    "daily totals": (
        lambda store: warehouse.daily_by_market(store, platform="instagram", metric="reach"),
        {"date_day", "market", "value"},
    ),
    "followers": (warehouse.follower_days, {"date_day", "market", "platform", "followers_total"}),
    "mentions": (
        lambda store: warehouse.mention_counts(store, market="US"),
        {"date_day", "brand", "sentiment", "mentions"},
    ),
    "mentions by hour": (lambda store: warehouse.mention_counts(store, loud=9), {"local_hour", "loud", "mentions"}),
    "single mentions": (
        lambda store: warehouse.heard(store, market="US"),
        {"mentioned_at", "mention_id", "exported_at"},
    ),
    "times to answers": (
        lambda store: warehouse.answer_times(store, market="US"),
        {"brand", "in_time", "median_hours"},
    ),
    "members": (lambda store: warehouse.fan_members(store, market="US"), {"member_key", "joined_on", "acquisition"}),
    "fan days": (
        lambda store: warehouse.fan_days(store, market="US").to_pandas(),
        {"member_key", "date_day", "events"},
    ),
    "orders": (lambda store: warehouse.order_table(store, market="US"), {"order_id", "total", "market"}),
    "posts at an age": (lambda store: warehouse.post_metrics_at_age(store, 24), {"market", "likes", "age_hours"}),
    "advertising": (lambda store: warehouse.ads_daily(store, market="US"), {"date_day", "market", "spend"}),
    "communities": (warehouse.community_daily, {"date_day", "messages", "interval"}),
    "units": (lambda store: warehouse.arm_units(store, experiment="badge"), {"unit_key", "variant"}),
}


@pytest.mark.parametrize("name", QUERIES)
def test_an_empty_warehouse_answers_with_empty_frames(store: Store, name: str) -> None:
    ask, columns = QUERIES[name]
    found = ask(store)
    assert len(found) == 0
    assert columns <= set(found.columns)


def test_rows_come_with_the_columns_asked_for_their_day_and_local_days(store: Store) -> None:
    fans = pd.DataFrame({
        "platform": "discord", "member_key": ["a", "b", "c"], "market": ["DE", "US", None], "acquisition": "search",
        "joined_at": utc("2026-05-01 22:30Z", "2026-05-02 03:00Z", "2026-05-02 23:00Z"),
        "left_at": utc("2026-06-01 23:00Z", None, "2026-06-02 01:00Z"),
    })  # fmt: skip
    store.commit({"fans": fans})
    whole = warehouse.row_frame(store, "fans")
    assert not {"source_file", "exported_at", "imported_at"} & set(whole)
    found = warehouse.row_frame(store, "fans", columns=["member_key", "left_at"]).set_index("member_key")
    assert set(found) == {"date_day", "market", "left_at", "left_on"}
    assert found["date_day"].dt.day.to_dict() == {"a": 2, "b": 1, "c": 2}
    assert found["left_on"].dropna().dt.day.to_dict() == {"a": 2, "c": 2}
    own = warehouse.row_frame(store, "fans", columns=["member_key", "left_at"], market="DE")
    assert list(own) == ["date_day", "member_key", "left_at", "left_on"] and own["left_on"].dt.day.tolist() == [2]
    assert set(warehouse.market_rows(store, "fans", columns=["member_key"], market="US")) == {"member_key", "date_day"}
