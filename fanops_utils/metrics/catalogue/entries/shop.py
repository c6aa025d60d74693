"""Orders: how many, how much, by whom, and what part of them came through social."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.data.warehouse.engine import small_letters
from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.entries.people import days_asked, trailing_distinct
from fanops_utils.metrics.catalogue.entries.retained import last_day
from fanops_utils.metrics.catalogue.estimates import LAST, RATIO, SHARE, TOTAL
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.moments import ratios, shares, totals
from fanops_utils.text import Message, term
from fanops_utils.workspace.platforms import PLATFORMS

if TYPE_CHECKING:
    import ibis

BY = ["date_day", "market"]
AGAIN_DAYS, MONTH = 90, 28


def sold(asked: Asked) -> ibis.Table:
    """Return the orders that were not cancelled, of all days."""
    rows = asked.rows("orders")
    return rows.filter(rows.cancelled_at.isnull())


def _orders(asked: Asked) -> pd.DataFrame:
    return totals(asked.within(sold(asked)), by=BY)


def _revenue(asked: Asked) -> pd.DataFrame:
    rows = asked.within(sold(asked))
    return totals(rows, rows.subtotal, by=[*BY, "currency"])


def _value(asked: Asked) -> pd.DataFrame:
    rows = asked.within(sold(asked))
    return ratios(rows, rows.subtotal, by=[*BY, "currency"])


def _refunded(asked: Asked) -> pd.DataFrame:
    rows = asked.within(sold(asked))
    return ratios(rows, rows.refunded_amount, rows.total, by=[*BY, "currency"])


def _share(hit: Callable[[Asked, ibis.Table], Any], *, cancelled: bool = False) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        rows = asked.within(asked.rows("orders") if cancelled else sold(asked))
        return shares(rows, hit(asked, rows), by=BY)

    return pieces


def _under_code(asked: Asked, rows: ibis.Table) -> Any:
    """Return whether an order carries a code of a campaign's register or of a partner's delivery."""
    partners = asked.store.table("partners")
    given = partners.filter(partners.code.notnull()).select("code").distinct().to_pandas()["code"]
    codes = {small_letters(code) for one in asked.store.workspace.campaigns.values() for code in one.codes}
    codes |= {small_letters(str(code)) for code in given}
    return rows.discount_code.fill_null("").lower().isin(sorted(codes) or ["\x00"])


def _on_platform(_asked: Asked, rows: ibis.Table) -> Any:
    social = [name for name, one in PLATFORMS.items() if one.posts]
    return rows.source.fill_null("").lower().isin(social)


def _buyers(asked: Asked) -> pd.DataFrame:
    known = sold(asked).filter(lambda t: t.customer_key.notnull())
    covered = asked.covered("orders", BY[1:])
    found = trailing_distinct(known, person=["customer_key"], by=BY[1:], days=MONTH, covered=covered)
    return days_asked(found.assign(n=found["value"]), asked)


def _per_customer(asked: Asked) -> pd.DataFrame:
    rows = asked.within(sold(asked))
    rows = rows.filter(rows.customer_key.notnull()).mutate(period=asked.period_of(rows.date_day))
    each = rows.group_by(["period", "market", "customer_key"]).agg(orders=rows.count())
    each = each.rename(date_day="period")
    return ratios(each, each.orders, by=BY)


def _firsts(rows: ibis.Table) -> ibis.Table:
    """Return per customer the day and market of the first order."""
    import ibis

    rows = rows.filter(rows.customer_key.notnull())
    own = ibis.window(group_by="customer_key", order_by=["date_day", "order_id"])
    ranked = rows.mutate(place=ibis.row_number().over(own))
    return ranked.filter(ranked.place == 0).select("customer_key", "market", "date_day")


def _again(asked: Asked) -> pd.DataFrame:
    """Return who, having ordered first on a day, ordered again on a later one within 90 days; young ones left out."""
    import ibis

    until = last_day(asked, "orders")
    every = sold(asked.everywhere())
    first = _firsts(every)
    if until is None:
        return shares(first.filter(False), first.customer_key.notnull(), by=BY)
    later = every.select("customer_key", then="date_day")
    both = first.inner_join(later, "customer_key")
    span = ibis.interval(days=AGAIN_DAYS)
    both = both.filter(both.then > both.date_day, both.then <= both.date_day + span)
    again = both.select("customer_key").distinct().mutate(again=True)
    mature = asked.within(first.filter(first.date_day + span <= ibis.literal(until)))
    mature = mature.filter(mature.market == asked.market) if asked.market else mature
    joined = mature.left_join(again, "customer_key")
    return shares(joined, joined.again.fill_null(False), by=BY)


def _returning(asked: Asked) -> pd.DataFrame:
    first = _firsts(sold(asked.everywhere())).select("customer_key", first="date_day")
    rows = asked.within(sold(asked)).inner_join(first, "customer_key")
    return shares(rows, rows.date_day > rows.first, by=BY)


def _of_orders(
    metric_id: str, texts: tuple[Message, Message, Message], hit: Callable[[Asked, Any], Any], *sources: str, **more: Any
) -> Metric:  # fmt: skip
    name, about, counted = texts
    return Metric(metric_id, "shop", name, about, counted, SHARE, words.SHARE, tuple(f"orders.{one}" for one in sources),
    _share(hit),
                  per=words.ORDERS, by=(), **more)  # fmt: skip


METRICS = (
    Metric("orders", "shop", term("Orders", "metric"), term("Orders that were not cancelled, by the country they go to",
           "metric"), words.ORDERS,
           TOTAL, words.COUNT, ("orders.order_id",), _orders, gaps="zero", by=(), aliases=("sales",)),
    Metric("revenue", "shop", term("Revenue", "metric"),
           term("What orders are worth before shipping and taxes, in the currency they were paid in; refunds are not taken "
                "off", "metric"), words.REVENUE, TOTAL, words.MONEY, ("orders.subtotal",), _revenue, gaps="zero",
                by=("currency",)),
    Metric("average_order_value", "shop", term("Average order value", "metric"),
           term("What an order is worth in the mean", "metric"),
           words.REVENUE, RATIO, words.MONEY, ("orders.subtotal",), _value, per=words.ORDERS, by=("currency",),
           aliases=("aov",)),
    Metric("orders_per_customer", "shop", term("Orders per customer", "metric"),
           term("How many orders a customer places in the period; the longer the period, the more", "metric"), words.ORDERS,
           RATIO, words.NUMBER, ("orders.customer_key",), _per_customer, per=term("customers with an order in the period",
           "counted"),
           grain="month", by=()),
    Metric("buyers", "shop", term("Buyers", "metric"),
           term("Distinct customers with an order in the 28 days up to the day", "metric"),
           term("customers with an order", "counted"), LAST, words.COUNT, ("orders.customer_key",), _buyers, window=MONTH,
           by=()),
    Metric("repurchase_rate_90d", "shop", term("Repurchase rate within 90 days", "metric"),
           term("What part of the customers whose first order was that day ordered again on a later one, within 90 days; those "
                "who have not had them are left out", "metric"), term("customers who ordered again within 90 days",
                "counted"), SHARE,
           words.SHARE, ("orders.customer_key",), _again, per=term("customers whose first order was 90 days ago or more",
           "counted"),
           window=AGAIN_DAYS + 1, by=(), aliases=("repurchase rate", "repurchase")),
    Metric("returning_order_share", "shop", term("Orders of returning customers", "metric"),
           term("What part of the orders comes from customers who had ordered on an earlier day", "metric"),
           term("orders of customers who had ordered before", "counted"), SHARE, words.SHARE, ("orders.customer_key",),
           _returning,
           per=term("orders whose customer is known", "counted"), by=()),
    _of_orders("discount_order_share", (
        term("Orders with a discount code", "metric"), term("What part of the orders used a code of any kind", "metric"),
        term("orders with a discount code", "counted")), lambda _asked, rows: rows.discount_code.fill_null("") != "",
        "discount_code", direction="neither"),
    _of_orders("social_sales_share_code", (
        term("Social share of sales, by code", "metric"),
        term("What part of the orders used a code of a campaign or a partner. They passed by social: not the same as caused "
             "by it", "metric"), term("orders with a code of a campaign or partner", "counted")), _under_code,
             "discount_code",
        aliases=("social share of sales", "social share of orders")),
    _of_orders("social_sales_share_channel", (
        term("Social share of sales, by channel", "metric"),
        term("What part of the orders was placed in the shop of a social platform itself", "metric"),
        term("orders placed on a social platform", "counted")), _on_platform, "source"),
    Metric("cancellation_rate", "shop", term("Cancellation rate", "metric"), term("What part of all orders was cancelled",
           "metric"),
           term("cancelled orders", "counted"), SHARE, words.SHARE, ("orders.cancelled_at",),
           _share(lambda _asked, rows: rows.cancelled_at.notnull(), cancelled=True), per=term("all orders", "counted"),
               direction="down", by=()),
    Metric("refunded_share", "shop", term("Refunded share of sales", "metric"),
           term("What part of the money charged was paid back", "metric"),
           term("money paid back", "counted"), RATIO, words.SHARE, ("orders.refunded_amount", "orders.total"), _refunded,
           per=term("money charged", "counted"), direction="down", by=("currency",)),
)  # fmt: skip
