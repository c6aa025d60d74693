"""Advertising: what was spent, what a unit cost, and what the platform credits itself with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.estimates import COST, PER_THOUSAND, RETURNED, SHARE, TOTAL, Estimator
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.moments import shares, totals
from fanops_utils.text import Message, term

if TYPE_CHECKING:
    import ibis

BY = ["date_day", "market", "platform", "currency"]


def ads(asked: Asked) -> ibis.Table:
    """Return advertisements by day, without audience splits where the account also has rows without: they repeat them."""
    import ibis

    rows = asked.within(asked.rows("ads_daily"))
    rows = rows.filter(rows.metric_window == "day")
    account = ibis.window(group_by=["platform", "account_id"])
    rows = rows.mutate(plain=rows.breakdown.isnull().any().over(account))
    return rows.filter(rows.breakdown.isnull() | ~rows.plain)


def _spent(column: str, by: list[str]) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        rows = ads(asked)
        return totals(rows, rows[column], by=by)

    return pieces


def _cost(base: str) -> Callable[[Asked], pd.DataFrame]:
    """Return spend and units by day; rows whose spend is not known, or whose platform does not report the unit, are left out."""

    def pieces(asked: Asked) -> pd.DataFrame:
        rows = ads(asked)
        known = rows.filter(_reported(rows, base), rows.spend.notnull())
        frame = known.group_by(BY).agg(top=known.spend.sum(), base=known[base].fill_null(0).sum()).to_pandas()
        return frame.assign(date_day=pd.to_datetime(frame["date_day"]).astype("datetime64[us]"))

    return pieces


def _reported(rows: ibis.Table, column: str) -> Any:
    """Return whether the account reports *column* at all: then a row without it had none."""
    import ibis

    return rows[column].notnull().any().over(ibis.window(group_by=["platform", "account_id"]))


def _returned(asked: Asked) -> pd.DataFrame:
    rows = ads(asked)
    known = rows.filter(_reported(rows, "conversions_value"), rows.spend.notnull())
    frame = known.group_by(BY).agg(
        top=known.conversions_value.fill_null(0).sum(), base=known.spend.sum(), hits=known.conversions.sum()
    ).to_pandas()  # fmt: skip
    return frame.assign(date_day=pd.to_datetime(frame["date_day"]).astype("datetime64[us]"))


def _clicked(asked: Asked) -> pd.DataFrame:
    rows = ads(asked)
    return shares(rows, rows.link_clicks, of=rows.impressions, by=BY[:3])


def _priced(
    metric_id: str, texts: tuple[Message, Message], per: Message, base: str, estimator: Estimator = COST
) -> Metric:
    name, about = texts
    return Metric(metric_id, "advertising", name, about, words.SPEND, estimator, words.MONEY, ("ads_daily.spend",
    f"ads_daily.{base}"), _cost(base),
                  per=per, direction="down", by=("platform", "currency"),
                  aliases=(metric_id.removeprefix("ad_"),))  # fmt: skip


METRICS = (
    Metric("ad_spend", "advertising", term("Advertising spend", "metric"),
           term("What was spent on advertising, in its currency", "metric"),
           words.SPEND, TOTAL, words.MONEY, ("ads_daily.spend",), _spent("spend", BY), gaps="zero", direction="neither",
           by=("platform", "currency"), aliases=("spend",)),
    Metric("ad_impressions", "advertising", term("Impressions of advertisements", "metric"),
           term("How often advertisements were shown", "metric"),
           words.AD_IMPRESSIONS, TOTAL, words.COUNT, ("ads_daily.impressions",), _spent("impressions", BY[:3]),
           gaps="zero"),
    _priced("ad_cpm", (term("Cost per thousand impressions (CPM)", "metric"),
        term("What a thousand impressions of advertisements cost", "metric")),
            words.AD_IMPRESSIONS, "impressions", PER_THOUSAND),
    _priced("ad_cpc", (term("Cost per click (CPC)", "metric"), term("What a click on the link of an advertisement cost",
        "metric")), words.AD_CLICKS,
            "link_clicks"),
    _priced("ad_cpe", (term("Cost per interaction (CPE)", "metric"),
        term("What an interaction with an advertisement cost", "metric")),
            term("interactions with advertisements", "counted"), "engagements"),
    _priced("ad_cpa", (term("Cost per conversion (CPA)", "metric"),
                       term("What a conversion cost that the platform credits to itself; others may claim the same one",
                       "metric")),
            words.CONVERSIONS, "conversions"),
    Metric("ad_roas", "advertising", term("Return on ad spend (ROAS)", "metric"),
           term("Value the platform credits to its advertisements per unit of money; not what they caused", "metric"),
           term("credited value of conversions", "counted"), RETURNED, words.TIMES,
           ("ads_daily.conversions_value", "ads_daily.spend", "ads_daily.conversions"), _returned, per=words.SPEND,
           by=("platform", "currency"), aliases=("roas",)),
    Metric("ad_click_rate", "advertising", term("Click rate of advertisements (CTR)", "metric"),
           term("Clicks on the link per time an advertisement was shown", "metric"), words.AD_CLICKS, SHARE, words.SHARE,
           ("ads_daily.link_clicks", "ads_daily.impressions"), _clicked, per=words.AD_IMPRESSIONS, aliases=("ctr",)),
)  # fmt: skip
