from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, Result, read, written
from export_strategies import CAPTIONS, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.errors import ImportRefused

SHORT = ["Name", "Email", "Financial Status", "Currency", "Subtotal", "Total", "Created at", "Lineitem quantity", "Lineitem name",
         "Lineitem price"]  # fmt: skip


def shop(*rows: list[object], header: list[str] = SHORT) -> Result:
    return read(written([header, *rows]), brand=EVERYWHERE)


def order(name: str, total: object = "10.00", *, created: str = "2026-05-01 10:00:00 +0200", quantity: object = 1,
          currency: str = "EUR", email: str = "fan@example.com") -> list[object]:  # fmt: skip
    return [name, email, "paid", currency, total, total, created, quantity, "Tea", "5.00"]


def line(name: str, *, quantity: object = 2) -> list[object]:
    return [name, "", "", "", "", "", "", quantity, "Whisk", "2.50"]


def test_the_sample_file_row_by_row() -> None:
    found = read(next((EXPORTS / "shopify").glob("*.csv")), brand=EVERYWHERE)
    orders, lines = found.table("orders"), found.table("order_lines")
    assert (found.rows_in, found.rejects) == (6, [])
    assert orders["order_id"].tolist() == ["5550000001", "5550000002", "5550000003", "5550000004"]
    assert orders["order_name"].tolist() == ["#1001", "#1002", "#1003", "#1004"]
    assert orders["created_timestamp"].dt.strftime("%m-%d %H:%M").tolist() == [
        "05-01 07:59",
        "05-02 07:59",
        "05-03 07:59",
        "05-04 07:59",
    ]
    assert orders["total"].tolist() == [100.9] * 4, "an order counts once, however many lines it has"
    assert orders["refunded_amount"].tolist() == [0, 0, 100.9, 0]
    assert orders["discount_code"].tolist() == [pd.NA, "FAN10", pd.NA, pd.NA]
    assert orders["country"].tolist() == ["NL"] * 4
    assert orders["customer_key"].nunique() == 4
    columns = ["order_id", "line_no", "sku", "quantity", "price"]
    assert lines[columns].to_numpy().tolist() == [
        ["5550000001", 1, "MAT-100", 1, 62.95], ["5550000001", 2, "WH-1", 2, 18.98], ["5550000002", 1, "MAT-100", 1, 62.95],
        ["5550000003", 1, "MAT-100", 1, 62.95], ["5550000003", 2, "WH-1", 2, 18.98], ["5550000004", 1, "MAT-100", 1, 62.95],
    ]  # fmt: skip


def test_older_headers_and_cells_repeated_on_every_line() -> None:
    found = shop(order("#1"), line("#1"), order("#2", "7.50"), order("#2", "7.50", quantity=3))
    orders = found.table("orders")
    assert orders["order_id"].tolist() == ["#1", "#2"], "without Id the number shown is the key"
    assert orders["total"].sum() == 17.5
    assert found.table("order_lines")["line_no"].tolist() == [1, 2, 1, 2]


def test_guarding_apostrophes_are_taken_off() -> None:
    orders = (
        shop([*order("'#1"), "'5550000001", "'NL"], header=[*SHORT, "Id", "Shipping Country"]).table("orders").iloc[0]
    )
    assert orders[["order_id", "order_name", "country"]].tolist() == ["5550000001", "#1", "NL"]


def test_an_order_is_set_aside_whole_or_not_at_all() -> None:
    found = shop(order("#1", "much"), line("#1"), order("#2", created="yesterday"), line("#2"), order("#3", currency=""),
                 order("#4"), line("#4", quantity="x"), line("#4"))  # fmt: skip
    assert found.table("orders")["order_name"].tolist() == ["#4"]
    assert found.table("order_lines")["line_no"].tolist() == [1, 3]
    assert sorted({one.row for one in found.rejects}) == [1, 2, 3, 4, 5, 7]


def test_nothing_personal_is_kept_even_of_lines_set_aside() -> None:
    header = [*SHORT, "Billing Name", "Shipping Phone", "Id"]
    people = ["Anna Fan", "'+31600000000"]
    found = shop([*order("#1"), *people, "1"], [*order("#2", "Anna Fan"), *people, "2"], [*order("#3"), *people, "1.2E+17"],
                 [*order("#4"), *people, "4", "Anna Fan"], header=header)  # fmt: skip
    kept = " ".join([*(frame.to_csv() for frame in found.tables.values()), *map(str, found.rejects), *found.warnings])
    assert sorted({one.row for one in found.rejects}) == [2, 3, 4]
    for private in ("fan@example.com", "Anna", "31600000000"):
        assert private not in kept


def test_the_same_buyer_has_the_same_pseudonym() -> None:
    orders = shop(
        order("#1", email="Fan@Example.com"), order("#2", email="fan@example.com "), order("#3", email="")
    ).table("orders")
    assert orders["customer_key"].tolist()[0] == orders["customer_key"].tolist()[1]
    assert orders["customer_key"].isna().tolist() == [False, False, True]


def test_a_file_of_orders_without_lines_is_not_this_report() -> None:
    with pytest.raises(ImportRefused, match="Name, Currency, Total"):
        read("Name,Currency,Total\n#1,EUR,3\n", brand=EVERYWHERE)


MONEY = st.one_of(st.none(), st.decimals(0, 10**6, places=2))
OFFSETS = st.sampled_from(["+0200", "-0700", "+0530"])
LINES = st.lists(st.tuples(st.integers(0, 99), CAPTIONS), min_size=1, max_size=3)


@settings(max_examples=12)
@given(st.lists(st.tuples(MONEY, st.datetimes(datetime(2016, 1, 1), datetime(2035, 1, 1)), OFFSETS,
                          LINES), min_size=1, max_size=5))  # fmt: skip
def test_what_was_written_is_read(facts: list) -> None:
    rows = []
    for number, (total, when, offset, lines) in enumerate(facts):
        for place, (quantity, title) in enumerate(lines):
            head = ["a@b.c", "paid", "EUR", "", "" if total is None else total, f"{when:%Y-%m-%d %H:%M:%S} {offset}"]
            rows.append([f"#{number}", *(head if place == 0 else [""] * 6), quantity, title, "1.00"])
    found = shop(*rows)
    orders, lines = found.table("orders", "order_name"), found.table("order_lines", "order_id", "line_no")
    assert not found.rejects
    for number, (total, when, offset, expected) in enumerate(facts):
        one = orders.loc[f"#{number}"]
        assert same(one["total"], None if total is None else float(total))
        assert one["created_timestamp"] == pd.Timestamp(f"{when:%Y-%m-%d %H:%M:%S}{offset}")
        for place, (quantity, title) in enumerate(expected, start=1):
            assert lines.loc[(f"#{number}", place), "quantity"] == quantity
            assert same(lines.loc[(f"#{number}", place), "title"], title)
