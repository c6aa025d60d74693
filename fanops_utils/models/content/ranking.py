"""Which kind of post does best: a ranking that luck, reach and the habits of accounts do not make.

Regression of log(interactions + 0.5) on the kinds and on what else differs between their posts, with a slope of log
reach left free (on real data it is about 0.8, so that a plain rate favours what reaches few); the kinds' effects are
then drawn together as far as their own noise asks, with the spread between kinds integrated over and not plugged in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from fanops_utils.models.content.design import Design, design

FEWEST_POSTS = 5
NAMED = 0.8
LEVEL = 0.9
SPREADS = np.concatenate([np.arange(0.0, 0.3, 0.01), np.arange(0.3, 1.51, 0.05)])
DRAWS = 4000
BORROWED = 4.0  # degrees of freedom with which a kind's own scatter leans on that of all
COLUMNS = ["n", "estimate", "ci_lower", "ci_upper", "p_best", "rankable", "may_be_best", "mark"]


@dataclass(frozen=True)
class Ranking:
    """Kinds of posts in order: what a post of each earns, against the average of the kinds, all else equal.

    `code`: "best" (one is best with a chance of 0.8 or more, and clearly above average), "set" (several may be), "few"
    (fewer than two kinds with five posts), "mixed_up" (kinds and accounts, formats or others cannot be told apart).
    `table`: *cell*, n, estimate, ci_lower, ci_upper (fractions, 90 % intervals), p_best, rankable (five posts or more),
    may_be_best (in the smallest set that holds the best in 9 of 10 cases), mark (above, below, average), best first, the
    unrankable last. `reach_slope`: what 1 % more reach adds to interactions, in %; NaN where reach is not held equal.
    `scatter`: of the log of interactions around the model. `adjusted` names what is held equal.
    """

    cell: str
    code: Literal["best", "set", "few", "mixed_up"]
    table: pd.DataFrame
    reach_slope: float
    scatter: float
    adjusted: tuple[str, ...]
    n: int
    n_dropped: int

    @property
    def marked(self) -> bool:
        """Whether any kind lies clearly above or below the average of the kinds."""
        return bool(self.table["mark"].isin(["above", "below"]).any())


def rank_cells(
    posts: pd.DataFrame, cell: str, *, size: str | None = "reach", factors: Sequence[str] = (), numbers_of: Sequence[str] = (),
    hour: str | None = None, seed: int = 0,
) -> Ranking:  # fmt: skip
    """Return the values of the column *cell* ranked by interactions per post.

    Columns: *cell*, what `metrics.interactions` reads, and those named. *size* (reach, or followers of the account) is
    held equal with a free slope; None compares posts as they come, with the reach they earned. *factors*,
    *numbers_of*, *hour* are held equal as in `design`. Method: least squares with each cell's own scatter, t; normal
    prior over cells, its spread integrated on a grid under a half-normal(1) prior.
    """
    laid = design(posts, need_columns=[cell], size=size, factors=factors, numbers_of=numbers_of, hour=hour)
    names, place = np.unique(laid.used[cell].astype(str).to_numpy(), return_inverse=True)
    counts = np.bincount(place, minlength=len(names))
    empty = pd.DataFrame({cell: names, "n": counts}).reindex(columns=[cell, *COLUMNS])
    empty = empty.assign(p_best=np.nan, rankable=counts >= FEWEST_POSTS, may_be_best=False, mark="")
    told: dict[str, Any] = {
        "cell": cell,
        "adjusted": tuple(dict.fromkeys(laid.names)),
        "n": len(laid.used),
        "n_dropped": laid.n_dropped,
    }
    nothing: dict[str, Any] = {"table": empty, "reach_slope": np.nan, "scatter": np.nan}
    free = len(laid.used) - len(names) - laid.beside.shape[1]
    if int((counts >= FEWEST_POSTS).sum()) < 2 or free < 10:
        return Ranking(code="few", **nothing, **told)
    fitted = _fit(laid, place, len(names), free)
    if fitted is None:
        return Ranking(code="mixed_up", **nothing, **told)
    effects, covariance, slope, scatter = fitted
    drawn = _draws(effects, covariance * (free / (free - 2)), np.random.default_rng(seed))
    table = _table(names, counts, drawn, cell)
    clear = (table["p_best"] >= NAMED) & (table["mark"] == "above")  # of two kinds luck alone comes to 0.8 often
    code: Literal["best", "set"] = "best" if clear.any() else "set"
    return Ranking(code=code, table=table, reach_slope=slope if size else np.nan, scatter=scatter, **told)


def _fit(laid: Design, place: np.ndarray, cells: int, free: int) -> tuple[np.ndarray, np.ndarray, float, float] | None:
    """Return the effects of the cells with their covariance, the slope of the size and the scatter; None if aliased."""
    kinds = np.zeros((len(place), cells))
    kinds[np.arange(len(place)), place] = 1.0
    x = np.column_stack([kinds, laid.beside])
    scale = np.sqrt((x**2).mean(axis=0))
    if np.linalg.matrix_rank(x / scale, tol=1e-6 * np.sqrt(len(x))) < x.shape[1]:
        return None
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ laid.y
    squared = (laid.y - x @ beta) ** 2
    pooled = float(squared.sum() / free)
    share = free / len(x)  # of each residual's freedom that is left
    own = np.bincount(place, squared, cells)
    size = np.bincount(place, minlength=cells) * share
    spread = ((own + BORROWED * pooled) / (size + BORROWED))[place]
    covariance = inverse @ (x.T * spread) @ x @ inverse
    slope = float(beta[cells + laid.names.index("size")]) if "size" in laid.names else np.nan
    return beta[:cells], covariance[:cells, :cells], slope, float(np.sqrt(pooled))


def _draws(effects: np.ndarray, covariance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return draws of the effects against their average: normal prior, its spread integrated, its mean flat."""
    size = len(effects)
    centre = np.eye(size) - 1 / size
    chance = np.array([_log_evidence(effects, covariance, spread) for spread in SPREADS])
    chance = np.exp(chance - chance.max())
    width = np.gradient(SPREADS)
    taken = rng.multinomial(DRAWS, chance * width / (chance * width).sum())
    precision, parts = np.linalg.inv(covariance), []
    for spread, number in zip(SPREADS, taken, strict=True):
        if not number:
            continue
        if spread == 0:
            parts.append(np.zeros((number, size)))
            continue
        after = np.linalg.inv(precision + centre / spread**2)
        mean = after @ precision @ effects
        parts.append(rng.multivariate_normal(mean, (after + after.T) / 2, number, method="svd") @ centre)
    return np.concatenate(parts)


