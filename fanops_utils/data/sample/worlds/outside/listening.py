"""Public mentions of the brand and its rivals, with one week in which one market turns negative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import apportion, calendar, to_utc, waking_hours
from fanops_utils.data.sample.worlds.channels.daily import log_activity

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

NETWORKS = {"instagram": 0.42, "x": 0.28, "tiktok": 0.20, "reddit": 0.10}
TOPICS = {"taste": 0.34, "price": 0.18, "packaging": 0.09, "delivery": 0.15, "service": 0.10, "sustainability": 0.14}
POSITIVE_SHARE = 0.37
CRISIS_TOPIC_SHARE = 0.85


@dataclass(frozen=True)
class ListeningTruth:
    """Mentions: usual negative share, and one week in one market when negatives about us multiply."""

    mentions: int = 60_000
    negative_share: float = 0.08
    crisis_market: str = "DE"
    crisis_start: str = "2026-03-09"
    crisis_daily_factors: tuple[float, ...] = (14.0, 30.0, 26.0, 17.0, 10.0, 6.0, 3.0)
    crisis_topic: str = "packaging"

    @property
    def crisis_day(self) -> int:
        """The first day of the crisis, by its place in the calendar."""
        return int((pd.Timestamp(self.crisis_start) - calendar()[0]).days)


def mentions(setting: Setting) -> pd.DataFrame:
    """Return one row per mention, by time: time, network, market, brand, sentiment, topic.

    What the crisis adds on its first day comes from its local hour of onset on.
    """
    truth, onset, workspace = setting.truths.listening, setting.truths.crisis.onset_hour, setting.workspace
    shares = {code: setting.market(code).mention_share for code in workspace.markets}
    sizes = apportion(truth.mentions * setting.scale, shares)
    parts = []
    for code, size in sizes.items():
        rng = setting.rng(f"listening {code}")
        usual = usual_mentions(setting, code, size, rng=rng)
        extra = crisis_mentions(setting, size, rng=rng) if code == truth.crisis_market else usual[:0]
        both = pd.concat([usual, extra], ignore_index=True)
        hours, zone = waking_hours(len(both), rng), setting.zone(code)
        first = np.arange(len(both)) >= len(usual)
        first &= (both["day"] == truth.crisis_day).to_numpy()
        hours = np.where(first, onset + hours * (1 - onset / 24), hours)
        times = to_utc(calendar()[both["day"].to_numpy(dtype="int64")], hours, zone)
        networks = rng.choice(list(NETWORKS), len(both), p=list(NETWORKS.values()))
        parts.append(both.assign(time=times, network=networks, market=code))
    return pd.concat(parts).sort_values("time", kind="stable", ignore_index=True)


def usual_mentions(setting: Setting, market: str, size: int, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return *size* mentions over the days of *market*; the brand's share of them is its share of voice."""
    truth, brand = setting.market(market), setting.workspace.brand
    rivals = brand.competitors
    weight = np.exp(log_activity(setting, market, "listening")) * rng.gamma(8, 1 / 8, len(calendar()))
    left = (1 - truth.share_of_voice) / max(1, len(rivals))
    brands = {brand.name: truth.share_of_voice if rivals else 1.0, **dict.fromkeys(rivals, left)}
    negative = setting.truths.listening.negative_share
    return pd.DataFrame(
        {
            "day": rng.choice(len(calendar()), size, p=weight / weight.sum()),
            "brand": rng.choice(list(brands), size, p=list(brands.values())),
            "sentiment": rng.choice(
                ["POS", "NEU", "NEG"], size, p=[POSITIVE_SHARE, 1 - POSITIVE_SHARE - negative, negative]
            ),
            "topic": rng.choice(list(TOPICS), size, p=list(TOPICS.values())),
        }
    )


def crisis_mentions(setting: Setting, size: int, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return the negative mentions that the crisis adds to *size* usual ones, most of them on its topic."""
    truth = setting.truths.listening
    usual = size * setting.market(truth.crisis_market).share_of_voice * truth.negative_share / len(calendar())
    expected = usual * (np.array(truth.crisis_daily_factors) - 1)
    extra = np.diff(np.rint(np.cumsum(expected)), prepend=0).astype("int64")
    day = np.repeat(truth.crisis_day + np.arange(len(extra)), extra)
    on_topic = rng.random(len(day)) < CRISIS_TOPIC_SHARE
    other = rng.choice(list(TOPICS), len(day), p=list(TOPICS.values()))
    topic = np.where(on_topic, truth.crisis_topic, other)
    return pd.DataFrame({"day": day, "brand": setting.workspace.brand.name, "sentiment": "NEG", "topic": topic})
