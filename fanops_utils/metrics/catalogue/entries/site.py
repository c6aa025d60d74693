"""Visits of the web site, and what part of them social brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.estimates import RATIO, SHARE, TOTAL
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.moments import ratios, shares, totals
from fanops_utils.text import term

if TYPE_CHECKING:
    import ibis

BY = ["date_day", "market"]


def visits(asked: Asked) -> ibis.Table:
    """Return the rows of single days; totals of a period are no days."""
    rows = asked.within(asked.rows("web_daily"))
    return rows.filter(rows.metric_window == "day")


def social(rows: ibis.Table) -> Any:
    """Return whether a row is traffic from social, paid or not, by its channel group; null where it has none."""
    return rows.channel_group.lower().contains("social")


def _of_social(rows: ibis.Table, column: str) -> Any:
    """Return *column* where a visit came from social, 0 where it did not, null where the channel is not known."""
    return rows.channel_group.isnull().ifelse(None, social(rows).ifelse(rows[column], 0))


def _counted(column: str, *, social_only: bool = False) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        rows = visits(asked)
        rows = rows.filter(rows[column].notnull())
        # a day on which social brought nobody is a zero as long as the site was counted at all
        value = social(rows).fill_null(False).ifelse(rows[column], 0) if social_only else rows[column]
        return totals(rows, value, by=BY)

    return pieces


def _share(top: Callable[[Any], Any], base: str) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        rows = visits(asked)
        return shares(rows, top(rows), of=rows[base], by=BY)

    return pieces


def _conversion(asked: Asked) -> pd.DataFrame:
    """Return key events per visit, each day a unit: a visit may convert twice, so it is no share."""
    rows = visits(asked)
    days = rows.group_by(BY).agg(top=rows.key_events.sum(), base=rows.sessions.sum())
    return ratios(days, days.top, days.base, by=BY)


VISITS = term("visits from social networks", "counted")
METRICS = (
    Metric("site_sessions", "site", term("Site traffic", "metric"),
           term("Visits of the site, by the country of the visitor", "metric"),
           words.SESSIONS, TOTAL, words.COUNT, ("web_daily.sessions",), _counted("sessions"), by=(), aliases=("traffic",
           "sessions")),
    Metric("site_sessions_social", "site", term("Traffic from social", "metric"),
           term("Visits that came from social networks, paid or not, by the analytics tool's channel", "metric"), VISITS,
           TOTAL,
           words.COUNT, ("web_daily.sessions", "web_daily.channel_group"), _counted("sessions", social_only=True), by=()),
    Metric("site_social_share", "site", term("Social share of traffic", "metric"),
           term("What part of the visits came from social networks", "metric"), VISITS, SHARE, words.SHARE,
           ("web_daily.sessions", "web_daily.channel_group"), _share(lambda rows: _of_social(rows, "sessions"),
           "sessions"),
           per=term("visits of the site whose channel is known", "counted"), by=()),
    Metric("social_sales_share_link", "site", term("Social share of sales, by link", "metric"),
           term("What part of the site's conversions came in visits from social networks. They passed by social: not the same as "
                "caused by it", "metric"), term("conversions in visits from social networks", "counted"), SHARE,
                words.SHARE,
           ("web_daily.key_events", "web_daily.channel_group"),
           _share(lambda rows: _of_social(rows, "key_events"), "key_events"),
           per=term("conversions of the site whose channel is known", "counted"), by=()),
    Metric("site_conversion_rate", "site", term("Conversion rate of the site", "metric"),
           term("Conversions per visit, as the analytics tool defines a conversion", "metric"),
           term("conversions of the site", "counted"),
           RATIO, words.SHARE, ("web_daily.key_events", "web_daily.sessions"), _conversion, per=words.SESSIONS, by=()),
    Metric("site_engaged_share", "site", term("Engaged share of visits", "metric"),
           term("What part of the visits lasted, converted or went on to another page", "metric"), term("engaged visits",
           "counted"), SHARE,
           words.SHARE, ("web_daily.engaged_sessions", "web_daily.sessions"), _share(lambda rows: rows.engaged_sessions,
           "sessions"),
           per=words.SESSIONS, by=()),
    Metric("site_page_views", "site", term("Page views", "metric"), term("How many pages were viewed", "metric"),
           term("pages viewed", "counted"),
           TOTAL, words.COUNT, ("web_daily.views",), _counted("views"), by=()),
    Metric("site_new_users", "site", term("New users of the site", "metric"),
           term("Users the analytics tool saw for the first time", "metric"),
           term("new users", "counted"), TOTAL, words.COUNT, ("web_daily.new_users",), _counted("new_users"), by=()),
)  # fmt: skip
