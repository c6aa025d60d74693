"""One arm of one metric as the tests need it: its estimate and the variance per unit, read from the moments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.experiments.moments.measure import SHARES
from fanops_utils.text import say
from fanops_utils.workspace.registers.experiment_metric import Kind

NO_VALUES = np.zeros(0)
NO_TABLE = np.zeros((0, 0))


@dataclass(frozen=True, eq=False)
class Arm:
    """An arm: `mean` is its estimate (a share, a mean, a ratio of sums) and `error` the variance of that.

    `n` counts what is independent: units, or clusters where units were assigned together, each with its own mean. A ratio
    of units is linearised (delta method): `variance` is that of (numerator - ratio · denominator) / mean denominator.
    `x_mean`, `x_cov` and `x_var` describe the covariates on the same footing, in the order asked for.
    """

    variant: str
    kind: Kind
    n: int
    units: int
    missing: int
    mean: float
    variance: float
    clustered: bool = False
    suppressed: bool = False
    x_mean: np.ndarray = field(default_factory=lambda: NO_VALUES)
    x_cov: np.ndarray = field(default_factory=lambda: NO_VALUES)
    x_var: np.ndarray = field(default_factory=lambda: NO_TABLE)

    @property
    def error(self) -> float:
        """Variance of the estimate."""
        return self.variance / self.n if self.n else np.nan

    @property
    def hits(self) -> float:
        """Units with a 1, of a share."""
        return self.mean * self.n


Arms = dict[tuple[str, str], Arm]


Covariates = Sequence[str] | Mapping[str, Sequence[str]]


def covariates_of(covariates: Covariates, metric: str) -> Sequence[str]:
    """Return the covariates that go with *metric*: all of them, or those a mapping gives it."""
    return covariates.get(metric, ()) if isinstance(covariates, Mapping) else covariates


def arms_of(moments: pd.DataFrame, *, covariates: Covariates = ()) -> Arms:
    """Return the arms of *moments* (one cell of `by`) by metric and variant, with *covariates* on their footing.

    Covariates go with every metric, or by metric where they are a mapping. Raises DataError where the moments hold no
    such covariate, or the same arm twice.
    """
    every = [name for names in covariates.values() for name in names] if isinstance(covariates, Mapping) else covariates
    for name in every:
        if f"mean[{name}]" not in moments.columns:
            known = [column[5:-1] for column in moments.columns if column.startswith("mean[")]
            raise DataError(say("no such covariate in the moments"), value=name, choices=known)
    names = [str(name) for name in moments.columns]
    found: Arms = {}
    for values in moments.to_numpy(dtype=object).tolist():  # plain values at once: by column costs four times as much
        row = dict(zip(names, values, strict=True))
        key = str(row["metric"]), str(row["variant"])
        if key in found:
            raise DataError(
                say("the moments hold an arm twice: read one segment at a time"), value=key[1], column=key[0]
            )
        found[key] = _arm(row, covariates_of(covariates, key[0]))
    return found


def pick(arms: Arms, metric: str, variant: str) -> Arm:
    """Return one arm; raise DataError naming the nearest metric or arm."""
    if (metric, variant) in arms:
        return arms[metric, variant]
    if metric not in (metrics := _names(arms, 0)):
        raise DataError(say("no such metric in the moments"), value=metric, choices=metrics)
    raise DataError(say("no such arm in the moments"), value=variant, choices=_names(arms, 1))


def _names(arms: Iterable[tuple[str, str]], place: int) -> list[str]:
    return list(dict.fromkeys(key[place] for key in arms))


def _arm(row: dict, covariates: Sequence[str]) -> Arm:
    n, clustered = int(row["n"]), bool(row.get("clustered", False))
    base, kind = row.get("den_mean", np.nan), row["kind"]
    common = {
        "variant": str(row["variant"]), "kind": kind, "n": n, "units": int(row.get("units", n)),
        "missing": int(row["missing"]), "clustered": clustered, "suppressed": bool(row.get("suppressed", False)),
    }  # fmt: skip
    mean, variance = row["mean"], row["var"]
    x_mean, x_cov, x_var = _covariates(row, covariates)
    if base == base:  # a ratio: linearise
        ratio = mean / base if base > 0 else np.nan
        scale = base**2 if base > 0 else np.nan
        variance = max(variance - 2 * ratio * row["den_cov"] + ratio**2 * row["den_var"], 0.0) / scale
        x_cov = _linearised(row, covariates, ratio, x_cov)
        mean = ratio
    elif kind in SHARES and not clustered:
        variance = mean * (1 - mean)
    return Arm(**common, mean=mean, variance=variance, x_mean=x_mean, x_cov=x_cov, x_var=x_var)


def _covariates(row: dict, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if not names:
        return NO_VALUES, NO_VALUES, NO_TABLE
    among = [[_between(row, one, other) for other in names] for one in names]
    means, covariances = ([row[f"{what}[{name}]"] for name in names] for what in ("mean", "cov"))
    return np.array(means), np.array(covariances), np.array(among)


def _between(row: dict, one: str, other: str) -> float:
    return row[f"cov[{one},{other}]"] if f"cov[{one},{other}]" in row else row[f"cov[{other},{one}]"]


def _linearised(row: dict, names: Sequence[str], ratio: float, x_cov: np.ndarray) -> np.ndarray:
    """Return the covariances of covariates with a linearised outcome."""
    if not names:
        return x_cov
    return (x_cov - ratio * np.array([row[f"den_cov[{name}]"] for name in names])) / row["den_mean"]
