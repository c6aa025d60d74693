"""Discount codes of the campaigns: orders that had a code anyway have the campaign's, and no order is added."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import stream
from fanops_utils.data.sample.truth import PROMOTION
from fanops_utils.workspace import Workspace


def campaign_codes(workspace: Workspace, orders: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Return *orders* with codes of the campaigns in their markets and weeks; amounts stay as they are.

    Columns: market, created (UTC), discount_code ("" = none). Cause and effect are apart on purpose: the codes are
    redeemed, and nobody buys because of them.
    """
    codes = orders["discount_code"].to_numpy(dtype=object).copy()
    for campaign in workspace.campaigns.values():
        if not campaign.codes:
            continue
        rng = stream(seed, f"codes {campaign.id}")
        zones = {code: workspace.market(code).time_zone for code in campaign.treated}
        inside = np.zeros(len(orders), dtype=bool)
        for market, zone in zones.items():
            day = orders["created"].dt.tz_convert(zone).dt.date
            inside |= (
                (orders["market"] == market) & (day >= campaign.whole.start) & (day <= campaign.whole.end)
            ).to_numpy()
        free = orders["code"].eq("").to_numpy() if "code" in orders else True  # a coupon's code stays
        coded = np.flatnonzero(inside & (codes != "") & free)
        chosen = coded[rng.random(len(coded)) < PROMOTION.code_share]
        codes[chosen] = rng.choice(list(campaign.codes), len(chosen))
    return orders.assign(discount_code=codes)