def _log_evidence(effects: np.ndarray, covariance: np.ndarray, spread: float) -> float:
    total = covariance + spread**2 * np.eye(len(effects))
    weight = np.linalg.inv(total)
    mean = weight.sum(axis=0) @ effects / weight.sum()
    rest = effects - mean
    log_prior = -0.5 * spread**2
    return float(-0.5 * (np.linalg.slogdet(total)[1] + np.log(weight.sum()) + rest @ weight @ rest) + log_prior)


def _table(names: np.ndarray, counts: np.ndarray, drawn: np.ndarray, cell: str) -> pd.DataFrame:
    rankable = counts >= FEWEST_POSTS
    best = np.zeros(len(names))
    able = drawn[:, rankable]
    top = able == able.max(axis=1, keepdims=True)  # all kinds alike: each is best in its share of the cases
    best[rankable] = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    middle = drawn.mean(axis=0)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    mark = np.where(~rankable, "", np.where(low > 0, "above", np.where(high < 0, "below", "average")))
    table = pd.DataFrame({
        cell: names, "n": counts, "estimate": np.expm1(middle), "ci_lower": np.expm1(low), "ci_upper": np.expm1(high),
        "p_best": np.where(rankable, best, np.nan), "rankable": rankable, "mark": mark,
    })  # fmt: skip
    order = np.argsort(-best)
    before = np.cumsum(best[order]) - best[order]
    holds = np.zeros(len(names), dtype=bool)
    holds[order] = before < LEVEL
    table["may_be_best"] = holds & rankable
    shown = table.sort_values(["rankable", "estimate"], ascending=False, ignore_index=True)
    return shown[[cell, *COLUMNS]]
