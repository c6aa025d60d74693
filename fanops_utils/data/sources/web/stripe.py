"""Stripe: one row per payment, as the dashboard's export names its columns.

Headers as readers of the export in public repositories list them from 2014 on ("Created (UTC)", before that "Created"). Names,
addresses, cards and descriptions are not read; the buyer's e-mail becomes a pseudonym, the same as a shop's.
"""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.sheet import Aliases
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.data.sources.shared.spelled import Report

PAYMENTS: Aliases = {
    "order_id": ("id",), "created_timestamp": ("Created (UTC)", "Created date (UTC)", "Created"), "total": ("Amount",),
    "refunded_amount": ("Amount Refunded",), "currency": ("Currency",), "financial_status": ("Status",),
    "customer_key": ("Customer Email",), "country": ("Card Address Country",),
}  # fmt: skip
UNPAID = ("failed", "canceled", "cancelled", "incomplete", "blocked", "expired", "uncaptured", "requires")
COLUMNS = ("order_id", "created_timestamp", "customer_key", "currency", "subtotal", "total", "refunded_amount",
           "financial_status", "source")  # fmt: skip


def _currency(cells: Cells, _context: Context) -> pd.Series:
    printed = cells.required("currency").str.upper()
    cells.reject("currency", printed.notna() & ~printed.str.fullmatch("[A-Z]{3}"), "not a currency like EUR")
    return printed


def _status(cells: Cells, _context: Context) -> pd.Series:
    """Return the state of each payment; one that was not made is no order."""
    found = cells.raw("financial_status").str.casefold()
    cells.reject("financial_status", found.str.startswith(UNPAID), "a payment that was not made: no order")
    return found


SOURCES = (
    Report(
        "stripe", "payments", PAYMENTS,
        frozenset({"order_id", "created_timestamp", "total", "refunded_amount", "currency", "financial_status"}),
        {"orders": COLUMNS}, constants={"source": "Stripe"}, personal=True,
        derived={"currency": _currency, "financial_status": _status, "subtotal": lambda cells, _: cells.number("total")},
        said=("payments are read as orders: where a shop's own export holds the same sales, import only one of the two",
              "what was paid stands as subtotal too: Stripe does not tell taxes and shipping apart"),
    ).as_source(),
)  # fmt: skip
