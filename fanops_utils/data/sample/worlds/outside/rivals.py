"""Three rivals as a listening tool exports them: followers day by day, and their posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import autoregression, calendar, iso, to_utc, waking_hours
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.period import DAYS_PER_MONTH, EXPORTED

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("listening/rival_days.csv", "listening/rival_posts.csv")
FORMATS = ("reel", "image", "carousel")
TOPICS = ("product", "recipe", "behindthescenes", "fans")


@dataclass(frozen=True)
class Rival:
    """One rival: followers at the start, log growth per month, its ceiling or break, posts a week, formats, rates.

    With `ceiling` growth is logistic; from the day `breaks` on the growth is `after`. A reel has `reel` times the
    interactions of another post; `beats` is for each interaction rate what a topic multiplies it with.
    """

    followers: float
    growth: float
    per_week: float
    formats: tuple[float, float, float]
    rate: float
    reel: float = 1.0
    ceiling: float | None = None
    breaks: str | None = None
    after: float = 0.0
    beats: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class RivalsTruth:
    """The rivals by name, each with accounts in `markets`, smaller by the factor there."""

    rivals: tuple[tuple[str, Rival], ...] = (
        ("Verdant Leaf", Rival(150_000, 0.025, 5.0, (0.6, 0.2, 0.2), 0.030, reel=1.6, beats=(("recipe", 1.3),))),
        ("Kettle & Co", Rival(60_000, 0.16, 3.0, (0.2, 0.5, 0.3), 0.022, ceiling=240_000)),
        ("Steep Street", Rival(40_000, 0.005, 7.0, (0.34, 0.33, 0.33), 0.040, breaks="2026-02-02", after=0.06)),
    )  # fmt: skip
    markets: tuple[tuple[str, float], ...] = (("US", 1.0), ("DE", 0.4), ("JP", 0.5))
    noise: float = 0.0006  # sd of the log of followers per day, around the curve
    rate_noise: float = 0.4


def curve(rival: Rival, factor: float) -> np.ndarray:
    """Return the expected followers of *rival* per day in a market of the size *factor*."""
    months = np.arange(len(calendar())) / DAYS_PER_MONTH
    start = rival.followers * factor
    if rival.ceiling:
        top = rival.ceiling * factor
        return top / (1 + (top / start - 1) * np.exp(-rival.growth * months))
    log = rival.growth * months
    if rival.breaks:
        since = np.maximum(0, (calendar() - pd.Timestamp(rival.breaks)).days.to_numpy()) / DAYS_PER_MONTH
        log = log + (rival.after - rival.growth) * since
    return start * np.exp(log)


def rival_files(setting: Setting) -> list[RawFile]:
    """Return the daily counts and the posts of the rivals; without competitors in the register none."""
    truth, days, posts = setting.truths.rivals, [], []
    for name, rival in truth.rivals:
        for code, factor in truth.markets:
            if name in setting.workspace.brand.competitors and code in setting.workspace.markets:
                daily, written = _account(setting, name, rival, code, factor)
                days.append(daily)
                posts.append(written)
    if not days:
        return []
    both = (
        ("listening/rival_days.csv", "rival_days", pd.concat(days, ignore_index=True)),
        ("listening/rival_posts.csv", "rival_posts", pd.concat(posts, ignore_index=True)),
    )
    return [raw_file(path, kind, table, plain_csv) for path, kind, table in both]


def _account(setting: Setting, name: str, rival: Rival, code: str, factor: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    truth, rng = setting.truths.rivals, setting.rng(f"rival {name} {code}")
    size = len(calendar())
    expected = curve(rival, factor)
    followers = np.rint(expected * np.exp(autoregression(rng.normal(0, truth.noise, size), 0.9))).astype("int64")
    number = rng.poisson(rival.per_week / 7, size)
    day = np.repeat(np.arange(size), number)
    kind = rng.choice(FORMATS, len(day), p=rival.formats)
    topic = rng.choice(TOPICS, len(day))
    level = (
        rival.rate
        * np.where(kind == "reel", rival.reel, 1.0)
        * pd.Series(topic).map(dict(rival.beats)).fillna(1.0).to_numpy()
    )
    acts = rng.poisson(followers[day] * level * rng.lognormal(-(truth.rate_noise**2) / 2, truth.rate_noise, len(day)))
    likes, comments, shares = rng.multinomial(acts, (0.88, 0.07, 0.05)).T
    time = to_utc(calendar()[day], waking_hours(len(day), rng), setting.zone(code))
    handle = f"{name.lower().replace(' & ', '').replace(' ', '')}.{code.lower()}"
    posts = pd.DataFrame({
        "Network": "instagram", "Handle": handle, "Brand": name, "Country": code,
        "Post ID": [f"{handle}-{number:05d}" for number in range(1, len(day) + 1)], "Published": iso(time),
        "Format": kind, "Topic": topic,
        "Followers": followers[day], "Likes": likes, "Comments": comments, "Shares": shares,
        "Read at": pd.Timestamp(EXPORTED).isoformat(),
    })  # fmt: skip
    daily = pd.DataFrame({
        "Network": "instagram", "Handle": handle, "Brand": name, "Country": code, "Day": calendar().strftime("%Y-%m-%d"),
        "Followers": followers, "Posts": number, "Interactions": np.bincount(day, weights=acts, minlength=size).astype("int64"),
    })  # fmt: skip
    return daily, posts
