"""The same facts in every convention a spreadsheet may leave: read back equal, or set aside, or refused; never others."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from export_brand import EVERYWHERE
from export_reading import Result, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fanops_utils.errors import ImportRefused

FEW = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
CONVENTIONS = st.tuples(
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["", ".", ",", "'", "\u202f"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.booleans(),
).filter(lambda one: one[1] != one[2])
WHOLE = st.integers(0, 3_000_000)
AMOUNT = st.integers(0, 500_000_000).map(lambda cents: cents / 100)


def number(value: float, decimal: str, group: str, *, places: int = 0) -> str:
    """Write *value* by the marks of a convention."""
    whole, _, part = f"{value:,.{places}f}".partition(".")
    return whole.replace(",", group) + (decimal + part if part else "")


def table(rows: list[list[str]], convention: tuple[str, str, str, str, int, bool], total: list[str]) -> bytes:
    delimiter, _, _, encoding, quoting, with_total = convention
    out = io.StringIO()
    lines = [*rows, total] if with_total else rows
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(lines)  # type: ignore[arg-type]
    return out.getvalue().encode(encoding)


def read_or_refused(data: bytes) -> Result | None:
    try:
        return read(data, brand=EVERYWHERE)
    except ImportRefused:
        return None


@FEW
@given(st.lists(st.tuples(AMOUNT, WHOLE, WHOLE), min_size=1, max_size=5), CONVENTIONS)
def test_advertising(facts: list[tuple[float, int, int]], convention: tuple[str, str, str, str, int, bool]) -> None:
    _, decimal, group, *_ = convention
    rows = [["Day", "Campaign", "Currency code", "Cost", "Impr.", "Clicks"]]
    days = [date(2026, 9, 1) + timedelta(days=place) for place in range(len(facts))]
    for day, (cost, shown, clicked) in zip(days, facts, strict=True):
        amounts = [
            number(cost, decimal, group, places=2),
            number(shown, decimal, group),
            number(clicked, decimal, group),
        ]
        rows.append([day.isoformat(), "Spring", "USD", *amounts])
    result = read_or_refused(table(rows, convention, ["Total: Account", "--", "--", "1", "1", "1"]))
    true = dict(zip(days, facts, strict=True))
    for row in result.table("ads_daily").to_dict("records") if result else []:
        assert (row["spend"], row["impressions"], row["clicks"]) == true[row["date_day"].date()]


@FEW
@given(st.lists(st.tuples(st.integers(10**17, 10**18 - 1), AMOUNT, WHOLE), min_size=1, max_size=5, unique_by=lambda one: one[0]),
       st.sampled_from(["plain", "formula", "apostrophe", "point", "notation"]), CONVENTIONS)  # fmt: skip
def test_orders(
    facts: list[tuple[int, float, int]], shape: str, convention: tuple[str, str, str, str, int, bool]
) -> None:
    _, decimal, group, *_ = convention
    rows = [
        [
            "Order ID",
            "Order Status",
            "SKU ID",
            "Quantity",
            "SKU Subtotal After Discount",
            "Order Amount",
            "Created Time",
        ]
    ]
    for number_, amount, pieces in facts:
        written = {"plain": f"{number_}\t", "formula": f'="{number_}"', "apostrophe": f"'{number_}",
                   "point": f"{number_}.0", "notation": f"{number_:.5E}"}[shape]  # fmt: skip
        cost = number(amount, decimal, group, places=2)
        rows.append([written, "Completed", "1", number(pieces, decimal, group), cost, cost, "23/10/2026 07:00:00"])
    result = read_or_refused(table(rows, convention, ["Total", "", "", "1", "1", "1", ""]))
    true = {str(one): (amount, amount) for one, amount, _ in facts}
    for row in result.table("orders").to_dict("records") if result else []:
        assert (row["total"], row["subtotal"]) == true[row["order_id"]]


@FEW
@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=5), CONVENTIONS)
def test_days(facts: list[tuple[int, int]], convention: tuple[str, str, str, str, int, bool]) -> None:
    _, decimal, group, *_ = convention
    rows = [["Date", "Average Viewers", "Follows", "Minutes Watched", "Live Views"]]
    days = [date(2026, 8, 23) + timedelta(days=place) for place in range(len(facts))]
    for day, (follows, minutes) in zip(days, facts, strict=True):
        average = number(12.5, decimal, group, places=1)
        rows.append(
            [f"{day:%a %b %d %Y}", average, number(follows, decimal, group), number(minutes, decimal, group), "7"]
        )
    result = read_or_refused(table(rows, convention, ["Total", "1", "1", "1", "1"]))
    true = dict(zip(days, facts, strict=True))
    for row in result.table("account_daily").to_dict("records") if result else []:
        assert (row["followers_gained"], row["watch_time_seconds"] / 60) == true[row["date_day"].date()]
