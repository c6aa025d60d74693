"""Who carries the talk: concentration, and members who could become key voices, by a score anybody can check."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.multiple import holm

LEAST_MESSAGES = 10
CLEAR = 0.05


@dataclass(frozen=True)
class Concentration:
    """How unevenly messages are spread over writers: gini (0 even), top_share of the busiest hundredth, top_tenth of the
    busiest tenth, half_by (writers who together write half: the bus factor), writers, messages. Points over members likewise."""

    gini: float
    top_share: float
    half_by: int
    writers: int
    messages: int
    top_tenth: float = float("nan")


def concentration(counts: pd.Series) -> Concentration | None:
    """Return how unevenly *counts* (messages per writer) are spread; None without any.

    Gini with the correction n / (n - 1), so that few writers do not look even by themselves.
    """
    ordered = np.sort(counts[counts > 0].to_numpy(dtype=float))
    n, total = len(ordered), float(ordered.sum())
    if n < 2:
        return None
    gini = 2 * float(np.sum(np.arange(1, n + 1) * ordered)) / (n * total) - (n + 1) / n
    falling = np.cumsum(ordered[::-1])
    top = max(1, round(n / 100))
    return Concentration(
        gini=gini * n / (n - 1),
        top_share=float(falling[top - 1] / total),
        top_tenth=float(falling[max(1, round(n / 10)) - 1] / total),
        half_by=int(np.searchsorted(falling, total / 2) + 1),
        writers=n,
        messages=int(total),
    )


def key_voices(halves: pd.DataFrame, *, best: int = 20) -> tuple[pd.DataFrame, float]:
    """Return candidates for key voices by score, best first, and how stable the ranking is from one half to the next.

    *halves*: `writers` with halves: member_key, half, threads, answers, replies. Score: replies caused per thread, drawn
    to the mean of all by the threads behind it (gamma-Poisson, so that two lucky threads do not win), weighing
    two thirds, and answers given (log), one third, both as ranks from 0 to 1. Returned: member_key, score, threads,
    answers, replies, each (drawn to the mean), clear: causes more replies than chance gives anybody (Poisson against the
    mean of all, Holm at 5 %); clear ones first. Only writers of ten messages or more. Stability is Spearman's correlation of
    both halves' scores (NaN below ten writers in both).
    """
    whole = halves.groupby("member_key")[["threads", "answers", "replies"]].sum()
    table = _scored(whole)
    first, second = (_scored(halves[halves["half"] == side].set_index("member_key")) for side in (0, 1))
    both = first["score"].to_frame("first").join(second["score"].rename("second"), how="inner")
    stable = float(stats.spearmanr(both["first"], both["second"]).statistic) if len(both) >= 10 else float("nan")
    table = table.sort_values(["clear", "score"], ascending=False, kind="stable").head(best)
    return table.rename_axis("member_key").reset_index(), stable


def _scored(people: pd.DataFrame) -> pd.DataFrame:
    known = people[people["threads"] + people["answers"] >= LEAST_MESSAGES].copy()
    if known.empty:
        return known.assign(each=pd.Series(dtype=float), score=pd.Series(dtype=float), clear=False)
    threads, replies = known["threads"].to_numpy(dtype=float), known["replies"].to_numpy(dtype=float)
    mean = replies.sum() / max(threads.sum(), 1.0)
    each = np.divide(replies, threads, out=np.full(len(known), mean), where=threads > 0)
    between = max(
        float(np.average((each - mean) ** 2, weights=np.maximum(threads, 1e-9)))
        - mean * len(known) / max(threads.sum(), 1.0),
        1e-6,
    )
    prior = mean / between  # threads that weigh as much as what all have in common
    known["each"] = (replies + prior * mean) / (threads + prior)
    ranks = known["each"].rank(pct=True) * 2 / 3 + np.log1p(known["answers"]).rank(pct=True) / 3
    chance = stats.poisson.sf(replies - 1, np.maximum(mean * threads, 1e-9))
    clear = np.asarray(holm(chance.tolist())) < CLEAR
    return known.assign(score=ranks, clear=clear)[["score", "threads", "answers", "replies", "each", "clear"]]
