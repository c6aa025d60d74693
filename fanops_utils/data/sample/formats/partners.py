"""The list of what partners delivered for the campaigns, with the orders under their codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import iso, to_utc, waking_hours
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.period import LAST_DAY
from fanops_utils.workspace import Campaign

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

COLUMNS = [
    "Partner", "Delivery", "Network", "Country", "Tier", "Campaign", "Code", "Published", "Followers", "Reach", "Views",
    "Interactions", "Orders", "Fee", "Currency",
]  # fmt: skip


def partner_files(setting: Setting) -> list[RawFile]:
    """Return the list of deliveries, one row each; none where no campaign has a partner."""
    orders = setting.sales.orders
    parts = [deliveries(setting, one) for one in setting.workspace.campaigns.values() if one.partners]
    if not parts:
        return []
    found = pd.concat(parts, ignore_index=True)
    found["Orders"] = [
        _orders(orders, code) if first else "" for code, first in zip(found["Code"], found["first"], strict=True)
    ]
    return [raw_file("partners/deliveries.csv", "partners", found[COLUMNS], plain_csv)]


def deliveries(setting: Setting, campaign: Campaign) -> pd.DataFrame:
    """Return what the partners of *campaign* delivered; the fee and the orders under a code stand on the first one."""
    truth, rng = setting.truths.promotion, setting.rng(f"partners {campaign.id}")
    size = truth.deliveries * len(campaign.partners)
    who = np.repeat(np.arange(len(campaign.partners)), truth.deliveries)
    first = np.arange(size) % truth.deliveries == 0
    tiers = [truth.partner_rates[place % len(truth.partner_rates)] for place in who]
    followers = np.rint(np.array([one[1] for one in tiers]) * (1 + 0.01 * (np.arange(size) % truth.deliveries)))
    reach = rng.poisson(followers * 0.34 * rng.lognormal(0, 0.25, size))
    days = pd.date_range(campaign.live.start, min(campaign.live.end, LAST_DAY), unit="s")
    market = campaign.treated[0]
    published = to_utc(days[np.sort(rng.integers(0, len(days), size))], waking_hours(size, rng), setting.zone(market))
    return pd.DataFrame({
        "Partner": [campaign.partners[place].name for place in who],
        "Delivery": [f"{campaign.id}-{number:02d}" for number in range(1, size + 1)],
        "Network": campaign.platform, "Country": market, "Tier": [one[0] for one in tiers], "Campaign": campaign.id,
        "Code": [campaign.partners[place].code or "" for place in who], "Published": iso(published),
        "Followers": followers.astype("int64"), "Reach": reach,
        "Views": np.rint(reach * rng.uniform(1.2, 1.7, size)).astype("int64"),
        "Interactions": rng.poisson(reach * np.array([one[2] for one in tiers])),
        "Fee": [f"{campaign.partners[place].fee or 0:.2f}" if start else "0.00" for place, start in zip(who, first, strict=True)],
        "Currency": campaign.currency, "first": first,
    })  # fmt: skip


def _orders(orders: pd.DataFrame, code: str) -> str:
    return str(int((orders["discount_code"] == code).sum())) if code else ""
