"""What is sold and spent beside single orders: subscriptions, offers, settlements with partners, budget lines."""

from __future__ import annotations

from fanops_utils.data.columns import count, day, moment, number, share, text
from fanops_utils.data.table import define

MARKET = {"market": text("market code")}

TABLES = (
    define("subscriptions", "one row per subscription and term: a trial, then one paid term after the other",
           "subscription_id term", {
        "subscription_id": text("id of the subscription", required=True),
        "term": count("0 = trial, 1 = first paid term, 2 = first renewal, …"),
        "customer_key": text("pseudonym of the subscriber, as in orders", required=True), **MARKET,
        "plan": text("plan or tier: basic, advanced, vip, monthly, yearly, … as the shop names it"),
        "source": text("channel the subscriber came through"),
        "started_at": moment("begin of the term", required=True),
        "due_at": moment("end of the term: the day it is paid, renewed or over"),
        "cancelled_at": moment("time of cancelling; null where it was not"),
        "price": number("charged for the term; 0 for a free trial"), "currency": text("ISO 4217"),
    }, local=("started_at", "market")),
    define("offers", "one row per offer and person, those held out included", "offer person_key", {
        "offer": text("id of the coupon, win-back message or sale", required=True),
        "person_key": text("pseudonym of the person, as in orders or fans", required=True), **MARKET,
        "kind": text("coupon, win_back, sale, … as the team names it"),
        "arm": text("sent, or holdout where who was left out was drawn by lot", required=True,
                    choices=("sent", "holdout")),
        "segment": text("segment it was meant for"),
        "offered_at": moment("time of sending, or of the draw for those held out", required=True),
        "expires_at": moment("last moment it can be used"),
        "redeemed_at": moment("time of use; null where it was not used"),
        "order_id": text("order it was used in"), "code": text("discount code"),
        "discount": number("discount given"), "cost": number("what the message and the gift cost"),
        "currency": text("ISO 4217"),
    }, local=("offered_at", "market")),
    define("settlements", "one row per partner and period settled", "partner_key period_start basis", {
        "partner_key": text("pseudonym of the partner, as in partners", required=True), **MARKET,
        "period_start": day("first day settled", required=True), "period_end": day("last day settled"),
        "basis": text("cps for a share of sales, cpa per sign-up or order, fee", required=True,
                      choices=("cps", "cpa", "fee")),
        "code": text("discount or tracking code"),
        "orders": count("orders the partner reports"), "revenue": number("revenue the partner reports"),
        "rate": share("share of sales agreed"), "per_order": number("amount agreed per sign-up or order"),
        "paid": number("amount paid"), "clawed_back": number("amount taken back for returned orders"),
        "currency": text("ISO 4217"), "paid_at": moment("time of payment"),
    }),
    define("budget_lines", "one row per budget line and period: planned and spent", "line period_start", {
        "line": text("id of the line", required=True),
        "period_start": day("first day of the period", required=True), "period_end": day("last day of the period"),
        "category": text("content, people, tools, reserve, … as targets name it"), "function": text("team or function"),
        **MARKET, "campaign": text("id of the campaign's register"),
        "planned": number("amount planned"), "approved": number("amount approved"),
        "spent": number("amount spent; null where the period has not been booked"),
        "currency": text("ISO 4217", required=True), "approved_at": moment("time of approval"),
    }),
)  # fmt: skip
