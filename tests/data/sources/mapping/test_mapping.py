"""Member-level tables by mapping: the worked examples, row by row, and no raw id anywhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.sources.mapping.register import read_mapping
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.workspace import Workspace

EXAMPLES = Path(__file__).parents[3] / "exports" / "mapping"
NAMES = ("member_events", "fans", "orders", "mentions", "referrals", "partners", "survey_answers")


@pytest.fixture
def store(brand_workspace: Workspace) -> Store:
    """A warehouse with every worked example in it, each found by its own mapping."""
    (brand_workspace.path / "mappings").mkdir()
    for name in NAMES:
        shutil.copy(EXAMPLES / f"{name}.yml", brand_workspace.path / "mappings")
        shutil.copy(EXAMPLES / f"{name}.csv", brand_workspace.raw)
    reports = import_paths(brand_workspace, [brand_workspace.raw])
    for report in reports:
        assert (report.status, report.rows_loaded, report.error) == ("loaded", report.rows_in, ""), report
    mapped = {read_mapping(EXAMPLES / f"{name}.yml").name for name in NAMES}
    assert {report.report_type for report in reports} == mapped
    return Store(brand_workspace)


def keys(store: Store, *people: str) -> list[str]:
    return [Pseudonyms.of(store.workspace).key_for(one) for one in people]


def rows(store: Store, name: str, *columns: str) -> list[tuple[object, ...]]:
    frame = store.read(name).sort_values("source_row")[list(columns)].astype(object)
    return [tuple(row) for row in frame.where(frame.notna(), None).itertuples(index=False)]


def utc(moment: str) -> pd.Timestamp:
    return pd.Timestamp(moment, tz="UTC")


def test_every_example_is_of_its_own_table() -> None:
    for name in NAMES:
        assert list(read_mapping(EXAMPLES / f"{name}.yml").tables) == [name]


def test_member_events(store: Store) -> None:
    anna, ben = keys(store, "anna@example.com", "ben")
    assert rows(store, "member_events", "member_key", "event_timestamp", "event_name", "market", "event_value") == [
        (anna, utc("2026-04-30 22:30"), "post", "DE", None),
        (anna, utc("2026-04-30 22:31"), "like", "DE", None),
        (ben, utc("2026-05-02 10:00"), "buy", "US", 1200.5),
    ]
    assert store.read("fan_day")["events"].sum() == 3


def test_fans(store: Store) -> None:
    anna, ben = keys(store, "anna@example.com", "ben")
    assert rows(store, "fans", "member_key", "joined_at", "market", "acquisition") == [
        (anna, utc("2026-04-30 21:00"), "DE", "referral"),
        (ben, utc("2026-05-01"), "US", "organic"),
    ]


def test_orders(store: Store) -> None:
    (customer,) = keys(store, "c-77")
    assert rows(store, "orders", "order_id", "created_timestamp", "customer_key", "subtotal", "total", "discount_code",
                "country", "financial_status", "currency") == [
        ("A-1001", utc("2026-04-30 22:15"), customer, 1000, 1190, "MAI10", "DE", "paid", "EUR"),
        ("A-1002", utc("2026-05-02 16:40"), None, 20, 23.8, None, "AT", "refunded", "EUR"),
    ]  # fmt: skip


def test_mentions(store: Store) -> None:
    assert rows(store, "mentions", "mention_id", "mentioned_at", "platform", "market", "brand", "sentiment", "topic",
                "campaign", "origin") == [
        ("m-1", utc("2026-05-01 23:30"), "x", "DE", "Demo Brand", "negative", "delivery", "#spring", "UGC"),
        ("m-2", utc("2026-05-01 08:00"), "instagram", "US", "Rival", None, "price", None, None),
    ]  # fmt: skip


def test_referrals(store: Store) -> None:
    anna, ben = keys(store, "anna@example.com", "ben")
    assert rows(store, "referrals", "referral_id", "inviter_key", "invited_key", "channel", "invited_at", "accepted_at",
                "first_order_at", "reward", "currency") == [
        ("i-1", anna, ben, "link", utc("2026-05-01 08:00"), utc("2026-05-01 09:00"), utc("2026-05-03 09:00"), 5, "EUR"),
        ("i-2", anna, None, "email", utc("2026-05-01 08:05"), None, None, None, "EUR"),
    ]  # fmt: skip


def test_partners(store: Store) -> None:
    (lena,) = keys(store, "@lena.tea")
    assert rows(store, "partners", "partner_key", "deliverable_id", "platform", "tier", "post_id", "code", "followers",
                "reach", "views", "engagements", "campaign") == [
        (lena, "d-1", "instagram", "micro", "17978900000001234", "LENA10", 12400, 8000, 9100, 640, "spring"),
        (lena, "d-2", "tiktok", "micro", "7300000000000001234", "LENA10", 5100, None, 22000, 1800, "spring"),
    ]  # fmt: skip


def test_survey_answers(store: Store) -> None:
    anna, ben = keys(store, "anna@example.com", "ben")
    assert rows(store, "survey_answers", "survey", "respondent_key", "question", "answered_at", "score", "choice") == [
        ("spring_2026", anna, "recommend", utc("2026-05-05 13:00"), 9, None),
        ("spring_2026", anna, "found_us", utc("2026-05-05 13:00"), None, "friend"),
        ("spring_2026", ben, "recommend", utc("2026-05-05 14:30"), 6, None),
    ]


def test_no_raw_id_reaches_the_warehouse(store: Store) -> None:
    for name in (*NAMES, "fan_day", "quarantine", "import_log"):
        text = store.read(name).drop(columns=["source_file", "file"], errors="ignore").astype("string").to_csv()
        for raw in ("anna@", "guest@", "c-77", "@lena", "Anna A."):
            assert raw not in text, name


def test_a_line_that_was_cut_is_set_aside(brand_workspace: Workspace) -> None:
    (brand_workspace.path / "mappings").mkdir()
    shutil.copy(EXAMPLES / "fans.yml", brand_workspace.path / "mappings")
    text = (EXAMPLES / "fans.csv").read_text(encoding="utf-8")
    (brand_workspace.raw / "fans.csv").write_text(text[: text.rindex(",")], encoding="utf-8")
    (report,) = import_paths(brand_workspace, [brand_workspace.raw])
    assert (report.rows_in, report.rows_loaded, report.rows_quarantined) == (2, 1, 1)
    assert "the line is cut" in Store(brand_workspace).read("quarantine")["reason"].iloc[0]
