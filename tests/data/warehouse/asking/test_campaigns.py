"""What a campaign's report asks of the warehouse, on the simulated brand and on an empty one."""

from __future__ import annotations

import pandas as pd
import pytest

from fanops_utils.data import warehouse
from fanops_utils.data.warehouse.asking import campaigns as tables
from fanops_utils.workspace import Campaign, Workspace


@pytest.fixture(scope="module")
def store(demo: Workspace) -> warehouse.Store:
    return warehouse.Store(demo)


def test_orders_per_day_keep_every_order_and_fill_days_without_one(store: warehouse.Store) -> None:
    daily = tables.orders_by_market(store)
    orders = warehouse.order_table(store).dropna(subset=["market"])
    assert daily["value"].sum() == len(orders)
    assert (daily["value"] == 0).any()
    assert daily.groupby("market")["date_day"].nunique().nunique() == 1


def test_only_what_belongs_to_the_campaign_is_returned(store: warehouse.Store) -> None:
    brief = store.workspace.campaign("spring_blend_br")
    assert set(tables.campaign_orders(store, brief)["market"]) == {"BR"}
    assert set(tables.campaign_deliveries(store, brief)["campaign"]) == {brief.id}
    posts = tables.campaign_posts(store, brief)
    assert set(posts["market"]) == {"BR"} and set(posts["platform"]) == {"instagram"}
    assert posts["created_local"].min() >= pd.Timestamp(brief.baseline.start)
    fans, days = tables.campaign_members(store, brief)
    assert set(fans["market"]) == {"BR"} and set(days.select("market").distinct().to_pandas()["market"]) == {"BR"}
    totals = tables.platform_totals(store, brief)
    assert set(totals) == {("tiktok", "views"), ("youtube", "views")}


def test_what_was_published_is_counted_once_and_only_where_own_posts_are_known(demo: Workspace) -> None:
    store = warehouse.Store(demo)
    brief = demo.campaign("spring_blend_br")
    output = tables.campaign_output(store, brief, window=brief.live)
    assert output["date_day"].between(pd.Timestamp(brief.live.start), pd.Timestamp(brief.live.end)).all()
    assert output.groupby("kind")["origin"].agg(set).to_dict() == {
        "own": {"OGC"}, "delivery": {"KOL"}, "mention": {"UGC", "PGC"},
    }  # fmt: skip
    listed = output.groupby("platform")["listed"].agg(set).to_dict()
    assert listed["tiktok"] == {False} and listed["instagram"] == listed["x"] == {True}
    tags = pd.read_csv(demo.raw / "listening" / "mentions.csv", dtype=str)
    tagged = tags[(tags["Tag"] == brief.id) & tags["Author type"].isin(["User", "Press"])]
    assert (output["kind"] == "mention").sum() == len(tagged) > 10, (
        "posts of the brand and its partners are not repeated"
    )
    renamed = brief.model_copy(update={"id": "other", "utm": ("#Spring_Blend_BR",)})
    assert not (tables.campaign_output(store, renamed, window=brief.live)["kind"] == "mention").any()
    named = brief.model_copy(update={"id": "other", "utm": ("Spring_Blend_BR",)})
    assert (tables.campaign_output(store, named, window=brief.live)["kind"] == "mention").any(), "case does not matter"


def test_answers_are_those_of_the_campaigns_markets(store: warehouse.Store) -> None:
    found = tables.campaign_answers(store, store.workspace.campaign("spring_blend_br"))
    assert set(found["market"]) == {"BR"} and found["date_day"].notna().all()
    assert "spring_blend_br" in set(found["choice"]) and "autumn_push_de" not in set(found["choice"])


def test_the_parts_of_an_audience_split_are_not_added_to_the_whole() -> None:
    frame = pd.DataFrame({"breakdown": [None, "age 18-24", None], "spend": [10.0, 4.0, 6.0]})
    assert tables._whole(frame)["spend"].sum() == 16
    assert tables._whole(frame.iloc[[1]])["spend"].sum() == 4


def test_an_empty_warehouse_gives_empty_frames(brand_workspace: Workspace) -> None:
    store = warehouse.Store(brand_workspace)
    brief = Campaign.model_validate({
        "id": "x", "name": "X", "objective": "o", "owner": "o", "platform": "instagram", "metric": "engagements", "treated": ["US"],
        "live": {"start": "2026-04-13", "end": "2026-05-10"}, "baseline": {"start": "2026-02-16", "end": "2026-04-12"},
    })  # fmt: skip
    fans, days = tables.campaign_members(store, brief)
    assert tables.last_day(days) is None
    frames = [tables.orders_by_market(store), tables.campaign_orders(store, brief), tables.campaign_ads(store, brief),
              tables.campaign_deliveries(store, brief), tables.visits_by_market(tables.site_visits(store)),
              tables.campaign_posts(store, brief), fans, days.to_pandas(),
              tables.campaign_days(store, brief), tables.campaign_answers(store, brief),
              tables.campaign_output(store, brief, window=brief.live)]  # fmt: skip
    assert [len(frame) for frame in frames] == [0] * 11
    assert tables.platform_totals(store, brief) == {}
