"""What a campaign's report asks of the warehouse: its orders, advertisements, deliveries, visits and members."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import ibis
import pandas as pd

from fanops_utils.data.warehouse.asking.common import between, dated
from fanops_utils.data.warehouse.asking.content import tagged_posts
from fanops_utils.data.warehouse.asking.posts import post_table
from fanops_utils.data.warehouse.asking.queries import (
    daily_by_market,
    fan_days,
    fan_members,
    order_days,
    orders_of,
)
from fanops_utils.data.warehouse.engine import small_letters
from fanops_utils.data.warehouse.store import Store
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.register import Period


def orders_by_market(store: Store) -> pd.DataFrame:
    """Return date_day, market, value: orders per market and day between the shop's first and last day, zeros filled.

    A day without an order is a zero only there: the shop was open. Cancelled orders, and those to countries that
    belong to no market, are left out.
    """
    daily = order_days(store)
    if daily.empty:
        return pd.DataFrame({"date_day": pd.Series(dtype="datetime64[us]"), "market": [], "value": []})
    wide = daily.set_index(["date_day", "market"])["orders"].unstack(fill_value=0)
    every = wide.reindex(pd.date_range(wide.index.min(), wide.index.max(), freq="D"), fill_value=0)
    long = every.rename_axis("date_day").reset_index().melt("date_day", var_name="market", value_name="value")
    return long.astype({"value": "float64"})


def campaign_orders(store: Store, campaign: Campaign) -> pd.DataFrame:
    """Return the orders of the treated markets that were not cancelled, counted by day: those of other days too.

    Columns: date_day, market, currency, discount_code (one of the campaign's, else null), orders, subtotal.
    """
    rows, codes = orders_of(store, market=campaign.treated), [small_letters(code) for code in campaign.codes]
    rows = rows.mutate(discount_code=_one_of(rows.discount_code, codes))
    keys = ["date_day", "market", "currency", "discount_code"]
    found = rows.group_by(keys).agg(orders=rows.count(), subtotal=rows.subtotal.sum())
    return dated(found.order_by(keys).to_pandas())


def _one_of(column: Any, names: Sequence[str]) -> Any:
    """Return *column* in small letters where it is one of *names*, else null."""
    small = column.lower()
    return small.isin(list(names)).ifelse(small, ibis.null("string")) if names else ibis.null("string")


def campaign_ads(store: Store, campaign: Campaign) -> pd.DataFrame:
    """Return the days of table ads_daily that belong to *campaign*, by the names its register lists.

    Totals of a period are left out, and so are the parts of an audience split, which repeat the rows without one.
    """
    ads = store.table("ads_daily")
    names = [small_letters(name) for name in campaign.ads]
    ads = ads.filter(ads.metric_window == "day", ads.campaign_name.lower().isin(names or [""]))
    return _whole(dated(ads.order_by("date_day", "ad_group_name", "ad_name").to_pandas()))


def _whole(ads: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without an audience split; all rows where the file has only split ones."""
    plain = ads[ads["breakdown"].isna()]
    return (plain if len(plain) else ads).reset_index(drop=True)


def campaign_deliveries(store: Store, campaign: Campaign) -> pd.DataFrame:
    """Return what partners delivered for *campaign*, one row per delivery.

    The warehouse knows partners by pseudonym only. `partner_key` becomes the name that the register gives the
    partner's code; a partner without a code stays a pseudonym, cut short.
    """
    partners = store.table("partners")
    found = partners.filter(partners.campaign == campaign.id).order_by("partner_key", "deliverable_id").to_pandas()
    named = {one.code: one.name for one in campaign.partners if one.code}
    known = found.dropna(subset=["code"]).drop_duplicates("partner_key").set_index("partner_key")["code"].map(named)
    shown = found["partner_key"].map(known).fillna("#" + found["partner_key"].str[:4])
    return found.assign(partner_key=shown.astype("string"))


def site_visits(store: Store, links: Sequence[str] = ()) -> pd.DataFrame:
    """Return the visits of the site by day, country and, under one of *links* (utm_campaign), by campaign and its ways.

    Columns: date_day, country, campaign, source, medium (null for all other visits), market, sessions, key_events,
    total_revenue (null where no file tells it). Totals of a period are left out. Where the file names no country, or
    one of no market, the market is null.
    """
    web = store.table("web_daily")
    web = web.filter(web.metric_window == "day")
    web = web.mutate(campaign=_one_of(web.campaign, [small_letters(name) for name in links]))
    ours = {name: web.campaign.notnull().ifelse(web[name], ibis.null("string")) for name in ("source", "medium")}
    keys, counts = ["date_day", "country", "campaign", *ours], ("sessions", "key_events", "total_revenue")
    web = web.mutate(**ours)
    frame = dated(web.group_by(keys).agg(**{name: web[name].sum() for name in counts}).order_by(keys).to_pandas())
    names = {
        key.casefold(): one.code
        for one in store.workspace.brand.markets
        for key in (one.name, one.code, *one.country_codes)
    }
    return frame.assign(market=frame["country"].astype("string").str.casefold().map(names))


def visits_by_market(visits: pd.DataFrame) -> pd.DataFrame:
    """Return date_day, market, value: sessions of the site per market and day, from the frame of `site_visits`."""
    known = visits.dropna(subset=["market", "sessions"])
    totals = known.groupby(["date_day", "market"])["sessions"].sum().rename("value").reset_index()
    return totals.astype({"value": "float64"})


def campaign_answers(store: Store, campaign: Campaign) -> pd.DataFrame:
    """Return the answers of the treated markets counted alike: date_day, market, question, choice, weight, answers.

    choice is the campaign's id or name, "other" for any other one, or null. Days are those of the market's own time.
    """
    rows = store.table("survey_answers")
    rows = rows.filter(rows.market.isin(campaign.treated), rows.answered_at.notnull())
    own = rows.choice.isin([campaign.id, campaign.name])
    rows = rows.mutate(
        choice=ibis.cases((own, rows.choice), (rows.choice.notnull(), "other"), else_=ibis.null("string"))
    )
    keys = ["question", "date_day", "market", "choice", "weight"]
    return dated(rows.group_by(keys).agg(answers=rows.count()).order_by(keys).to_pandas())


def campaign_output(store: Store, campaign: Campaign, *, window: Period) -> pd.DataFrame:
    """Return what was published about *campaign* in *window*, one row per post: date_day, platform, kind, origin, listed.

    kind own: posts of the treated markets' accounts (origin OGC where the file names none), for a post's subject is in
    no file: one about something else counts too. delivery: what partners published for it (KOL). mention: posts of
    others about the brand that carry the campaign as tag (its id, name or utm_campaign, with or without #); those of
    the brand (OGC) and its partners (KOL) are left out, they stand among the former. `listed` is false on platforms
    where an account of a treated market has no file that reaches back to the window's first day: own posts would be
    missing there.
    """
    brand, own = store.workspace.brand, []
    for code in campaign.treated:
        posts = post_table(store, market=code, end=window.end, mature_days=0).dropna(subset=["created_local"])
        own.append(posts.assign(date_day=posts["created_local"].dt.normalize(), origin=posts["origin"].fillna("OGC")))
    published = _joined(own)
    first = published.groupby(["market", "platform"])["date_day"].min()
    ours = [(one.market, one.platform) for one in brand.accounts if one.market in campaign.treated]
    short = {platform for market, platform in ours
             if not first.get((market, platform), pd.Timestamp.max) <= pd.Timestamp(window.start)}  # fmt: skip
    given = dated(campaign_deliveries(store, campaign)).assign(origin="KOL")
    parts = {"own": published, "delivery": given, "mention": _tagged(store, campaign, window)}
    columns = ["date_day", "platform", "kind", "origin"]
    frame = _joined(one.assign(kind=kind)[columns] for kind, one in parts.items())
    inside = frame["date_day"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))
    return frame[inside].assign(listed=~frame["platform"].isin(short)).reset_index(drop=True)


