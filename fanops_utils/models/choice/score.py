"""A weighted score with gates: who stands first, and how sure that is when weights and measures are only about right.

Gates come first and never enter the sum. Scales are fixed in the register and clipped to 0-1, so that a candidate that
leaves changes nothing among the others. Weights are drawn from a Dirichlet distribution around those of the register,
measures with their standard errors, in the same draws; a measure nobody has is drawn over its whole scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.workspace.registers.choice import Candidate, Choice, Criterion

DRAWS = 2_000
FIRM = 0.7  # chance of standing first from which a candidate is called first
CONCENTRATION = {"proposed": 20.0, "agreed": 50.0}
State = Literal["weighed", "out", "open"]


@dataclass(frozen=True)
class Score:
    """`table`, best first: id, state (weighed, out: fails a gate, open: a gate nobody looked at), score, ci_lower, ci_upper
    (90 % of the draws), p_first, n_missing (criteria without a measure), gates (ids that keep it out or open); scores of
    who is out are NaN. `first`: ids that may stand first: one where its chance is 0.7 or more, else the fewest that
    together reach it. `turns`: criterion whose share of the weight, changed to `turns_at`, makes another first; None where
    none does.
    """

    table: pd.DataFrame
    first: tuple[str, ...]
    turns: str | None
    turns_at: float


def score(choice: Choice, *, seed: int = 7, draws: int = DRAWS, level: float = 0.9, out: Iterable[str] = ()) -> Score:
    """Return how the candidates of *choice* compare; those of *out* fail for a reason from outside the register."""
    rng = np.random.default_rng(seed)
    barred = {one.id for one in choice.candidates if one.fails or one.id in set(out)}
    open_ = {one.id for one in choice.candidates if one.unknown} - barred
    weighed = [one for one in choice.candidates if one.id not in barred]
    weight = np.array([one.weight for one in choice.criteria])
    weight = weight / weight.sum()
    rows = pd.DataFrame({
        "id": [one.id for one in choice.candidates],
        "state": ["out" if one.id in barred else "open" if one.id in open_ else "weighed" for one in choice.candidates],
        "n_missing": [sum(name.id not in one.measures for name in choice.criteria) for one in choice.candidates],
        "gates": [(*one.fails, *one.unknown) for one in choice.candidates],
    })  # fmt: skip
    if not weighed:
        empty = rows.assign(score=np.nan, ci_lower=np.nan, ci_upper=np.nan, p_first=np.nan)
        return Score(empty, (), None, np.nan)
    weights = rng.dirichlet(CONCENTRATION[choice.agreement] * weight, draws)
    values = np.stack([_values(one, choice.criteria, rng, draws) for one in weighed])  # candidate x draw x criterion
    drawn = np.einsum("cdk,dk->cd", values, weights)
    middle = np.stack([_given(one, choice.criteria) for one in weighed])
    chance = np.bincount(drawn.argmax(axis=0), minlength=len(weighed)) / draws
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=1)
    told = pd.DataFrame({"id": [one.id for one in weighed], "score": drawn.mean(axis=1), "ci_lower": low, "ci_upper": high,
                         "p_first": chance})  # fmt: skip
    table = rows.merge(told, on="id", how="left").sort_values(
        "score", ascending=False, na_position="last", ignore_index=True
    )
    turns, at = _turning(middle, weight)
    return Score(table, _first(told), choice.criteria[turns].id if turns is not None else None, at)


def _given(candidate: Candidate, criteria: tuple[Criterion, ...]) -> np.ndarray:
    """Return the measures of *candidate* as given, on their scales, 0 to 1; half where one is missing."""
    shares = [(candidate.measures[one.id] - one.worst) / (one.best - one.worst) if one.id in candidate.measures else 0.5
              for one in criteria]  # fmt: skip
    return np.clip(shares, 0, 1)


def _values(candidate: Candidate, criteria: tuple[Criterion, ...], rng: np.random.Generator, draws: int) -> np.ndarray:
    """Return the measures of *candidate* on their scales, 0 to 1, in each draw."""
    columns = []
    for one in criteria:
        if one.id not in candidate.measures:
            columns.append(rng.random(draws))
            continue
        raw = candidate.measures[one.id] + candidate.error.get(one.id, 0.0) * rng.standard_normal(draws)
        columns.append(np.clip((raw - one.worst) / (one.best - one.worst), 0, 1))
    return np.column_stack(columns)


def _first(told: pd.DataFrame) -> tuple[str, ...]:
    ordered = told.sort_values("p_first", ascending=False)
    reached = ordered["p_first"].cumsum().to_numpy()
    return tuple(ordered["id"].iloc[: int(np.searchsorted(reached, FIRM)) + 1])


def _turning(middle: np.ndarray, weight: np.ndarray) -> tuple[int | None, float]:
    """Return the criterion whose weight needs the smallest change to make another candidate first, and that weight."""
    if len(middle) < 2:
        return None, np.nan
    leader = int((middle @ weight).argmax())
    nearest, best = None, (np.inf, np.nan)
    for place in range(len(weight)):
        for share in np.linspace(0, 1, 101):
            others = weight.copy()
            others[place] = 0
            trial = others / others.sum() * (1 - share) if others.sum() > 0 else others
            trial[place] = share
            change = abs(share - weight[place])
            scores = middle @ trial
            if scores.max() > scores[leader] + 1e-9 and change < best[0]:
                nearest, best = place, (change, float(share))
    return nearest, best[1]
