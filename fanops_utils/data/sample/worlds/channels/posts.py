"""Instagram posts with their lifetime numbers: format, hour and topic act as planted."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, to_utc
from fanops_utils.data.sample.period import DAYS_PER_MONTH, EXPORTED
from fanops_utils.data.sample.texts import captions

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

SHORTCODE = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
EPOCH_MS = 1_314_220_021_721
FORMATS = ("reel", "image", "carousel")
# When the team posts each format: (share, from hour, to hour), local time.
SLOTS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "reel": ((0.92, 19.0, 22.0), (0.08, 7.0, 11.0)),
    "image": ((0.81, 7.0, 11.0), (0.15, 11.0, 18.0), (0.04, 19.0, 22.0)),
    "carousel": ((0.71, 7.0, 11.0), (0.25, 11.0, 18.0), (0.04, 19.0, 22.0)),
}


@dataclass(frozen=True)
class ContentTruth:
    """What the type, the series and the topic of a post do to interactions per person reached, and how posts fade."""

    types: tuple[tuple[str, float, float], ...] = (  # name, share of the posts, factor on the rate
        ("product", 0.30, 0.94), ("education", 0.20, 1.10), ("interaction", 0.20, 1.0), ("emotion", 0.15, 1.0),
        ("entertainment", 0.15, 1.0),
    )  # fmt: skip
    series: tuple[tuple[str, float, float], ...] = (("five_minute_tea", 0.12, 1.15), ("monday_news", 0.12, 1.0))
    supply: tuple[tuple[str, tuple[float, ...]], ...] = (("JP", (0.46, 0.12, 0.21, 0.21)),)  # by topic; else all alike
    demand: tuple[tuple[str, str, float], ...] = (("JP", "recipe", 1.25),)  # market, topic, factor on the rate there
    half_life: float = 24.0  # hours
    half_lives: tuple[tuple[str, float], ...] = (("interaction", 8.0),)
    ages: tuple[float, ...] = (3.0, 6.0, 12.0, 24.0, 48.0, 72.0, 168.0)
    read_in: tuple[str, ...] = ("US", "JP", "MX")
    read_from: tuple[str, str] = ("2026-05-15", "2026-08-01")


@dataclass(frozen=True)
class PostTruth:
    """Instagram posts: what format, hour and topic do; hours are local, factors multiply."""

    per_week: float = 4.0
    engagement_rate: float = 0.045
    reel_reach: float = 2.1
    reel_engagement_rate: float = 1.5
    best_hour: float = 12.5
    hour_amplitude: float = 0.25
    reach_noise_sd: float = 0.35
    rate_noise_sd: float = 0.10
    topic_engagement_rate: tuple[tuple[str, float], ...] = (
        ("product", 0.92), ("recipe", 1.0), ("behindthescenes", 1.04), ("fans", 1.15),
    )  # fmt: skip
    renamed: str = "2025-04-11"
    impressions_per_reach: float = 1.6
    views_over_impressions: float = 1.25
    maturing_hours: float = 24.0

    @property
    def cutover(self) -> pd.Timestamp:
        """The moment from which posts count views in the place of impressions."""
        return pd.Timestamp(self.renamed, tz="America/Los_Angeles")

    @property
    def first_export(self) -> pd.Timestamp:
        """When the posts before it were exported."""
        return pd.Timestamp(self.renamed, tz="UTC") + pd.Timedelta(hours=9)


def instagram_posts(setting: Setting, market: str) -> pd.DataFrame:
    """Return the posts of *market*, oldest first: what was published, when, and its numbers at export.

    Columns: format, topic, type, series ("" = none), caption, duration (seconds), published (UTC), hour (local, with
    fraction), post_id, low_bits (of the shortcode), collab, renamed (after Impressions became Views), reach_unknown,
    and the counts reach, views, likes, comments, shares, saves, follows. Hour and format are confounded: reels go out late.
    """
    rng, where = setting.rng(f"posts {market}"), setting.workspace.market(market)
    post, truth, days = setting.truths.posts, setting.truths.content, calendar()
    size = max(40, round(post.per_week * len(days) / 7 * setting.scale))
    day = np.sort(rng.integers(0, len(days), size))
    formats = rng.choice(FORMATS, size, p=(0.45, 0.35, 0.20))
    topics = rng.choice([name for name, _ in post.topic_engagement_rate], size, p=dict(truth.supply).get(market))
    hours = posting_hours(formats, rng)
    posts = pd.DataFrame(
        {
            "day": day,
            "format": formats,
            "topic": topics,
            "hour": hours,
            "published": to_utc(days[day], hours, where.time_zone),
            "duration": np.where(formats == "reel", rng.integers(8, 75, size), 0),
            "collab": rng.random(size) < 0.012,
            "caption": captions(where.language, topics, rng=rng),
            "post_id": 17_900_000_000_000_000 + rng.choice(90_000_000_000, size, replace=False) * 1000 + 7,
            "low_bits": rng.integers(0, 2**23, size),
        }
    ).sort_values("published", ignore_index=True)
    local_days = posts["published"].dt.tz_convert("America/Los_Angeles").dt.date
    inside = (local_days >= days[0].date()) & (local_days <= days[-1].date())
    posts = tagged(posts[inside].reset_index(drop=True), market, truth, setting.rng(f"types {market}"))
    return numbers(setting, posts, market, rng=rng)


def tagged(posts: pd.DataFrame, market: str, truth: ContentTruth, rng: np.random.Generator) -> pd.DataFrame:
    """Return *posts* with type, series and what these and the topic do to the rate in *market* (appeal)."""
    size, wanted = len(posts), {topic: factor for code, topic, factor in truth.demand if code == market}
    names, shares, factors = (np.array(column) for column in zip(*truth.types, strict=True))
    kind = rng.choice(len(names), size, p=shares)
    series = [("", 1 - sum(share for _, share, _ in truth.series), 1.0), *truth.series]
    called, parts, lifts = (np.array(column) for column in zip(*series, strict=True))
    part = rng.choice(len(called), size, p=parts)
    demand = posts["topic"].map(wanted).fillna(1.0).to_numpy(dtype=float)
    return posts.assign(type=names[kind], series=called[part], appeal=factors[kind] * lifts[part] * demand)


def posting_hours(formats: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a local posting time in hours for each of *formats*."""
    hours = np.empty(len(formats))
    for name, slots in SLOTS.items():
        own = np.flatnonzero(formats == name)
        share, start, end = (np.array(column) for column in zip(*slots, strict=True))
        slot = rng.choice(len(slots), len(own), p=share)
        hours[own] = start[slot] + rng.random(len(own)) * (end[slot] - start[slot])
    return hours


