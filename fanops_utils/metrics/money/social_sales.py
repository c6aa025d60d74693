"""What part of the sales social brings, by several rules side by side: they see the same orders and are never added up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.warehouse.engine import small_letters
from fanops_utils.metrics.columns import numbers
from fanops_utils.metrics.folds.orders import buyers, buyers_by_code, orders_of_kind
from fanops_utils.metrics.intervals import Interval, interval_frame, ratio_of_sums, wilson
from fanops_utils.metrics.money.attribution import survey_share

if TYPE_CHECKING:
    import ibis

RULES = ("channel", "link", "code", "survey", "member", "referral")
COLUMNS = ["rule", "estimate", "ci_lower", "ci_upper", "n"]


def social_rules(
    orders: pd.DataFrame | ibis.Table, *, networks: Collection[str], codes: Collection[str] = (),
    members: Mapping[str, str] | None = None, web: pd.DataFrame | None = None,
    answers: pd.DataFrame | None = None, question: str = "heard_of_us", choices: Collection[str] = ("social",),
) -> pd.DataFrame:  # fmt: skip
    """Return the share of orders that each rule gives to social: rule, estimate, ci_lower, ci_upper, n.

    *orders*: customer_key, source, discount_code; *networks*: names of social channels; *codes* of partners and
    offers of the community; *members*: how a buyer who is a member came, by customer_key; *web*: channel_group, key_events
    of the same days; *answers*: question, choice. channel: placed in a network's shop; link: conversions the site counts
    from social, of all it counts; code: under one of *codes*; survey: buyers who name social; member: by a member;
    referral: by a member who was invited. Intervals of orders rest on customers. A rule without data is left out.
    """
    each = orders_of_kind(orders, sources=networks, codes=codes)
    rows: list[tuple[str, Interval]] = []
    if each["with_source"].sum():
        rows.append(("channel", _share(each["from_sources"], each)))
    if web is not None and len(web) and np.nansum(numbers(web["key_events"])) > 0:
        rows.append(("link", _of_site(web)))
    if codes:
        rows.append(("code", _share(each["under_codes"], each)))
    if answers is not None and len(answers):
        found = survey_share(answers, list(choices), question=question)
        rows += [("survey", found)] if found.n else []
    if members:
        came = each["customer_key"].map({str(key): way for key, way in members.items()})
        rows.append(("member", _share(each["orders"].where(came.notna(), 0), each)))
        if (came == "referral").any():
            rows.append(("referral", _share(each["orders"].where(came == "referral", 0), each)))
    frame = interval_frame([found for _, found in rows])
    frame[["ci_lower", "ci_upper"]] = frame[["ci_lower", "ci_upper"]].clip(0.0, 1.0)
    frame.insert(0, "rule", [name for name, _ in rows])
    return frame[frame["n"] > 0].reset_index(drop=True)


def code_sales(
    orders: pd.DataFrame | ibis.Table, codes: Collection[str], *, as_of: date, within: int = 90
) -> pd.DataFrame:
    """Return what was sold under each of *codes*: code, orders, customers, new, revenue, refunded, again, ci_lower, ci_upper, n.

    *orders*: customer_key, date_day, discount_code, total, refunded_amount. new: customers whose first order it was;
    revenue after refunds; refunded: share of the money; again: share of the new ones who bought again within so many
    days, of those (n) whose days are over on *as_of*.
    """
    rows, found = buyers_by_code(orders, codes), []
    people = buyers(orders).set_index("customer_key") if len(rows) else pd.DataFrame(columns=["first", "second"])
    first, second = people["first"], people["second"]
    for code in dict.fromkeys(codes):
        mine = rows[rows["code"] == small_letters(code)]
        if mine.empty:
            continue
        bought = mine.dropna(subset=["customer_key"]).set_index("customer_key")["first"]
        new = bought[bought == first.reindex(bought.index)]
        ripe = new[new <= pd.Timestamp(as_of) - pd.Timedelta(days=within)]
        again = int(((second.reindex(ripe.index) - ripe).dt.days <= within).sum())
        rate = wilson(again, len(ripe))
        paid, back = float(mine["gross"].sum()), float(mine["back"].sum())
        counts = (int(mine["orders"].sum()), mine["customer_key"].nunique(), len(new))
        found.append((code, *counts, paid - back, back / paid if paid else np.nan,
                      rate.estimate, rate.ci_lower, rate.ci_upper, rate.n))  # fmt: skip
    columns = ["code", "orders", "customers", "new", "revenue", "refunded", "again", "ci_lower", "ci_upper", "n"]
    return pd.DataFrame(found, columns=columns).sort_values("revenue", ascending=False, ignore_index=True)


def _share(hit: pd.Series, each: pd.DataFrame) -> Interval:
    """Return the share of orders, with an interval that rests on customers: *each* has a row of every one."""
    return ratio_of_sums(hit.to_numpy(float), each["orders"].to_numpy(float))


def _of_site(web: pd.DataFrame) -> Interval:
    events = np.nan_to_num(numbers(web["key_events"]))
    social = web["channel_group"].fillna("").str.lower().str.contains("social").to_numpy()
    return ratio_of_sums(events * social, events, clusters=web["date_day"])


def paid_by_code(partners: pd.DataFrame, settlements: pd.DataFrame) -> pd.DataFrame:
    """Return what was paid for each code: code, tier, paid (fees, settlements less what was clawed back), paid_currency.

    A code paid in several currencies has no sum.
    """
    tiers = partners.dropna(subset=["code"]).drop_duplicates("code").set_index("code")["tier"]
    owner = partners.dropna(subset=["code"]).drop_duplicates("partner_key").set_index("partner_key")["code"]
    fees = partners.assign(code=partners["code"].fillna(partners["partner_key"].map(owner)), paid=partners["fee"])
    settled = settlements.assign(paid=numbers(settlements["paid"]) - np.nan_to_num(numbers(settlements["clawed_back"])))
    rows = pd.concat([part[["code", "paid", "currency"]].astype({"paid": float}) for part in (fees, settled)])
    rows = rows.dropna(subset=["code"])
    rows = rows[rows["paid"].fillna(0) != 0]
    each = rows.groupby("code").agg(
        paid=("paid", "sum"), paid_currency=("currency", "first"), kinds=("currency", "nunique")
    )
    each.loc[each["kinds"] > 1, ["paid", "paid_currency"]] = np.nan
    codes = sorted({*tiers.index, *each.index})
    frame = each.reindex(codes).rename_axis("code").reset_index()
    return frame.assign(tier=frame["code"].map(tiers))[["code", "tier", "paid", "paid_currency"]]
