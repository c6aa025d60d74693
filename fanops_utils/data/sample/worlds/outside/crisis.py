"""Mentions hour by hour: the onset of the crisis, a rival's crisis, a false alarm, and how soon brands answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso, to_utc, waking_hours
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.worlds.members.referral import cells
from fanops_utils.data.sample.worlds.outside.listening import NETWORKS, TOPICS, mentions
from fanops_utils.data.sample.worlds.outside.voices import voices

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("listening/mentions.csv",)


@dataclass(frozen=True)
class CrisisTruth:
    """What is planted in the mentions beside their usual level; the week and topic of the crisis are the listening's."""

    onset_hour: float = 14.0  # local, on the first day of the crisis
    rival: tuple[str, str, str, str, int] = ("BR", "Kettle & Co", "2026-07-20", "delivery", 120)  # …, topic, mentions
    rival_days: int = 5
    false_alarm: tuple[str, str, int] = ("FR", "2026-06-16", 25)  # market, day, mentions that are not negative
    answered: float = 0.6  # of the negative mentions
    minutes: tuple[tuple[str, float], ...] = (
        ("", 90.0),
        ("Kettle & Co", 540.0),
    )  # median to the answer; "" = all others
    minutes_sd: float = 0.9


def crisis_files(setting: Setting) -> list[RawFile]:
    """Return the listening tool's list of mentions; what is planted beside the usual level stands at its end."""
    rng = setting.rng("mentions beside")
    found = pd.concat([voices(setting, mentions(setting)), _beside(setting, rng)], ignore_index=True)
    truth, size = setting.truths.crisis, len(found)
    others = dict(truth.minutes)[""]
    median = found["brand"].map(dict(truth.minutes)).fillna(others).to_numpy(dtype=float)
    answers = (found["sentiment"] == "NEG").to_numpy() & (rng.random(size) < truth.answered)
    wait = pd.to_timedelta((60 * median * rng.lognormal(0, truth.minutes_sd, size)).astype("int64"), unit="s")
    table = pd.DataFrame({
        "Mention ID": [f"m{number:07d}" for number in range(1, size + 1)], "Time": iso(found["time"]), "Network": found["network"],
        "Country": found["market"], "Brand": found["brand"], "Sentiment": found["sentiment"], "Topic": found["topic"],
        "Tag": found["tag"], "Author type": found["author"],
        "Author followers": np.minimum(rng.lognormal(6.0, 1.5, size), 3_000_000).astype("int64"),
        "Answered": cells((found["time"] + wait).where(answers)),
    })  # fmt: skip
    return [raw_file("listening/mentions.csv", "mentions", table, plain_csv)]


def _beside(setting: Setting, rng: np.random.Generator) -> pd.DataFrame:
    """Return a rival's crisis and a day of harmless noise about the brand."""
    truth, brand = setting.truths.crisis, setting.workspace.brand
    parts = []
    market, rival, start, topic, size = truth.rival
    size = round(size * setting.scale)
    if market in setting.workspace.markets and rival in brand.competitors and size:
        day = np.minimum(rng.geometric(0.45, size) - 1, truth.rival_days - 1)
        parts.append(
            (market, start, day, pd.DataFrame({"brand": rival, "sentiment": "NEG", "topic": topic}, index=range(size)))
        )
    market, start, size = truth.false_alarm
    size = round(size * setting.scale)
    if market in setting.workspace.markets and size:
        rows = pd.DataFrame({
            "brand": brand.name, "sentiment": rng.choice(["POS", "NEU"], size, p=[0.4, 0.6]),
            "topic": rng.choice(list(TOPICS), size),
        })  # fmt: skip
        parts.append((market, start, np.zeros(size, dtype="int64"), rows))
    found = []
    for market, start, day, rows in parts:
        at = calendar()[(pd.Timestamp(start) - calendar()[0]).days + day]
        time = to_utc(at, waking_hours(len(rows), rng), setting.zone(market))
        network = rng.choice(list(NETWORKS), len(rows), p=list(NETWORKS.values()))
        found.append(rows.assign(time=time, network=network, market=market, tag="", author="User"))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()
