"""Do synthetic control and synthetic DiD keep their word where they may be used: on panels of many markets?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import wilson
from fanops_utils.models.simulation.calibration import World, fared, simulate
from fanops_utils.models.synthetic.control import SyntheticEffect
from fanops_utils.models.synthetic.mixing import ESTIMATORS

# Markets that move far and are counted well: on rougher ones the gate of fit shuts nearly always.
MIXED_WORLD = World(n_markets=24, days_before=60, factor_sd=0.05, noise_sd=0.02, season_sd=0.02)


def mixing_calibration(
    *,
    lifts: tuple[float, ...] = (0.0, 0.2),
    campaigns: int = 200,
    level: float = 0.9,
    seed: int = 7,
    world: World = MIXED_WORLD,
) -> pd.DataFrame:
    """Return how both mixes fare on *campaigns* simulated campaigns per lift, all of them and those past the gates.

    Columns: those of `calibration` (found: the interval misses zero), and gated (whether only the campaigns that pass
    every gate are counted), share (counted of all), by_rank (share with a placebo p-value up to 1 - *level*) with
    by_rank_lower, by_rank_upper. Rows of no campaign at all are NaN with n = 0.
    """
    rows = []
    for lift in lifts:
        planted = World(**{**vars(world), "lift": lift})
        logs = simulate(planted, campaigns=campaigns, rng=np.random.default_rng([seed, 2, round(lift * 1e6)]))
        for method, estimator in ESTIMATORS.items():
            found = [
                estimator(
                    _long(one), unit="market", time="day", value="value", treated=["M00"], since=world.days_before,
                    level=level,
                )
                for one in logs
            ]  # fmt: skip
            for gated in (False, True):
                kept = [one for one in found if one.trusted or not gated]
                rows.append({"lift": lift, "method": method, "gated": gated, "share": len(kept) / campaigns,
                             **_summary(kept, float(np.log1p(lift)), level)})  # fmt: skip
    return pd.DataFrame(rows)


def _long(logs: np.ndarray) -> pd.DataFrame:
    names = [f"M{number:02d}" for number in range(logs.shape[1])]
    wide = pd.DataFrame(logs, index=pd.RangeIndex(len(logs), name="day"), columns=pd.Index(names, name="market"))
    return wide.reset_index().melt("day", var_name="market", value_name="value")


def _summary(found: list[SyntheticEffect], truth: float, level: float) -> dict[str, float]:
    if not found:
        return {"n": 0}
    results = np.array([(one.estimate, one.interval.ci_upper - one.estimate) for one in found])
    by_rank = wilson(sum(one.p_value <= 1 - level + 1e-9 for one in found), len(found))
    return {
        **fared(results, truth), "by_rank": by_rank.estimate, "by_rank_lower": by_rank.ci_lower,
        "by_rank_upper": by_rank.ci_upper,
    }  # fmt: skip
