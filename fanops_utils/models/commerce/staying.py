"""Who stays subscribed: Kaplan-Meier of what was seen, and the shifted beta-geometric for the terms to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, stats
from scipy.special import betaln

from fanops_utils.metrics.columns import need, numbers

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
    gone, time = left[:-1] - left[1:], np.arange(1, len(left))

    def loss(logs: np.ndarray) -> float:
        alpha, beta = np.exp(logs)
        ends = betaln(alpha + 1, beta + time - 1) - betaln(alpha, beta)
        stays = betaln(alpha, beta + time[-1]) - betaln(alpha, beta)
        return -float(gone @ ends + left[-1] * stays) / float(left[0])

    starts = np.log(np.array([[1, 1], [0.7, 3], [3, 10]]))
    found = min(
        (optimize.minimize(loss, start, method="L-BFGS-B", bounds=[(-7, 9)] * 2) for start in starts),
        key=lambda one: one.fun,
    )
    alpha, beta = np.exp(found.x)
    return StayingModel(float(alpha), float(beta))


def curves_by(lives: pd.DataFrame, column: str, *, least: int = 30) -> pd.DataFrame:
    """Return `kaplan_meier` per value of *column* that has at least so many lives, one below the other."""
    parts = [kaplan_meier(part).assign(**{column: name}) for name, part in lives.groupby(column) if len(part) >= least]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*STEPS, column])