def _tagged(store: Store, campaign: Campaign, window: Period) -> pd.DataFrame:
    """Return the mentions of the brand in *window* that carry the campaign as tag and are not the brand's or its partners' own."""
    mentions, brand = store.table("mentions"), store.workspace.brand.name
    mentions = mentions.filter(
        mentions.brand == brand, mentions.market.isin(campaign.treated), mentions.campaign.notnull(),
        *between(mentions.date_day, window.start, window.end),
    )  # fmt: skip
    frame = mentions.order_by("mention_id").to_pandas()
    names = {name.casefold() for name in (campaign.id, campaign.name, *campaign.utm)}
    named = frame["campaign"].astype("string").str.strip().str.removeprefix("#").str.casefold().isin(names)
    return dated(frame[named & ~frame["origin"].isin(["OGC", "KOL"])])


def campaign_posts(store: Store, campaign: Campaign, *, end: date | None = None) -> pd.DataFrame:
    """Return the posts of the treated markets on the campaign's platform from the first day of the baseline on."""
    last = end or campaign.whole.end
    parts = [post_table(store, market=code, start=campaign.baseline.start, end=last) for code in campaign.treated]
    frame = _joined(parts)
    return frame[frame["platform"] == campaign.platform].reset_index(drop=True)


def campaign_calendar(store: Store, campaign: Campaign) -> pd.DataFrame:
    """Return `tagged_posts` of the treated markets in the campaign's days, on all platforms."""
    days = {"start": campaign.whole.start, "end": campaign.whole.end}
    return _joined(tagged_posts(store, market=code, **days, mature_days=0) for code in campaign.treated)


def campaign_members(store: Store, campaign: Campaign) -> tuple[pd.DataFrame, ibis.Table]:
    """Return the members of the treated markets, and their active days in the engine."""
    fans = _joined(fan_members(store, market=code) for code in campaign.treated)
    days = fan_days(store)
    return fans, days.filter(days.market.isin(campaign.treated))


def last_day(days: ibis.Table) -> date | None:
    """Return the last day that *days* (column date_day) hold; None where they hold none."""
    last = days.date_day.max().to_pandas()
    return None if pd.isna(last) else pd.Timestamp(last).date()


def _joined(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    frames = list(parts)
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(filled, ignore_index=True)


def platform_totals(
    store: Store, campaign: Campaign, *, without: Sequence[Period] = ()
) -> dict[tuple[str, str], pd.DataFrame]:
    """Return daily totals by (platform, metric) for the other platforms on which a treated market has an account.

    The campaign's own metric where the platform's files have it, else views; a platform with neither is left out.
    """
    found: dict[tuple[str, str], pd.DataFrame] = {}
    brand = store.workspace.brand
    platforms = {one.platform for one in brand.accounts if one.market in campaign.treated} - {campaign.platform}
    for platform in sorted(platforms):
        for metric in (campaign.metric, "views"):
            daily = daily_by_market(store, platform=platform, metric=metric, without=without)
            if daily["market"].isin(campaign.treated).any():
                found[platform, metric] = daily
                break
    return found


def campaign_days(store: Store, campaign: Campaign) -> pd.DataFrame:
    """Return the daily totals a campaign is read by: its metric per market, days of earlier campaigns left out."""
    quiet = [one.live for one in store.workspace.earlier_campaigns(campaign)]
    return daily_by_market(store, platform=campaign.platform, metric=campaign.metric, without=quiet)
