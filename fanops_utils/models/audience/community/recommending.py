"""Whether members recommend the brand: the net promoter score with its variance, and who did not answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.multiple import holm

LEVEL = 0.95
FEWEST = 30


def nps(
    scores: pd.Series, *, weights: pd.Series | None = None, level: float = LEVEL
) -> tuple[float, float, float, float]:
    """Return the net promoter score (-1 to 1) of *scores* (0-10), its interval and its effective n.

    Promoters answer 9 or 10, critics 0 to 6. With p promoters and d critics the variance is (p(1-p) + d(1-d) + 2pd) / n;
    with *weights*, n is Kish's effective number. NaN without answers.
    """
    known = scores.notna()
    score = scores[known].to_numpy(dtype=float)
    weight = np.ones(len(score)) if weights is None else weights[known].to_numpy(dtype=float)
    if not len(score) or weight.sum() <= 0:
        return float("nan"), float("nan"), float("nan"), 0.0
    p, d = (float(weight[side].sum() / weight.sum()) for side in (score >= 9, score <= 6))
    n = float(weight.sum() ** 2 / (weight**2).sum())
    half = float(stats.norm.ppf(0.5 + level / 2)) * np.sqrt((p * (1 - p) + d * (1 - d) + 2 * p * d) / n)
    return p - d, max(-1.0, p - d - half), min(1.0, p - d + half), n


def waves(answers: pd.DataFrame, active_days: pd.Series) -> pd.DataFrame:
    """Return per survey: survey, asked, n, answer_rate, estimate, ci_lower, ci_upper, weighted, fell.

    Columns of *answers*: survey, respondent_key, score (null: no answer); *active_days* by respondent_key says how often
    a member was there. weighted corrects for who answered: each of four classes of activity counts by who was asked. fell
    is true where the score lies below that of the wave before (one-sided 2.5 % over all waves together, Holm).
    """
    rows = []
    for survey, part in answers.groupby("survey", sort=True):
        seen = part["respondent_key"].map(active_days).fillna(0)
        group = pd.qcut(seen.rank(method="first"), min(4, len(part)), labels=False, duplicates="drop")
        answered = part["score"].notna()
        rate = answered.groupby(group).transform("mean")
        score, low, high, _ = nps(part["score"])
        weighted = nps(part["score"], weights=1 / rate.where(rate > 0, np.nan).fillna(1.0))[0]
        rows.append((survey, len(part), int(answered.sum()), float(answered.mean()), score, low, high, weighted))
    columns = ["survey", "asked", "n", "answer_rate", "estimate", "ci_lower", "ci_upper", "weighted"]
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[3:], "float64"))
    error = (table["ci_upper"] - table["ci_lower"]) / (2 * 1.959964)
    step, spread = table["estimate"].diff(), np.sqrt(error**2 + error.shift() ** 2)
    enough = (table["n"] >= FEWEST) & (table["n"].shift() >= FEWEST)
    p = pd.Series(stats.norm.cdf(step / spread), index=table.index).where(enough & (spread > 0))
    fell = pd.Series(False, index=table.index)
    if p.notna().any():
        fell[p.notna()] = np.asarray(holm(p.dropna().tolist())) < (1 - LEVEL) / 2
    return table.assign(fell=fell, step=step)
