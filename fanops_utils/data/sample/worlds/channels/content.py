"""Content: what the team planned and tagged, and how fast posts fade; the effects of types and series are in the posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import iso
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.worlds.channels.posts import instagram_posts

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("content/tags.csv", "content/readings.csv", "instagram/*.csv")


def content_files(setting: Setting) -> list[RawFile]:
    """Return the tags of all posts, and readings of some at several ages."""
    truth, tags, readings = setting.truths.content, [], []
    for account in setting.workspace.brand.accounts:
        if account.platform != "instagram" or account.market is None:
            continue
        code = account.market
        posts = instagram_posts(setting, code)
        rng = setting.rng(f"tags {code}")
        planned = posts["published"].dt.tz_convert(setting.zone(code)).dt.tz_localize(None).dt.normalize()
        slip = rng.random(len(posts)) < 0.15
        planned = planned - pd.to_timedelta(np.where(slip, rng.integers(1, 5, len(posts)), 0), unit="D")
        signed = posts["published"] - pd.to_timedelta(rng.integers(3_600, 200_000, len(posts)), unit="s")
        tags.append(pd.DataFrame({
            "Network": "instagram", "Account": account.id or account.handle, "Post ID": posts["post_id"].astype(str),
            "Country": code,
            "Planned for": planned.dt.strftime("%Y-%m-%d"), "Type": posts["type"], "Series": posts["series"],
            "Topic": posts["topic"],
            "Made by": np.where(rng.random(len(posts)) < 0.12, "KOL", "OGC"),
            "Making": np.where(rng.random(len(posts)) < 0.8, "original", "curated"),
            "Signed off": np.where(rng.random(len(posts)) < 0.97, iso(signed), ""),
        }))  # fmt: skip
        if code in truth.read_in:
            readings.append(_readings(setting, posts, code))
    if not tags:
        return []
    files = [raw_file("content/tags.csv", "content_tags", pd.concat(tags, ignore_index=True), plain_csv)]
    if readings:
        files.append(
            raw_file("content/readings.csv", "post_readings", pd.concat(readings, ignore_index=True), plain_csv)
        )
    return files


def _readings(setting: Setting, posts: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return the numbers of *posts* at several ages: half of what they come to within the half-life of their type."""
    truth, rng = setting.truths.content, setting.rng(f"readings {code}")
    start, end = (pd.Timestamp(day, tz="UTC") for day in truth.read_from)
    some = posts[(posts["published"] >= start) & (posts["published"] < end) & ~posts["collab"]].reset_index(drop=True)
    half = some["type"].map(dict(truth.half_lives)).fillna(truth.half_life).to_numpy()
    row = np.repeat(np.arange(len(some)), len(truth.ages))
    age = np.tile(truth.ages, len(some))
    part = 1 - 2.0 ** (-age / half[row])
    counts = {
        name: np.rint(some[name].to_numpy()[row] * part).astype("int64")
        for name in ("views", "likes", "comments", "shares")
    }
    later = (age * 3600 + rng.integers(-120, 120, len(row))).astype("int64").astype("timedelta64[s]")
    at = some["published"].dt.floor("min").dt.tz_localize(None).to_numpy()[row] + later
    return pd.DataFrame({
        "Network": "instagram", "Post ID": some["post_id"].astype(str).to_numpy()[row], "Read": iso(pd.DatetimeIndex(at, tz="UTC")),
        "Views so far": counts["views"], "Likes so far": counts["likes"], "Comments so far": counts["comments"],
        "Shares so far": counts["shares"],
    })  # fmt: skip
