"""The rows and columns of a regression on posts: log interactions, and what else about a post may move them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.social.engagement import interactions

WAVE = 2 * np.pi / 24


@dataclass(frozen=True)
class Design:
    """Posts ready for a regression: `used` rows, their log interactions `y`, adjusting columns `beside` by name.

    `beside` are centred and independent of each other; without a constant. `n_dropped` counts posts left out because
    interactions, size or a wanted column is not known.
    """

    used: pd.DataFrame
    y: np.ndarray
    beside: np.ndarray
    names: tuple[str, ...]
    n_dropped: int


def design(
    posts: pd.DataFrame, *, need_columns: Sequence[str] = (), size: str | None = None, factors: Sequence[str] = (),
    numbers_of: Sequence[str] = (), hour: str | None = None,
) -> Design:  # fmt: skip
    """Return the posts and columns of a regression of log(interactions + 0.5).

    *need_columns* must be known in a row; *size* (reach, followers) enters as its log with a free slope and must be
    above zero; *factors* enter level by level, a missing level as one of its own; *numbers_of* as they are, a missing
    value as the mean; *hour* (0-24) as two daily waves, where nine in ten posts have it. Columns that never vary, or
    repeat others, are left out. Raises DataError for a missing column.
    """
    need(posts, *need_columns, *factors, *numbers_of, *([size] if size else []), *([hour] if hour else []))
    top = pd.Series(interactions(posts).to_numpy(dtype=float, na_value=np.nan), index=posts.index)
    known = top.notna() & posts[list(need_columns)].notna().all(axis=1)
    if size:
        known &= pd.Series(numbers(posts[size]), index=posts.index) > 0
    used = posts[known]
    columns: list[tuple[str, np.ndarray]] = []
    if size:
        columns.append(("size", np.log(numbers(used[size]))))
    for name in factors:
        level = used[name].astype("object").where(used[name].notna(), "").astype(str)
        columns += [(name, column) for column in pd.get_dummies(level, drop_first=True, dtype=float).to_numpy().T]
    for name in numbers_of:
        value = pd.Series(numbers(used[name]))
        columns.append((name, value.fillna(value.mean()).fillna(0.0).to_numpy()))
    if hour:
        columns += _waves(numbers(used[hour]))
    beside, names = _independent(columns, len(used))
    return Design(used, np.log(top[known].to_numpy() + 0.5), beside, names, len(posts) - len(used))


def _waves(hours: np.ndarray) -> list[tuple[str, np.ndarray]]:
    known = np.isfinite(hours)
    if not known.size or known.mean() < 0.9:
        return []
    angle = WAVE * np.where(known, hours, 0.0)
    return [("hour", np.where(known, turn(times * angle), 0.0)) for times in (1, 2) for turn in (np.sin, np.cos)]


def _independent(columns: list[tuple[str, np.ndarray]], n: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the columns, centred, without those that the columns before them already say."""
    kept: list[np.ndarray] = []
    basis: list[np.ndarray] = []
    names = []
    for name, column in columns:
        centred = column - column.mean() if n else column
        scale = float(np.sqrt(np.mean(centred**2))) if n else 0.0
        if scale < 1e-12:
            continue
        rest = centred / scale
        for _ in range(2):  # twice is enough for rounding
            for direction in basis:
                rest = rest - direction * (direction @ rest)
        length = float(np.linalg.norm(rest))
        if length < 1e-6 * np.sqrt(n):
            continue
        basis.append(rest / length)
        kept.append(centred)
        names.append(name)
    return (np.column_stack(kept) if kept else np.empty((n, 0))), tuple(names)