def numbers(setting: Setting, posts: pd.DataFrame, market: str, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return *posts* with reach, views (impressions before the rename) and interactions at export."""
    truth, place, size = setting.truths.posts, setting.market(market), len(posts)
    reel, renamed = posts["format"].eq("reel").to_numpy(), (posts["published"] >= truth.cutover).to_numpy()
    growth = place.activity_growth * posts["day"].to_numpy() / DAYS_PER_MONTH
    exported = np.where(renamed, pd.Timestamp(EXPORTED).timestamp(), truth.first_export.timestamp())
    born = posts["published"].dt.tz_localize(None).to_numpy().astype("datetime64[s]").astype("int64")
    age_hours = (exported - born) / 3600
    grown_up = 1 - np.exp(-age_hours / truth.maturing_hours)
    level = 0.2 * place.reach * np.where(reel, truth.reel_reach, 1.0) * grown_up
    reach = np.maximum(20, rng.poisson(level * np.exp(growth + rng.normal(0, truth.reach_noise_sd, size))))
    topic = posts["topic"].map(dict(truth.topic_engagement_rate)).to_numpy(dtype=float)
    wave = truth.hour_amplitude * np.cos(2 * np.pi * (posts["hour"].to_numpy() - truth.best_hour) / 24)
    rate = truth.engagement_rate * np.where(reel, truth.reel_engagement_rate, 1.0) * topic * np.exp(wave)
    rate = rate * posts["appeal"].to_numpy()
    engagements = rng.poisson(reach * rate * rng.lognormal(0, truth.rate_noise_sd, size))
    likes, comments, shares, saves = rng.multinomial(engagements, (0.82, 0.05, 0.06, 0.07)).T
    shown = truth.impressions_per_reach * np.where(renamed, truth.views_over_impressions, 1.0)
    return posts.assign(
        renamed=renamed,
        reach=reach,
        views=np.rint(reach * shown * rng.lognormal(0, 0.08, size)).astype("int64"),
        likes=likes,
        comments=comments,
        shares=shares,
        saves=saves,
        follows=rng.poisson(reach * 0.0015),
        reach_unknown=rng.random(size) < 0.015,
    )


def shortcode(published: pd.Timestamp, low_bits: int) -> str:
    """Return the Instagram shortcode of a post created at *published*: base64 of (ms - epoch) << 23 | low bits.

    >>> shortcode(pd.Timestamp("2026-03-07 06:30:00Z"), 0)[:5]
    'DVkr3'
    """
    number = (round(published.timestamp() * 1000) - EPOCH_MS) << 23 | low_bits
    code = ""
    while number:
        number, digit = divmod(number, 64)
        code = SHORTCODE[digit] + code
    return code
