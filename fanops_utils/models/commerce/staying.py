"""Who stays subscribed: Kaplan-Meier of what was seen, and the shifted beta-geometric for the terms to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, stats
from scipy.special import betaln

from fanops_utils.metrics.columns import need, numbers

LEAST_DUE, LEAST_RENEWALS, LEAST_SUBSCRIBED = 10, 3, 30
STEPS = ["time", "at_risk", "ended", "censored", "estimate", "ci_lower", "ci_upper"]


def kaplan_meier(lives: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Return the share still there after each time at which somebody left or was last seen.

    Columns of *lives*: time (how long, from 0), ended (True: left then; False: still there when last seen). Returned:
    time, at_risk, ended, censored, estimate, ci_lower, ci_upper (Greenwood on the log-log scale). Empty for no life.

    >>> kaplan_meier(pd.DataFrame({"time": [1, 2, 2], "ended": [True, True, False]}))["estimate"].round(3).tolist()
    [0.667, 0.333]
    """
    need(lives, "time", "ended")
    time, ended = numbers(lives["time"]), lives["ended"].to_numpy(bool)
    if not len(time):
        return pd.DataFrame(columns=STEPS, dtype=float)
    at, place = np.unique(time, return_inverse=True)
    left, stayed = (np.bincount(place, weights=kind, minlength=len(at)) for kind in (ended, ~ended))
    at_risk = len(time) - np.concatenate([[0], np.cumsum(left + stayed)[:-1]])
    share = np.cumprod(1 - left / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(left / (at_risk * (at_risk - left)))) / np.abs(np.log(share))
        half = stats.norm.ppf(0.5 + level / 2) * spread
        lower, upper = share ** np.exp(half), share ** np.exp(-half)
    inside = (share > 0) & (share < 1)
    return pd.DataFrame({
        "time": at, "at_risk": at_risk.astype("int64"), "ended": left.astype("int64"), "censored": stayed.astype("int64"),
        "estimate": share, "ci_lower": np.where(inside, lower, share), "ci_upper": np.where(inside, upper, share),
    })  # fmt: skip


def still_there(curve: pd.DataFrame, time: float) -> pd.Series | None:
    """Return the row of a `kaplan_meier` curve that holds at *time*; None where nobody was watched for so long."""
    if curve.empty or time > curve["time"].max():
        return None
    reached = curve[curve["time"] <= time]
    return reached.iloc[-1] if len(reached) else None


@dataclass(frozen=True)
class StayingModel:
    """Shifted beta-geometric (alpha, beta): the chance to leave at the end of a term differs between subscribers."""

    alpha: float
    beta: float

    def survival(self, terms: Sequence[int] | np.ndarray) -> np.ndarray:
        """Return the share still subscribed after so many renewals."""
        count = np.asarray(terms, dtype=float)
        return np.exp(betaln(self.alpha, self.beta + count) - betaln(self.alpha, self.beta))


def fit_staying(subscribed: Sequence[float]) -> StayingModel:
    """Return the model of a cohort of which *subscribed* are left after 0, 1, 2, … renewals (any unit; from the whole on).

    Source: Fader and Hardie 2007, "How to project customer retention".
    """
    left = np.asarray(subscribed, dtype=float)
    return fit_renewals(left[:-1], left[1:])


def fit_renewals(due: np.ndarray, renewed: np.ndarray, *, start: tuple[float, float] | None = None) -> StayingModel:
    """Return the model of *due* terms of which *renewed* went on, by how many renewals came before (0, 1, 2, …).

    The same likelihood as of a cohort, by the chance to leave at each term, alpha / (alpha + beta + renewals before), so
    that subscriptions of any age count for the terms they had.
    """
    before = np.arange(len(due))
    gone = due - renewed

    def loss(logs: np.ndarray) -> float:
        alpha, beta = np.exp(logs)
        return -float(
            gone @ np.log(alpha / (alpha + beta + before)) + renewed @ np.log1p(-alpha / (alpha + beta + before))
        ) / float(due[0])

    starts = np.log(np.array([start] if start else [[1, 1], [0.7, 3], [3, 10]]))
    found = min(
        (optimize.minimize(loss, one, method="L-BFGS-B", bounds=[(-7, 9)] * 2) for one in starts),
        key=lambda one: one.fun,
    )
    alpha, beta = np.exp(found.x)
    return StayingModel(float(alpha), float(beta))


@dataclass(frozen=True)
class StayingAhead:
    """What part of the subscribers of a *plan* will still be there: `seen` renewals had, `now` the share left after them (of
    what was seen), `course`: renewals, estimate, ci_lower, ci_upper, observed (NaN ahead); `missed`: how far the last share seen
    lay from a forecast made on the first half of the renewals (None: under four).
    """

    plan: str
    n: int
    seen: int
    now: float
    model: StayingModel
    missed: float | None
    course: pd.DataFrame


def staying_ahead(
    counts: pd.DataFrame, *, ahead: int = 5, seed: int, draws: int = 100, level: float = 0.95
) -> list[StayingAhead]:
    """Return the forecast per plan of *counts* (`metrics.renewals_by_term`), largest plan first, *ahead* renewals on.

    Renewals that fewer than ten came to are left out; a plan needs thirty at the first and three renewals. The interval holds
    the fit alone: renewals redrawn as the model has them.
    """
    found, rng = [], np.random.default_rng(seed)
    for plan, part in counts.groupby("plan", sort=True):
        rows = part.sort_values("renewal")
        known = rows[(rows["due"] >= LEAST_DUE).cumprod().astype(bool)]
        if len(known) < LEAST_RENEWALS or known["due"].iloc[0] < LEAST_SUBSCRIBED:
            continue
        found.append(
            _ahead(str(plan), known["due"].to_numpy(float), known["renewed"].to_numpy(float), ahead, rng, draws, level)
        )
    return sorted(found, key=lambda one: -one.n)


def _ahead(
    plan: str, due: np.ndarray, renewed: np.ndarray, ahead: int, rng: np.random.Generator, draws: int, level: float
) -> StayingAhead:
    model, seen = fit_renewals(due, renewed), len(due)
    times = np.arange(seen + ahead + 1)
    start, whole = (model.alpha, model.beta), due.astype("int64")
    stay = 1 - model.alpha / (model.alpha + model.beta + np.arange(seen))
    curves = [
        fit_renewals(due, rng.binomial(whole, stay).astype(float), start=start).survival(times) for _ in range(draws)
    ]
    low, high = np.quantile(curves, [(1 - level) / 2, (1 + level) / 2], axis=0)
    observed = np.concatenate([[1.0], np.cumprod(renewed / due), np.full(ahead, np.nan)])
    course = pd.DataFrame({"renewals": times, "estimate": model.survival(times), "ci_lower": low, "ci_upper": high,
                           "observed": observed})  # fmt: skip
    half = -(-seen // 2)
    told = (
        float(fit_renewals(due[:half], renewed[:half]).survival([seen])[0]) if seen >= 2 * LEAST_RENEWALS - 2 else 0.0
    )
    missed = float(observed[seen]) / told - 1 if told else None
    return StayingAhead(plan, int(due[0]), seen, float(observed[seen]), model, missed, course)


def curves_by(lives: pd.DataFrame, column: str, *, least: int = 30) -> pd.DataFrame:
    """Return `kaplan_meier` per value of *column* that has at least so many lives, one below the other."""
    parts = [kaplan_meier(part).assign(**{column: name}) for name, part in lives.groupby(column) if len(part) >= least]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*STEPS, column])
