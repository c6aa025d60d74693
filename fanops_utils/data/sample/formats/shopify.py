"""The order export of the shop: 79 columns, one row per line, order cells on the first row only."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.people.shop import Sales
from fanops_utils.data.sample.texts import PLACES
from fanops_utils.workspace import Account, Workspace

SHOP_ZONE = "Europe/Berlin"
FIRST_ID = 5_550_000_000_001
COLUMNS = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing",
    "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method",
    "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price", "Lineitem sku",
    "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status", "Billing Name", "Billing Street",
    "Billing Address1", "Billing Address2", "Billing Company", "Billing City", "Billing Zip", "Billing Province",
    "Billing Country", "Billing Phone", "Shipping Name", "Shipping Street", "Shipping Address1", "Shipping Address2",
    "Shipping Company", "Shipping City", "Shipping Zip", "Shipping Province", "Shipping Country", "Shipping Phone",
    "Notes", "Note Attributes", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor",
    "Outstanding Balance", "Employee", "Location", "Device ID", "Id", "Tags", "Risk Level", "Source",
    "Lineitem discount", "Tax 1 Name", "Tax 1 Value", "Tax 2 Name", "Tax 2 Value", "Tax 3 Name", "Tax 3 Value",
    "Tax 4 Name", "Tax 4 Value", "Tax 5 Name", "Tax 5 Value", "Phone", "Receipt Number", "Duties",
    "Billing Province Name", "Shipping Province Name", "Payment ID", "Payment Terms Name", "Next Payment Due At",
    "Payment References",
)  # fmt: skip


def shopify_files(workspace: Workspace, account: Account, sales: Sales) -> list[RawFile]:
    """Return the shop's order export; names, addresses, e-mails and phones in it are invented."""
    orders, lines = sales.orders, sales.lines
    first = ~lines["number"].duplicated().to_numpy()
    table = pd.DataFrame("", index=lines.index, columns=COLUMNS, dtype=object)
    for name, cells in order_cells(orders).items():
        table.loc[first, name] = np.asarray(cells, dtype=object)
    for name, cells in line_cells(lines, workspace.brand.name).items():
        table[name] = np.asarray(cells, dtype=object)
    return [raw_file(f"shopify/{account.handle}/orders_export_1.csv", "shopify_orders", table, plain_csv)]


def email_of(customers: pd.Series) -> pd.Series:
    """Return the invented e-mail addresses of *customers*."""
    return "fan" + customers.astype(str) + "@example.com"


def line_cells(lines: pd.DataFrame, vendor: str) -> dict[str, object]:
    """Return the cells that every row carries."""
    return {
        "Name": "#" + lines["number"].astype(str),
        "Lineitem quantity": lines["quantity"].astype(str),
        "Lineitem name": lines["title"],
        "Lineitem price": amounts(lines["price"], lines["currency"]),
        "Lineitem sku": lines["sku"],
        "Lineitem requires shipping": "true",
        "Lineitem taxable": "true",
        "Lineitem discount": "0.00",
        "Vendor": vendor,
    }


def order_cells(orders: pd.DataFrame) -> dict[str, object]:
    """Return the cells of the order itself, one per order."""
    void, customer = orders["state"].eq("voided"), orders["customer"].astype(str)
    paid = orders["created"] + pd.to_timedelta(orders["minutes_to_pay"], unit="min")
    sent = orders["created"] + pd.to_timedelta(orders["hours_to_ship"], unit="h")
    money = {
        name: amounts(orders[column], orders["currency"])
        for name, column in {
            "Subtotal": "subtotal", "Shipping": "shipping", "Taxes": "taxes", "Total": "total",
            "Discount Amount": "discount", "Refunded Amount": "refunded",
        }.items()
    }  # fmt: skip
    return {
        "Email": email_of(orders["customer"]),
        "Financial Status": orders["state"],
        "Paid at": shop_time(paid).mask(void, ""),
        "Fulfillment Status": np.where(void, "unfulfilled", "fulfilled"),
        "Fulfilled at": shop_time(sent).mask(void, ""),
        "Accepts Marketing": np.where(orders["accepts"], "yes", "no"),
        "Currency": orders["currency"],
        **money,
        "Discount Code": orders["discount_code"],
        "Shipping Method": "Standard",
        "Created at": shop_time(orders["created"]),
        **address_cells("Billing", orders["country"], customer),
        **address_cells("Shipping", orders["country"], customer),
        "Cancelled at": shop_time(sent).where(void, ""),
        "Payment Method": "Shopify Payments",
        "Outstanding Balance": "0.00",
        "Id": (FIRST_ID + np.arange(len(orders))).astype(str),
        "Risk Level": "Low",
        "Source": orders["source"],
    }


def address_cells(kind: str, country: pd.Series, customer: pd.Series) -> dict[str, object]:
    """Return an invented address; zip and phone start with the apostrophe the shop puts there."""
    known = country.where(country.isin(list(PLACES)), "US").map(PLACES)
    street = customer + " Sample Street"
    return {
        f"{kind} Name": "Fan " + customer,
        f"{kind} Street": street,
        f"{kind} Address1": street,
        f"{kind} City": known.map(lambda place: place.cities[0].split(",")[0]),
        f"{kind} Zip": "'" + known.map(lambda place: place.zip_code),
        f"{kind} Country": country,
        f"{kind} Phone": "'" + known.map(lambda place: place.phone),
    }


def amounts(values: pd.Series, currency: pd.Series) -> list[str]:
    """Return money as text: two decimals, none for yen.

    >>> amounts(pd.Series([12.5, 2400.0]), pd.Series(["EUR", "JPY"]))
    ['12.50', '2400']
    """
    return [f"{value:.{0 if code == 'JPY' else 2}f}" for value, code in zip(values, currency, strict=True)]


def shop_time(times: pd.Series) -> pd.Series:
    """Return UTC *times* on the shop's clock with its offset, `2026-05-01 10:00:00 +0200`."""
    return times.dt.tz_convert(SHOP_ZONE).dt.strftime("%Y-%m-%d %H:%M:%S %z")
