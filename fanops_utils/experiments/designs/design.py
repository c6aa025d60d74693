"""What a size rests on: what history says of the metric, the test as planned, and what its looks cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scipy import optimize, special

from fanops_utils.experiments.looks.always_valid import critical as always_critical
from fanops_utils.experiments.looks.spending import Spending, bounds, crossing
from fanops_utils.experiments.statistics.tails import normal_critical


@dataclass(frozen=True)
class Baseline:
    """What history says of a metric: mean and standard deviation of one unit, and how units hang together.

    `sd` is that of a unit; for a ratio that of the linearised value, for a covariate-adjusted metric what is left.
    `icc` and `cluster_size` say how alike the units of a cluster are and how many it has.
    """

    kind: str
    mean: float
    sd: float
    n: int
    icc: float = 0.0
    cluster_size: float = 1.0

    @property
    def design_effect(self) -> float:
        """How many times the units of a clustered test count for less: 1 + (m - 1) · icc."""
        return 1 + (self.cluster_size - 1) * self.icc


@dataclass(frozen=True)
class Design:
    """The test as planned: arms with the control, two-sided alpha, power, looks and how they spend alpha.

    `comparisons` against the control share alpha by Bonferroni, the safe bound on Holm.
    """

    arms: int = 2
    alpha: float = 0.05
    power: float = 0.8
    looks: int = 1
    spending: Spending | Literal["always-valid"] = "obrien-fleming"

    @property
    def level(self) -> float:
        """Alpha of one comparison with the control."""
        return self.alpha / (self.arms - 1)

    @property
    def inflation(self) -> float:
        """Units needed with these looks over units needed with one."""
        return inflation(self.looks, alpha=self.level, power=self.power, spending=self.spending)


def inflation(
    looks: int, *, alpha: float = 0.05, power: float = 0.8, spending: Spending | Literal["always-valid"]
) -> float:
    """Return how many times the units of a one-look test a plan of equally spaced *looks* needs at most."""
    if looks == 1 and spending != "always-valid":
        return 1.0
    fractions = [(look + 1) / looks for look in range(looks)]
    if spending == "always-valid":
        limits = tuple(float(always_critical(one, alpha=alpha)) for one in fractions)
    else:
        limits = bounds(fractions, alpha=alpha, spending=spending)
    drift = optimize.brentq(lambda one: sum(crossing(limits, fractions, drift=one)) - power, 0.5, 8.0, xtol=1e-6)
    return float((drift / (normal_critical(alpha) + special.ndtri(power))) ** 2)
