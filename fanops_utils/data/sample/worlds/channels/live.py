"""Live streams: who watches, how long, and what is bought, with a guest and without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso, to_utc
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("live/streams.csv",)


@dataclass(frozen=True)
class LiveTruth:
    """A stream every fourteen days from the hundredth on; a guest brings viewers and not buyers per viewer."""

    every: int = 14
    viewers: float = 0.008  # of the followers
    guest_viewers: float = 1.8
    watch_seconds: float = 420.0
    peak: float = 0.35
    buys: float = 0.012  # of the viewers
    guest_buys: float = 1.0  # factor on it
    noise: float = 0.2


def live_files(setting: Setting) -> list[RawFile]:
    """Return the list of streams; titles say whether there was a guest."""
    truth, parts = setting.truths.live, []
    for code in setting.workspace.markets:
        rng = setting.rng(f"live {code}")
        day = np.arange(100, len(calendar()), truth.every)
        guest = rng.random(len(day)) < 0.4
        start = to_utc(calendar()[day], np.full(len(day), 20.0), setting.zone(code))
        level = setting.market(code).instagram_followers * truth.viewers * np.where(guest, truth.guest_viewers, 1.0)
        viewers = rng.poisson(level * rng.lognormal(0, truth.noise, len(day)))
        orders = rng.binomial(viewers, truth.buys * np.where(guest, truth.guest_buys, 1.0))
        parts.append(pd.DataFrame({
            "Stream": [f"live-{code.lower()}-{calendar()[one]:%Y%m%d}" for one in day.tolist()],
            "Network": "instagram", "Country": code,
            "Title": np.where(guest, "Tea with a guest", "Tea at eight"), "Starts": iso(start),
            "Ends": iso(start + pd.Timedelta(minutes=50)),
            "Viewers": viewers, "Peak": rng.binomial(viewers, truth.peak),
            "Average watch (s)": np.round(truth.watch_seconds * rng.lognormal(0, 0.1, len(day)), 1),
            "Messages": rng.poisson(viewers * 0.12), "Orders": orders, "Revenue": np.round(orders * 31.0, 2), "Currency": "EUR",
        }))  # fmt: skip
    return [raw_file("live/streams.csv", "live_streams", pd.concat(parts, ignore_index=True), plain_csv)]
