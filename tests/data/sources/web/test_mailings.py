"""Mailings and subscribers of Klaviyo and Mailchimp."""

from __future__ import annotations

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, read


@pytest.mark.parametrize(("folder", "reach", "opened", "clicked", "negative"), [
    ("klaviyo", [45587, 42765], [60684, 56565], [351, 460], [174, -1]),
    ("mailchimp", [30, 300], [57, 520], [7, 60], [7, 11]),
])  # fmt: skip
def test_a_mailing_is_a_post(
    folder: str, reach: list[int], opened: list[int], clicked: list[int], negative: list[int]
) -> None:
    result = read(EXPORTS / folder / "campaigns.csv", brand=EVERYWHERE)
    metrics = result.table("post_metrics")
    assert result.table("posts")["platform"].tolist() == ["email"] * 2
    assert metrics["reach"].tolist() == reach
    assert metrics["impressions"].tolist() == opened
    assert metrics["link_clicks"].tolist() == clicked
    assert metrics["negative_feedback"].fillna(-1).tolist() == negative
    assert result.said("clock")


def test_times_are_those_of_the_accounts_market() -> None:
    posts = read(EXPORTS / "mailchimp" / "campaigns.csv", brand=EVERYWHERE).table("posts")
    assert posts["created_timestamp"].iloc[0] == pd.Timestamp("2026-06-10 01:30", tz="UTC")


def test_a_subscriber_is_the_buyer_of_the_same_address() -> None:
    fans = read(EXPORTS / "mailchimp" / "subscribed_members_export.csv", brand=EVERYWHERE).table("fans")
    buyers = read(EXPORTS / "stripe" / "payments.csv", brand=EVERYWHERE).table("orders")
    assert fans["customer_key"].iloc[0] == buyers["customer_key"].iloc[0]
    assert fans["market"].fillna("").tolist() == ["US", ""]
    assert fans["left_at"].notna().tolist() == [False, True]
    assert not fans.to_csv().count("example.com")


def test_klaviyo_profiles() -> None:
    fans = read(EXPORTS / "klaviyo" / "profiles.csv", brand=EVERYWHERE).table("fans")
    assert fans["joined_at"].dt.hour.tolist() == [10, 11]
