"""Drafts of mappings: what looks alike is offered, what does not is left to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanops_utils.data.sources.drafting import as_yaml, draft
from fanops_utils.data.sources.files.reading import Grid
from fanops_utils.data.sources.mapping.register import read_mapping
from fanops_utils.errors import ImportRefused, WorkspaceError

ORDERS = Grid([
    ["Order number", "Created", "Currency", "Grand total", "Coupon", "Colour"],
    ["A-1", "24/03/2026 10:00", "EUR", "12.50", "", "red"],
    ["A-2", "25/03/2026 11:30", "EUR", "8.00", "", "blue"],
])  # fmt: skip
LISTENING = Grid([
    ["exported by a tool"],
    ["Mention ID", "Network", "Brand", "Mentioned at", "Sentiment"],
    ["m1", "x", "us", "2026-03-24T10:00:00Z", "POS"],
])  # fmt: skip


def test_orders_are_recognised_by_the_words_and_the_cells_of_their_columns() -> None:
    found = draft(ORDERS)
    assert found.table == "orders"
    assert found.columns == {
        "order_id": "Order number", "created_timestamp": "Created", "currency": "Currency", "total": "Grand total",
    } | {key: found.columns[key] for key in found.columns if key == "discount_code"}  # fmt: skip
    assert (found.lacking, found.time_format) == ((), "%d/%m/%Y %H:%M")
    assert "Colour" in found.unread


@pytest.mark.parametrize("when", ["Time", "Date", "Timestamp", "Day"])
def test_a_needed_column_is_found_by_a_part_of_its_name(when: str) -> None:
    rows = [["m1", "2026-03-24T10:00:00Z", "x", "us", "POS"], ["m2", "2026-03-25T10:00:00Z", "x", "us", "NEG"]]
    found = draft(Grid([["Mention ID", when, "Network", "Brand", "Tone"], *rows]), table="mentions")
    assert (found.columns["mentioned_at"], found.lacking) == (when, ())


def test_what_members_did_is_known_as_that() -> None:
    rows = [
        ["LC-1", "2026-03-24T10:00:00+00:00", "visit", "JP", "", ""],
        ["LC-2", "2026-03-24T11:00:00+00:00", "post", "US", "3", "a"],
    ]
    found = draft(Grid([["Member ID", "Time", "Event", "Country", "Value", "Subject"], *rows]))
    assert (found.table, found.lacking) == ("member_events", ("platform",))
    assert (found.columns["event_timestamp"], found.columns["event_name"]) == ("Time", "Event")


def test_two_columns_that_may_be_the_needed_one_are_left_to_people() -> None:
    rows = [["m1", "2026-03-24T10:00:00Z", "2026-03-25T10:00:00Z", "x", "us", "POS"]]
    found = draft(Grid([["Mention ID", "Time", "Date", "Network", "Brand", "Tone"], *rows]), table="mentions")
    assert found.lacking == ("mentioned_at",)


def test_a_draft_can_be_read_as_it_stands_and_holds_no_cell(tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(as_yaml(draft(ORDERS), name="shop", file="shop.csv"), encoding="utf-8")
    assert read_mapping(path).tables["orders"].columns["order_id"] == "Order number"
    assert "A-1" not in path.read_text(encoding="utf-8")


def test_no_header_and_no_name_of_a_file_writes_a_line_of_the_draft(tmp_path: Path) -> None:
    hostile = "x\nfrom: {url: 'duckdb:///elsewhere', table: t}\u2028# "
    grid = Grid([[*ORDERS.rows[0], hostile], *([*row, "1"] for row in ORDERS.rows[1:])])
    path = tmp_path / "shop.yml"
    path.write_text(as_yaml(draft(grid), name="shop", file=f"{hostile}.csv"), encoding="utf-8")
    found = read_mapping(path)
    assert (found.name, found.database) == ("shop", None)


def test_the_header_may_lie_below_a_title() -> None:
    found = draft(LISTENING)
    assert found.table == "mentions"
    assert found.columns["mentioned_at"] == "Mentioned at"
    assert found.time_format is None, "ISO 8601 needs none"


def test_what_is_needed_and_not_there_is_named_and_refused_until_somebody_gives_it(tmp_path: Path) -> None:
    grid = Grid([["Order number", "Created"], ["A-1", "2026-03-24"]])
    found = draft(grid, table="orders")
    assert found.lacking == ("currency",)
    path = tmp_path / "shop.yml"
    path.write_text(as_yaml(found, name="shop", file="shop.csv"), encoding="utf-8")
    with pytest.raises(WorkspaceError, match="currency"):
        read_mapping(path)


def test_a_number_is_no_time_and_two_readings_of_a_day_are_none() -> None:
    grid = Grid([["Order number", "Created", "Currency"], ["1", "03/04/2026", "EUR"], ["2", "05/06/2026", "EUR"]])
    assert draft(grid, table="orders").time_format is None
    grid = Grid([["Order number", "Created", "Currency"], ["1", "17", "EUR"]])
    assert "created_timestamp" in draft(grid, table="orders").lacking


@pytest.mark.parametrize(
    ("grid", "table"), [(Grid([]), None), (Grid([["a", "b"], ["1", "2"]]), None), (ORDERS, "ordrs")]
)
def test_what_cannot_be_drafted_is_refused(grid: Grid, table: str | None) -> None:
    with pytest.raises(ImportRefused):
        draft(grid, table=table)
