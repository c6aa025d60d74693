"""Shopify orders: one row per line item, order cells on the first row only; names and addresses are not read."""

from __future__ import annotations

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.sources.base import Aliases, Context, Parsed, Sheet, Source, accepted, whose

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
    whose(context, PLATFORM)
    exported = context.exported_at()
    cells.frame = cells.frame.apply(lambda column: column.str.removeprefix("'"))  # Shopify guards text cells so
    cells.refuse_e_notation("order_id")
    name = cells.required("order_name")
    first = ~name.duplicated() | (cells.raw("total").notna() if cells.has("total") else False)
    first &= ~name.where(first).duplicated()
    created = cells.iso_time("created", "UTC").groupby(name).transform("first")
    order_id = cells.raw("order_id").groupby(name).transform("first").fillna(name)
    cells.reject("created", first & created.isna() & name.notna(), "an order without a time")
    amounts = {column: cells.number(column) for column in MONEY}
    people = Pseudonyms.of(context.workspace)
    country = cells.raw("country").fillna(cells.raw("billing_country"))
    line_no = (name.groupby(name).cumcount() + 1).astype("Int64")
    lines = accepted(sheet, {
        "order_id": order_id, "line_no": line_no, "sku": cells.raw("sku"), "title": cells.text("title"),
        "quantity": cells.count("quantity"), "price": cells.number("price"), "discount": cells.number("discount"),
    })  # fmt: skip
    orders = accepted(sheet, {
        "order_id": order_id, "order_name": name, "created_timestamp": created,
        "customer_key": people.keys(cells.raw("email").str.casefold()), "currency": cells.raw("currency"), **amounts,
        "discount_code": cells.raw("discount_code"), "financial_status": cells.raw("financial_status"),
        "fulfillment_status": cells.raw("fulfillment_status"), "cancelled_at": cells.iso_time("cancelled", "UTC"),
        "source": cells.raw("source"), "country": country,
    }, drop=~first)  # fmt: skip
    lines = lines[lines["order_id"].isin(orders["order_id"])]
    return Parsed({"orders": orders, "order_lines": lines}, cells.rejects, sheet.rows_in, exported)


SOURCES = (
    Source("shopify", "orders", PLATFORM, ORDERS,
           frozenset({"order_name", "created", "currency", "total", "quantity", "title"}), parse_orders),
)  # fmt: skip
