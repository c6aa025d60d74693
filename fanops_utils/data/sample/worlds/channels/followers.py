"""Where new followers came from, month by month: links, codes, search, and the part that nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from fanops_utils.data.sample.draws import calendar
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.worlds.channels.daily import instagram_days

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("sources/followers.csv",)


@dataclass(frozen=True)
class FollowersTruth:
    """Shares of the new Instagram followers by source; those of one market differ."""

    shares: tuple[tuple[str, float], ...] = (
        ("unknown", 0.38), ("link", 0.22), ("qr_code", 0.08), ("promotion_code", 0.10), ("search", 0.12), ("creator", 0.10),
    )  # fmt: skip
    other: tuple[str, tuple[float, ...]] = ("BR", (0.38, 0.12, 0.08, 0.10, 0.12, 0.20))


def follower_files(setting: Setting) -> list[RawFile]:
    """Return the ledger of sources: new followers of each Instagram account by month and source."""
    truth, parts = setting.truths.followers, []
    names = [name for name, _ in truth.shares]
    for account in setting.workspace.brand.accounts:
        if account.platform != "instagram" or account.market is None:
            continue
        rng = setting.rng(f"sources {account.market}")
        days = instagram_days(setting, account.market)
        won = days["follows"].groupby(calendar().to_period("M")).sum()
        shares = truth.other[1] if account.market == truth.other[0] else [share for _, share in truth.shares]
        counts = rng.multinomial(won.to_numpy(), shares)
        table = pd.DataFrame(counts, columns=names, index=won.index).rename_axis("month").reset_index()
        table = table.melt(id_vars="month", var_name="Source", value_name="New followers")
        parts.append(pd.DataFrame({
            "Network": "instagram", "Account": account.id or account.handle,
            "Month begins": table["month"].dt.start_time.dt.strftime("%Y-%m-%d"),
            "Month ends": table["month"].dt.end_time.dt.strftime("%Y-%m-%d"), "Source": table["Source"],
            "New followers": table["New followers"],
        }))  # fmt: skip
    if not parts:
        return []
    return [raw_file("sources/followers.csv", "follower_sources", pd.concat(parts, ignore_index=True), plain_csv)]
