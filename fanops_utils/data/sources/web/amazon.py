"""Amazon: the flat-file report of all orders, one row per item, divided by tabs; of buyers it holds nothing but a place.

Headers as libraries for sellers in public repositories list them, 29 to 32 columns: "amazon-order-id, merchant-order-id,
purchase-date, last-updated-date, order-status, …". Whether `item-price` holds the tax differs by marketplace and the file does
not say: what an order costs in all is left open where it bears tax.
"""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.shared.countries import country_codes
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.web.order_rows import first_of, reject_broken_orders, reject_repeats, sum_of

ORDERS: Aliases = {
    "order_id": ("amazon-order-id",), "created": ("purchase-date",), "updated": ("last-updated-date",),
    "status": ("order-status",), "source": ("sales-channel",), "title": ("product-name",), "sku": ("sku",),
    "item_status": ("item-status",), "quantity": ("quantity",), "currency": ("currency",), "price": ("item-price",),
    "tax": ("item-tax",), "shipping": ("shipping-price",), "shipping_tax": ("shipping-tax",),
    "discount": ("item-promotion-discount",), "shipping_discount": ("ship-promotion-discount",),
    "country": ("ship-country",),
}  # fmt: skip
NUMBER = r"[A-Z0-9]{3}-[0-9]{7}-[0-9]{7}"
NEEDED = frozenset({"order_id", "created", "status", "quantity", "currency", "price"})
ADDED = ("price", "tax", "shipping", "shipping_tax", "discount", "shipping_discount")
OPEN_TAX = "what orders with tax cost in all is left open: Amazon does not say whether its prices hold the tax"


def parse_orders(sheet: Sheet, context: Context) -> Parsed:
    """Return orders and their lines; the price of a line is that of its pieces together, divided by their number."""
    cells = sheet.cells
    order = cells.identifier("order_id", shape=NUMBER)
    created = cells.iso_time("created", "UTC")
    cells.reject("created", cells.raw("created").isna(), "an order without a time")
    off = cells.raw("status").str.casefold().str.startswith("cancel").fillna(value=False).astype(bool)
    currency, quantity = cells.raw("currency"), cells.count("quantity")
    amounts = {name: cells.number(name) for name in ADDED}
    cells.reject("currency", currency.isna() & amounts["price"].notna(), "an amount without a currency")
    pending = currency.isna() & ~off  # Amazon prints no amount before it has been paid
    cells.reject("price", pending, "not paid yet: the report says no amount. Export it again later")
    reject_repeats(cells, "order_id")
    reject_broken_orders(cells, order, "order_id", NUMBER)
    known = {
        name: values.fillna(0) if cells.has(name) and name != "price" else values for name, values in amounts.items()
    }
    summed = {name: sum_of(values, order) for name, values in known.items()}
    taxes = summed["tax"] + summed["shipping_tax"]
    discount = summed["discount"] + summed["shipping_discount"]
    total = summed["price"] + summed["shipping"] - discount
    cancelled = cells.iso_time("updated", "UTC").fillna(created).where(off)
    orders = accepted(sheet, {
        "order_id": order, "order_name": order, "created_timestamp": first_of(created, order),
        "currency": first_of(currency, order).fillna(_only(currency)), "subtotal": summed["price"],
        "discount_amount": discount, "shipping": summed["shipping"], "taxes": taxes, "total": total.where(taxes == 0),
        "fulfillment_status": cells.raw("status"), "cancelled_at": cancelled, "source": cells.raw("source"),
        "country": country_codes(cells.code("country")),
    }, drop=order.duplicated())  # fmt: skip
    lines = accepted(sheet, {
        "order_id": order, "line_no": (order.groupby(order).cumcount() + 1).astype("Int64"), "sku": cells.code("sku"),
        "title": cells.text("title"), "quantity": quantity,
        "price": (amounts["price"] / quantity.astype("Float64").where(quantity > 0)), "discount": amounts["discount"],
    })  # fmt: skip
    said = [OPEN_TAX] if bool((taxes > 0).fillna(value=False).any()) else []
    return Parsed({"orders": orders, "order_lines": lines}, cells.rejects, sheet.rows_in, context.exported_at(), said)


def _only(currency: pd.Series) -> str | None:
    """Return the one currency of the file, in which a cancelled order without amounts would have been; None if several."""
    found = currency.dropna().unique()
    return str(found[0]) if len(found) == 1 else None


SOURCES = (Source("amazon", "orders", (), ORDERS, NEEDED, parse_orders),)
