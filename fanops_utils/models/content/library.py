"""The posts of a platform made ready to be compared, and each way of sorting them ranked with all others held equal."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from fanops_utils.models.content.added import caption_effects, combinations_of, part_of_day
from fanops_utils.models.content.fading import Fading, summarise
from fanops_utils.models.content.posting_time import PostingTime, posting_time
from fanops_utils.models.content.ranking import Ranking, rank_cells
from fanops_utils.models.content.topics import WordGroups

TRAITS = ("account", "post_type", "topic", "content_type", "series", "making", "origin", "weekday")
TREND = ("published_at", "log_age")
NO_SERIES = "-"
SIZES = ("reach", "views", "impressions")


def comparable_posts(posts: pd.DataFrame) -> pd.DataFrame:
    """Return *posts* (`warehouse.tagged_posts`) without boosted ones, with what a comparison holds equal.

    Adds account, weekday, part (of the day), published_at (years), log_age (of the reading, log days); a post outside
    every series gets "-" where any post has one.
    """
    organic = posts[~posts["is_paid"].astype("boolean").fillna(False).astype(bool)]
    born = pd.to_datetime(organic["created_timestamp"], utc=True)
    age = (pd.to_datetime(organic["snapshot_at"], utc=True) - born).dt.total_seconds() / 86_400
    since = (born - born.min()).dt.total_seconds() / (86_400 * 365.25)
    series = organic["series"].astype("object")
    return organic.assign(
        account=organic["platform"].astype(str) + " " + organic["account_id"].astype(str),
        weekday=organic["created_local"].dt.day_of_week,
        part=part_of_day(organic["hour_local"]),
        published_at=since,
        log_age=np.log(age.where(age > 0)),
        series=series.where(series.notna(), NO_SERIES) if series.notna().any() else series,
    )


def size_of(posts: pd.DataFrame) -> str | None:
    """Return what the posts' size is held equal by: reach, else views, else impressions, known for nine in ten; None: none."""
    return next((name for name in SIZES if len(posts) and float((posts[name] > 0).mean()) >= 0.9), None)


def rank_posts(posts: pd.DataFrame, cell: str, *, equal_reach: bool = True) -> Ranking:
    """Return the values of *cell* ranked over *posts* (`comparable_posts`), their other traits held equal.

    With *equal_reach* at equal reach, else per post as it came, with the reach that it earned.
    """
    size = size_of(posts) if equal_reach else None
    factors = [name for name in TRAITS if name != cell]
    return rank_cells(posts, cell, size=size, factors=factors, numbers_of=TREND, hour="hour_local")


def rank_groups(posts: pd.DataFrame, groups: WordGroups) -> Ranking:
    """Return the *groups* of words (`word_groups` of *posts*) ranked, their topics not held equal: they are what is asked."""
    grouped = posts.assign(words=groups.of.astype("string"), topic=pd.Series(pd.NA, index=posts.index, dtype="string"))
    return rank_posts(grouped, "words")


def rank_on_platforms(posts: pd.DataFrame, cell: str, *, platforms: Iterable[str]) -> pd.DataFrame:
    """Return the ranking of *cell* on each platform by its own definitions, in one table with the column platform."""
    tables = [rank_posts(posts[posts["platform"] == name], cell).table.assign(platform=name) for name in platforms]
    known = [table for table in tables if len(table)]
    return pd.concat(known, ignore_index=True) if known else pd.DataFrame(columns=[cell, "n", "estimate", "platform"])


def time_posts(posts: pd.DataFrame) -> PostingTime:
    """Return `posting_time` of *posts* (`comparable_posts`), their traits held equal."""
    return posting_time(posts, size=size_of(posts), factors=TRAITS, numbers_of=TREND)


def read_captions(posts: pd.DataFrame) -> pd.DataFrame:
    """Return `caption_effects` of *posts* (`comparable_posts`), their traits held equal."""
    return caption_effects(posts, size=size_of(posts), factors=TRAITS, numbers_of=TREND, hour="hour_local")


def read_combinations(posts: pd.DataFrame) -> pd.DataFrame:
    """Return `combinations_of` content type, part of the day and format over *posts* (`comparable_posts`)."""
    cells = ("content_type", "part", "post_type")
    factors = [name for name in TRAITS if name not in cells]
    return combinations_of(posts, cells=cells, size=size_of(posts), factors=factors, numbers_of=TREND)


def fading_by(faded: pd.DataFrame, posts: pd.DataFrame, group: str) -> dict[str, Fading]:
    """Return `fading` of the posts summed up by *group* (a column of *posts*); posts without a group are left out."""
    both = faded.merge(posts[["post_id", group]].dropna(), on="post_id")
    return {str(name): summarise(part) for name, part in both.groupby(group)}
