"""TikTok Shop: the seller's export of orders, one row per article; under the header may stand a row that explains it.

Headers as readers and test data in public repositories list them ("Order ID, Order Status, Order Substatus, …, 54 to 65
columns"); ids and times may end in a tab, amounts begin with their currency. Times are those of the shop, day first in some
countries: the file decides, or is refused. Recipients, addresses, phones and messages are not read; the buyer's name on
TikTok becomes a pseudonym.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.countries import country_codes
from fanops_utils.data.sources.shared.numbers import Numbers
from fanops_utils.data.sources.shared.owners import whose
from fanops_utils.data.sources.shared.resaved import printed_time
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.web.order_rows import first_of, reject_broken_orders, reject_repeats, sum_of
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace import Market

PLATFORM = ("tiktok",)
ORDERS: Aliases = {
    "order_id": ("Order ID",), "status": ("Order Status",), "substatus": ("Order Substatus",), "sku_id": ("SKU ID",),
    "sku": ("Seller SKU",), "title": ("Product Name",), "quantity": ("Quantity",),
    "price": ("SKU Unit Original Price",), "before": ("SKU Subtotal Before Discount",),
    "platform_discount": ("SKU Platform Discount",), "seller_discount": ("SKU Seller Discount",),
    "after": ("SKU Subtotal After Discount",), "shipping": ("Shipping Fee After Discount",), "taxes": ("Taxes",),
    "total": ("Order Amount",), "refunded_amount": ("Order Refund Amount",), "created": ("Created Time",),
    "paid": ("Paid Time",), "cancelled": ("Cancelled Time",), "buyer": ("Buyer Username",), "country": ("Country",),
}  # fmt: skip
NUMBER = r"[0-9]{15,20}"
NEEDED = frozenset({"order_id", "status", "sku_id", "quantity", "after", "total", "created"})
AMOUNTS = ("price", "platform_discount", "seller_discount", "after", "shipping", "taxes", "total", "refunded_amount")
DISCOUNTS = ("platform_discount", "seller_discount")
TIMES = ("created", "paid", "cancelled")
AMOUNT = r"^([A-Z]{3})?[ \u00a0]*([-+0-9].*)$"
EXPLAINED = "platform unique order id"


def parse_orders(sheet: Sheet, context: Context) -> Parsed:
    """Return orders and their lines; what an order costs stands on each of its rows and counts once."""
    first = sheet.cells.raw("order_id").str.casefold()
    sheet = sheet.only(~first.str.startswith(EXPLAINED).fillna(value=False))
    market = _market(context)
    cells, currency, said = _amounts(sheet.cells, market, context)
    sheet = replace(sheet, cells=cells)
    cells.numbers.money |= dict.fromkeys(AMOUNTS, 2)
    order = cells.identifier("order_id", shape=NUMBER)
    times, about = _times(sheet, context, market)
    cells.reject("created", cells.raw("created").isna(), "an order without a time")
    amounts = {name: cells.number(name) for name in AMOUNTS}
    quantity = cells.count("quantity")
    for name in ("created", "total"):
        several = cells.raw(name).groupby(order).transform("nunique") > 1
        cells.reject("order_id", several, f"rows of this order differ in '{cells.names[name]}'")
    reject_repeats(cells, "order_id")
    reject_broken_orders(cells, order, "order_id", NUMBER)
    discounts = [amounts[name].fillna(0) if cells.has(name) else amounts[name] for name in DISCOUNTS]
    discount = discounts[0] + discounts[1]
    buyer = Pseudonyms.of(context.workspace).keys(cells.raw("buyer").str.casefold())
    orders = accepted(sheet, {
        "order_id": order, "order_name": order, "created_timestamp": times["created"], "customer_key": buyer,
        "currency": currency, "subtotal": sum_of(amounts["after"], order),
        "discount_amount": sum_of(discount, order), "shipping": first_of(amounts["shipping"], order),
        "taxes": first_of(amounts["taxes"], order), "total": first_of(amounts["total"], order),
        "refunded_amount": first_of(amounts["refunded_amount"], order),
        "financial_status": pd.Series("paid", index=order.index, dtype="string").where(times["paid"].notna()),
        "fulfillment_status": cells.raw("status"), "cancelled_at": times["cancelled"], "source": "TikTok Shop",
        "country": country_codes(cells.code("country")).fillna(market.code if market else None),
    }, drop=order.duplicated())  # fmt: skip
    lines = accepted(sheet, {
        "order_id": order, "line_no": (order.groupby(order).cumcount() + 1).astype("Int64"),
        "sku": cells.code("sku").fillna(cells.raw("sku_id")), "title": cells.text("title"), "quantity": quantity,
        "price": amounts["price"], "discount": discount,
    })  # fmt: skip
    rejects = [replace(reject, value="") for reject in cells.rejects]  # a cell out of place may be a name or a phone
    return Parsed({"orders": orders, "order_lines": lines}, rejects, sheet.rows_in, context.exported_at(),
                  [*said, *about])  # fmt: skip


def _market(context: Context) -> Market | None:
    account = whose(context, PLATFORM)
    return next((one for one in context.brand.markets if one.code == account.market), None)


def _amounts(cells: Cells, market: Market | None, context: Context) -> tuple[Cells, pd.Series, list[str]]:
    """Return the cells with bare amounts, the currency of each row, and what was assumed of it."""
    frame, currency = cells.frame.copy(), pd.Series(pd.NA, index=cells.frame.index, dtype="string")
    for name in AMOUNTS:
        if cells.has(name):
            parts = cells.raw(name).str.extract(AMOUNT)
            frame[name] = parts[1].astype("string").fillna(cells.raw(name))
            currency = currency.fillna(parts[0].astype("string"))
    # beside their currency amounts are text, also in a workbook
    typed = cells.numbers.typed and bool(currency.isna().all())
    bare = Cells(frame, cells.names, cells.rejects, Numbers(frame, cells.names, typed=typed))
    if currency.notna().all():
        return bare, currency, []
    if market is None:
        hint = "Give the TikTok account its market in brand.yml"
        raise ImportRefused("the file does not say its currency", file=context.export.label, hint=hint)
    said = f"the file does not say its currency: {market.currency} is taken, that of market {market.code}"
    return bare, currency.fillna(market.currency), [said]


def _times(sheet: Sheet, context: Context, market: Market | None) -> tuple[dict[str, pd.Series], list[str]]:
    """Return times in UTC. Which of day and month comes first is decided once, by all times of the file together."""
    zone = market.time_zone if market else "UTC"
    joined = pd.concat([sheet.cells.raw(name) for name in TIMES], keys=TIMES)
    flat = joined.reset_index(drop=True)
    grid = replace(sheet.grid, delimiter=";")  # the comma proves nothing here: some shops write the day first
    whole = replace(sheet, cells=Cells(pd.DataFrame({"time": flat}), {"time": "Created Time"}), grid=grid)
    if joined.str.contains(r"[AP]M\s*$", case=False, regex=True).fillna(value=False).any():
        whole = replace(whole, grid=replace(grid, delimiter=","))  # with halves of the day the month comes first
    found, _ = printed_time(whole, "time", context, zone=zone)
    found = found.set_axis(joined.index)
    times = {name: found.xs(name) for name in TIMES}
    for name in TIMES:
        unread = sheet.cells.raw(name).notna() & times[name].isna()
        sheet.cells.reject(name, unread, "not a date and time like 06/10/2026 07:00:00")
    return times, [f"the file does not say on whose clock its times are: read as those of {zone}"]


SOURCES = (Source("tiktok_shop", "orders", PLATFORM, ORDERS, NEEDED, parse_orders),)
