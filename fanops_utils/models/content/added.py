"""What one more trait of a post adds, all else equal: captions, hashtags, and combinations of type, time and format.

Many traits are looked at together, so a trait counts as told apart only under a false-discovery rate of 5 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import numbers
from fanops_utils.models.content.design import Design, design

FEWEST_POSTS = 10
RATE = 0.04  # so that luck comes to at most one in twenty: with five traits the p-values are a little small
COLUMNS = ["n", "estimate", "ci_lower", "ci_upper", "p_value", "q_value", "apart"]
TRAITS = ("question", "number", "emoji", "many_hashtags", "long_caption")
MANY_HASHTAGS = 3
PARTS_OF_DAY = {"night": (0, 6), "morning": (6, 11), "midday": (11, 15), "afternoon": (15, 18), "evening": (18, 24)}


def caption_traits(messages: pd.Series) -> pd.DataFrame:
    """Return for each caption whether its first line asks a question or holds a number, whether it has an emoji, more than
    three hashtags, and whether it is longer than the caption in the middle (in characters, hashtags left out).

    A post without a caption has none of the traits known.
    """
    text = messages.astype("string")
    first = text.str.split("\n").str[0]
    tags = text.str.count(r"[#＃]\w+")
    length = text.str.replace(r"[#＃]\w+", "", regex=True).str.strip().str.len()
    emoji = r"[\U0001F300-\U0001FAFF\u2600-\u27BF]"
    told = {
        "question": first.str.contains(r"[?？¿]"), "number": first.str.contains(r"\d"), "emoji": text.str.contains(emoji),
        "many_hashtags": tags > MANY_HASHTAGS, "long_caption": length > length.median(),
    }  # fmt: skip
    return pd.DataFrame(
        {name: column.astype("Float64").astype(float) for name, column in told.items()}, index=messages.index
    )


def caption_effects(
    posts: pd.DataFrame, *, size: str | None = "reach", factors: Sequence[str] = (), numbers_of: Sequence[str] = (),
    hour: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return what each trait of the captions (column post_message) adds to interactions, all else equal.

    Returned: trait, n (posts that have it), estimate, ci_lower, ci_upper (fractions, 95 %), p_value, q_value, apart. A
    trait of fewer than ten posts, or missing in fewer than ten, is left out.
    """
    laid = design(posts, size=size, factors=factors, numbers_of=numbers_of, hour=hour)
    traits = caption_traits(laid.used["post_message"])
    known = traits.notna().all(axis=1).to_numpy()
    columns = {name: traits[name].to_numpy() for name in TRAITS}
    return _effects(laid, known, columns).rename_axis("trait").reset_index()


def combinations_of(
    posts: pd.DataFrame, *, cells: Sequence[str], size: str | None = "reach", factors: Sequence[str] = (),
    numbers_of: Sequence[str] = (), hour: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return what a combination of two of *cells* adds to the sum of its parts: first, first_value, second, second_value.

    Columns beyond as in `caption_effects`. The parts themselves are held equal, with *factors*, *numbers_of*, *hour*.
    """
    laid = design(posts, need_columns=cells, size=size, factors=[*cells, *factors], numbers_of=numbers_of, hour=hour)
    columns = {}
    for one, other in combinations(cells, 2):
        for (left, right), part in laid.used.groupby([one, other], observed=True):
            columns[(one, str(left), other, str(right))] = laid.used.index.isin(part.index).astype(float)
    table = _effects(laid, np.ones(len(laid.used), dtype=bool), columns)
    names = ["first", "first_value", "second", "second_value"]
    keys = pd.DataFrame(list(table.index), columns=names) if len(table) else pd.DataFrame(columns=names)
    return pd.concat([keys, table.reset_index(drop=True)], axis=1)


def part_of_day(hours: pd.Series) -> pd.Series:
    """Return the part of the day of each hour: night, morning, midday, afternoon, evening; null where not known."""
    named = pd.Series(pd.NA, index=hours.index, dtype="string")
    value = pd.Series(numbers(hours), index=hours.index)
    for name, (start, end) in PARTS_OF_DAY.items():
        named[(value >= start) & (value < end)] = name
    return named


def discoveries(p_values: Iterable[float]) -> np.ndarray:
    """Return *p_values* corrected for the false-discovery rate (Benjamini and Hochberg 1995)."""
    p = np.asarray(list(p_values), dtype=float)
    return np.asarray(stats.false_discovery_control(p)) if p.size else p


def _effects(laid: Design, known: np.ndarray, columns: Mapping[Any, np.ndarray]) -> pd.DataFrame:
    """Return the effect of each of *columns* (0/1) by itself beside those of *laid*."""
    y, beside = laid.y[known], laid.beside[known]
    x = np.column_stack([np.ones(len(y)), beside]) if len(y) else np.empty((0, 1))
    free = len(y) - x.shape[1] - 1
    rows, keys = [], []
    able = bool(len(y)) and free >= 10
    basis = np.linalg.qr(x)[0] if able else x
    leverage = (basis**2).sum(axis=1)
    for key, whole in columns.items() if able else ():
        column = whole[known]
        count = int(column.sum())
        rest = column - basis @ (basis.T @ column)
        left = float(rest @ rest)
        if min(count, len(column) - count) < FEWEST_POSTS or left < 0.05 * count:
            continue  # few posts, or what the other columns say already
        outcome = y - basis @ (basis.T @ y)
        effect = float(rest @ outcome) / left
        drawn = np.clip(leverage + rest**2 / left, 0, 0.95)  # a post that pulls the line to itself hides its own error
        error = (outcome - effect * rest) / (1 - drawn)  # scatter may differ from post to post (HC3)
        spread = float(np.sqrt(np.sum((rest * error) ** 2))) / left
        half = float(stats.t.ppf(0.975, free)) * spread
        p_value = float(2 * stats.t.sf(abs(effect) / spread, free))
        rows.append((count, *np.expm1([effect, effect - half, effect + half]), p_value))
        keys.append(key)
    table = pd.DataFrame(rows, columns=COLUMNS[:5], index=pd.Index(keys, tupleize_cols=False, dtype=object))
    table = table.assign(q_value=discoveries(table["p_value"]))
    return table.assign(apart=table["q_value"] <= RATE).sort_values("p_value")
