"""Public mentions of the brand and its rivals, with one week in which one market turns negative."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import apportion, calendar, stream, to_utc, waking_hours
from fanops_utils.data.sample.truth import LISTENING, market_truth
from fanops_utils.data.sample.world import log_activity
from fanops_utils.workspace import Workspace

NETWORKS = {"instagram": 0.42, "x": 0.28, "tiktok": 0.20, "reddit": 0.10}
TOPICS = {"taste": 0.34, "price": 0.18, "packaging": 0.09, "delivery": 0.15, "service": 0.10, "sustainability": 0.14}
POSITIVE_SHARE = 0.37
CRISIS_TOPIC_SHARE = 0.85


def mentions(workspace: Workspace, *, seed: int, scale: float, onset: float = 0.0) -> pd.DataFrame:
    """Return one row per mention, by time: time, network, market, brand, sentiment, topic.

    What the crisis adds on its first day comes from the local hour *onset* on.
    """
    sizes = apportion(
        LISTENING.mentions * scale, {code: market_truth(code).mention_share for code in workspace.markets}
    )
    parts = []
    for code, size in sizes.items():
        rng = stream(seed, f"listening {code}")
        usual = usual_mentions(workspace, code, size, seed=seed, rng=rng)
        extra = crisis_mentions(workspace.brand.name, size, rng=rng) if code == LISTENING.crisis_market else usual[:0]
        both = pd.concat([usual, extra], ignore_index=True)
        hours, zone = waking_hours(len(both), rng), workspace.market(code).time_zone
        first = np.arange(len(both)) >= len(usual)
        first &= (both["day"] == (pd.Timestamp(LISTENING.crisis_start) - calendar()[0]).days).to_numpy()
        hours = np.where(first, onset + hours * (1 - onset / 24), hours)
        times = to_utc(calendar()[both["day"].to_numpy(dtype="int64")], hours, zone)
        networks = rng.choice(list(NETWORKS), len(both), p=list(NETWORKS.values()))
        parts.append(both.assign(time=times, network=networks, market=code))
    return pd.concat(parts).sort_values("time", kind="stable", ignore_index=True)


def usual_mentions(
    workspace: Workspace, market: str, size: int, *, seed: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return *size* mentions over the days of *market*; the brand's share of them is its share of voice."""
    truth, rivals = market_truth(market), workspace.brand.competitors
    weight = np.exp(log_activity(truth, seed=seed, name=f"listening {market}")) * rng.gamma(8, 1 / 8, len(calendar()))
    left = (1 - truth.share_of_voice) / max(1, len(rivals))
    brands = {workspace.brand.name: truth.share_of_voice if rivals else 1.0, **dict.fromkeys(rivals, left)}
    negative = LISTENING.negative_share
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


def crisis_mentions(brand: str, size: int, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return the negative mentions that the crisis adds to *size* usual ones, most of them on its topic."""
    usual = size * market_truth(LISTENING.crisis_market).share_of_voice * LISTENING.negative_share / len(calendar())
    expected = usual * (np.array(LISTENING.crisis_daily_factors) - 1)
    extra = np.diff(np.rint(np.cumsum(expected)), prepend=0).astype("int64")
    first = (pd.Timestamp(LISTENING.crisis_start) - calendar()[0]).days
    day = np.repeat(first + np.arange(len(extra)), extra)
    on_topic = rng.random(len(day)) < CRISIS_TOPIC_SHARE
    other = rng.choice(list(TOPICS), len(day), p=list(TOPICS.values()))
    topic = np.where(on_topic, LISTENING.crisis_topic, other)
    return pd.DataFrame({"day": day, "brand": brand, "sentiment": "NEG", "topic": topic})
