"""Orders of Amazon and TikTok Shop, payments of Stripe: sums per order, and nobody's name."""

from __future__ import annotations

import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, Result, read

from fanops_utils.errors import ImportRefused

SHOP = EXPORTS / "tiktok_shop" / "All order-2025-12-20.csv"
PERSONAL = ("A. Person", "Example Street", "555", "@example.com", "fan_one", "Springfield", "SPRINGFIELD", "4242")


def shown(result: Result) -> str:
    frames = " ".join(frame.to_csv() for frame in result.tables.values())
    return frames + " ".join(f"{one.value} {one.reason}" for one in result.rejects) + " ".join(result.warnings)


@pytest.mark.parametrize("path", [SHOP, EXPORTS / "amazon" / "orders.txt", EXPORTS / "stripe" / "payments.csv"],
                         ids=lambda path: path.parent.name)  # fmt: skip
def test_nothing_personal_is_kept(path: object) -> None:
    result = read(path, brand=EVERYWHERE)  # type: ignore[arg-type]
    assert len(result.tables["orders"])
    assert not [word for word in PERSONAL if word in shown(result)]


def test_tiktok_shop_counts_an_order_once() -> None:
    orders = read(SHOP, brand=EVERYWHERE).table("orders", "order_id")
    first = orders.loc["576543210987654321"]
    assert orders["total"].tolist() == [35.99, 10.5, 17.99]
    assert (first["subtotal"], first["discount_amount"], first["currency"]) == (32, 3, "USD")
    assert orders["created_timestamp"].dt.strftime("%d %H:%M").tolist() == ["15 14:30", "17 04:05", "17 13:00"]
    assert orders["cancelled_at"].notna().tolist() == [False, False, True]
    assert orders["country"].tolist() == ["US"] * 3


def tiktok(created: list[str], amount: str = "50000") -> str:
    head = "Order ID,Order Status,SKU ID,Quantity,SKU Subtotal After Discount,Order Amount,Created Time\n"
    rows = [f"57654321098765432{n},Completed,1,1,{amount},{amount},{time}\t\n" for n, time in enumerate(created)]
    return head + "".join(rows)


def test_tiktok_shop_says_day_or_month_first_only_where_the_file_proves_it() -> None:
    proved = read(tiktok(["06/10/2026 07:00:00", "23/10/2026 07:00:00"]), brand=EVERYWHERE).table("orders")
    assert proved["created_timestamp"].dt.month.tolist() == [10, 10]
    with pytest.raises(ImportRefused, match="cannot be told apart"):
        read(tiktok(["06/10/2026 07:00:00"]), brand=EVERYWHERE)


def test_tiktok_shop_reads_the_currency_before_an_amount() -> None:
    found = read(tiktok(["23/10/2026 07:00:00"], "IDR 50000"), brand=EVERYWHERE).table("orders")
    assert found[["currency", "total"]].iloc[0].tolist() == ["IDR", 50000]


def test_amazon_leaves_open_what_a_taxed_order_costs() -> None:
    result = read(EXPORTS / "amazon" / "orders.txt", brand=EVERYWHERE)
    orders = result.table("orders")
    assert orders["subtotal"].tolist() == [35, 42, 21]
    assert orders["total"].fillna(-1).tolist() == [36.99, -1, -1]
    assert orders["cancelled_at"].notna().tolist() == [False, False, True]
    assert result.table("order_lines")["price"].tolist() == [10.5, 14, 21, 21]


def test_an_order_is_set_aside_with_its_broken_row() -> None:
    text = (EXPORTS / "amazon" / "orders.txt").read_text(encoding="utf-8").replace("21.00\t\t3.99", "a lot\t\t3.99")
    result = read(text, "orders.txt", brand=EVERYWHERE)
    assert {one.row for one in result.rejects} == {1, 2}


def test_stripe_is_told_apart_from_payments_that_failed() -> None:
    text = (EXPORTS / "stripe" / "payments.csv").read_text(encoding="utf-8").replace("Refunded,DEMO", "Failed,DEMO")
    result = read(text, "payments.csv", brand=EVERYWHERE)
    orders = result.table("orders")
    assert orders["currency"].tolist() == ["USD", "USD", "EUR"]
    assert orders["customer_key"].iloc[0] == orders["customer_key"].iloc[2], "e-mails differ in case alone"
    assert [one.row for one in result.rejects] == [4]
