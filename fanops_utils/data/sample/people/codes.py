"""Discount codes of the campaigns: orders that had a code anyway have the campaign's, and no order is added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting


def campaign_codes(setting: Setting, orders: pd.DataFrame) -> pd.DataFrame:
    """Return *orders* with codes of the campaigns in their markets and weeks; amounts stay as they are.

    Columns: market, created (UTC), discount_code ("" = none). Cause and effect are apart on purpose: the codes are
    redeemed, and nobody buys because of them.
    """
    codes = orders["discount_code"].to_numpy(dtype=object).copy()
    for campaign in setting.workspace.campaigns.values():
        if not campaign.codes:
            continue
        rng = setting.rng(f"codes {campaign.id}")
        zones = {code: setting.zone(code) for code in campaign.treated}
        inside = np.zeros(len(orders), dtype=bool)
        for market, zone in zones.items():
            day = orders["created"].dt.tz_convert(zone).dt.date
            inside |= (
                (orders["market"] == market) & (day >= campaign.whole.start) & (day <= campaign.whole.end)
            ).to_numpy()
        free = orders["code"].eq("").to_numpy() if "code" in orders else True  # a coupon's code stays
        coded = np.flatnonzero(inside & (codes != "") & free)
        chosen = coded[rng.random(len(coded)) < setting.truths.promotion.code_share]
        codes[chosen] = rng.choice(list(campaign.codes), len(chosen))
    return orders.assign(discount_code=codes)
