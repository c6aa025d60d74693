"""Shopify orders: one row per line item, order cells on the first row only; names and addresses are not read."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.owners import account_key, whose
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source

PLATFORM = ("shopify",)

ORDERS: Aliases = {
    "order_name": ("Name",), "order_id": ("Id",), "email": ("Email",), "created": ("Created at",),
    "currency": ("Currency",), "subtotal": ("Subtotal",), "discount_code": ("Discount Code",),
    "discount_amount": ("Discount Amount",), "shipping": ("Shipping",), "taxes": ("Taxes",), "total": ("Total",),
    "refunded_amount": ("Refunded Amount",), "financial_status": ("Financial Status",),
    "fulfillment_status": ("Fulfillment Status",), "cancelled": ("Cancelled at",), "source": ("Source",),
    "country": ("Shipping Country",), "billing_country": ("Billing Country",), "sku": ("Lineitem sku",),
    "title": ("Lineitem name",), "quantity": ("Lineitem quantity",), "price": ("Lineitem price",),
    "discount": ("Lineitem discount",),
}  # fmt: skip
MONEY = ("subtotal", "discount_amount", "shipping", "taxes", "total", "refunded_amount")


def parse_orders(sheet: Sheet, context: Context) -> Parsed:
    """Return orders and their lines; amounts stand once per order, and blanks stay null."""
    cells = sheet.cells
    shop = whose(context, PLATFORM)
    shops = sum(account.platform in PLATFORM for account in context.brand.accounts)
    exported = context.exported_at()
    guarded = cells.frame.drop(columns="title").apply(lambda column: column.str.removeprefix("'"))
    cells.frame = guarded.assign(title=cells.frame["title"])  # Shopify guards ids, phones and codes so, not names
    numbers = cells.optional_id("order_id")
    name = cells.required("order_name")
    _reject_shared_numbers(cells, name, numbers)
    carries = cells.raw("total").notna()
    first = (carries | ~carries.groupby(name).transform("any").fillna(value=True).astype(bool)) & name.notna()
    first &= ~name.where(first).duplicated()
    created = cells.iso_time("created", "UTC").groupby(name).transform("first")
    # shops number their orders alike: without an id the number alone is one only where the brand has one shop
    alone = name if shops == 1 else account_key(shop) + " " + name
    order_id = numbers.groupby(name).transform("first").fillna(alone)
    cells.reject("created", first & created.isna() & name.notna(), "an order without a time")
    cells.reject("currency", first & cells.raw("currency").isna() & name.notna(), "an order without a currency")
    amounts = {column: cells.number(column) for column in MONEY}
    cancelled = cells.iso_time("cancelled", "UTC")
    quantity, price, discount = cells.count("quantity"), cells.number("price"), cells.number("discount")
    _reject_with_their_order(cells, name, first)
    people = Pseudonyms.of(context.workspace)
    country = cells.code("country").fillna(cells.code("billing_country"))
    line_no = (name.groupby(name).cumcount() + 1).astype("Int64")
    lines = accepted(sheet, {
        "order_id": order_id, "line_no": line_no, "sku": cells.code("sku"), "title": cells.text("title"),
        "quantity": quantity, "price": price, "discount": discount,
    })  # fmt: skip
    orders = accepted(sheet, {
        "order_id": order_id, "order_name": name, "created_timestamp": created,
        "customer_key": people.keys(cells.raw("email").str.casefold()), "currency": cells.raw("currency"), **amounts,
        "discount_code": cells.code("discount_code"), "financial_status": cells.raw("financial_status"),
        "fulfillment_status": cells.raw("fulfillment_status"), "cancelled_at": cancelled,
        "source": cells.raw("source"), "country": country,
    }, drop=~first)  # fmt: skip
    rejects = [replace(reject, value="") for reject in cells.rejects]  # a cell out of place may be a name or a phone
    return Parsed({"orders": orders, "order_lines": lines}, rejects, sheet.rows_in, exported)


def _reject_shared_numbers(cells: Cells, name: pd.Series, numbers: pd.Series) -> None:
    """Reject the records of order numbers that stand for several orders, as where two shops' files were joined."""
    several = numbers.groupby(name).transform("nunique") > 1
    for column in ("created", "currency", "total"):
        several |= cells.raw(column).groupby(name).transform("nunique") > 1
    cells.reject("order_name", several, "several orders have this number: import the file of each shop by itself")


def _reject_with_their_order(cells: Cells, name: pd.Series, first: pd.Series) -> None:
    """Reject the other lines of an order whose first line, which carries the order, was rejected."""
    bad = name.index.isin([reject.row for reject in cells.rejects])
    lost = name[bad & first.to_numpy(dtype=bool)].dropna()
    cells.reject("order_name", name.isin(lost) & ~bad, "the first line of its order was set aside")


SOURCES = (
    Source("shopify", "orders", PLATFORM, ORDERS,
           frozenset({"order_name", "created", "currency", "total", "quantity", "title"}), parse_orders,
           in_blocks="order_name"),
)  # fmt: skip
