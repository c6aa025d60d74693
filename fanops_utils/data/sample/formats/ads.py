"""Advertising of the campaigns, as Ads Manager exports it with a breakdown by day; the totals row comes last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.formats.files import RawFile, raw_file
from fanops_utils.data.sample.period import LAST_DAY
from fanops_utils.workspace import Campaign

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

AD_SETS = (("Broad 25-45", 0.65), ("Followers of the brand", 0.35))


def ads_files(setting: Setting) -> list[RawFile]:
    """Return one file per campaign with advertisements, in the folder of the treated market's Instagram account."""
    files, workspace = [], setting.workspace
    handles = {one.market: one.handle for one in workspace.brand.accounts if one.platform == "instagram"}
    for campaign in workspace.campaigns.values():
        per_day = dict(setting.truths.promotion.ads_per_day).get(campaign.id)
        handle = handles.get(campaign.treated[0])
        if not campaign.ads or per_day is None or handle is None:
            continue
        table = with_totals(ads_days(setting, campaign, per_day), campaign.currency)
        path = f"meta_ads/{handle}/Campaigns-{campaign.live.start}-{campaign.live.end}.csv"
        files.append(raw_file(path, "meta_ads", table, _bytes))
    return files


def ads_days(setting: Setting, campaign: Campaign, per_day: float) -> pd.DataFrame:
    """Return one row per advertisement and day: what it cost, how often it was shown and clicked, orders credited.

    Orders are credited per click, and a few to advertisements that were only seen: on days without a click of that
    advertisement such a row is one that should not be divided by clicks.
    """
    truth, rng = setting.truths.promotion, setting.rng(f"ads {campaign.id}")
    days = pd.date_range(campaign.live.start, min(campaign.live.end, LAST_DAY), unit="s")
    table = pd.MultiIndex.from_product(
        [days, [name for name, _ in AD_SETS], [name for name, _ in truth.creatives]],
        names=["day", "set", "creative"],
    ).to_frame(index=False)
    share = table["set"].map(dict(AD_SETS)).to_numpy() / len(truth.creatives)
    spend = np.round(per_day * share * rng.lognormal(0, 0.18, len(table)), 2)
    shown = rng.poisson(spend / truth.thousand_shown * 1000)
    clicks = rng.poisson(shown * truth.click_rate * table["creative"].map(dict(truth.creatives)).to_numpy())
    orders = rng.binomial(clicks, truth.order_rate) + rng.poisson(shown * truth.seen_only)
    reach = np.rint(shown / rng.uniform(1.15, 1.6, len(table))).astype("int64")
    value = np.round(orders * truth.order_value * rng.lognormal(0, 0.2, len(table)), 2)
    more = truth.engaged_rate - truth.click_rate * np.mean([factor for _, factor in truth.creatives])
    return table.assign(
        campaign=campaign.ads[0], spend=spend, shown=shown, reach=reach, clicks=clicks, orders=orders, value=value,
        engaged=clicks + rng.poisson(shown * more),
    )  # fmt: skip


def with_totals(days: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return *days* under the names of Ads Manager, as text, with the undated row of totals below."""
    day = days["day"].dt.strftime("%Y-%m-%d")
    spend, value = f"Amount spent ({currency})", "Purchases conversion value"
    table = pd.DataFrame({
        "Reporting starts": day.min(), "Reporting ends": day.max(), "Campaign name": days["campaign"],
        "Ad set name": days["set"], "Ad name": days["creative"], "Day": day,
        spend: days["spend"].map("{:.2f}".format), "Impressions": days["shown"], "Reach": days["reach"],
        "Frequency": (days["shown"] / days["reach"].clip(lower=1)).map("{:.2f}".format), "Link clicks": days["clicks"],
        "Post engagements": days["engaged"],
        "Results": days["orders"].where(days["orders"] > 0, ""),
        "Result indicator": "actions:offsite_conversion.fb_pixel_purchase",
        "Attribution setting": "7-day click or 1-day view", "Purchases": days["orders"].where(days["orders"] > 0, ""),
        value: days["value"].map("{:.2f}".format).where(days["orders"] > 0, ""),
    })  # fmt: skip
    last = dict.fromkeys(table.columns, "")
    last |= {"Impressions": str(days["shown"].sum()), "Link clicks": str(days["clicks"].sum())}
    last |= {"Post engagements": str(days["engaged"].sum())}
    last |= {
        spend: f"{days['spend'].sum():.2f}",
        "Purchases": str(days["orders"].sum()),
        value: f"{days['value'].sum():.2f}",
    }
    return pd.concat([table.astype(str), pd.DataFrame([last])], ignore_index=True)


def _bytes(frame: pd.DataFrame) -> bytes:
    return b"\xef\xbb\xbf" + frame.to_csv(index=False, lineterminator="\n").encode()
