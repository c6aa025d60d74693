"""A league of estimates, drawn together by empirical Bayes: the best of many is best by luck too."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import NOTHING, Interval
from fanops_utils.metrics.shrinkage import between_variance, scatter
from fanops_utils.metrics.wording import worded_frame
from fanops_utils.models.campaign.effect import CampaignEffect
from fanops_utils.text import say
from fanops_utils.workspace.registers.campaign import Campaign

FEWEST = 3
DRAWS = 20_000
TOLERANCE = 2e-12  # of the variance between; a finer one would move the ninth digit of published leagues
STANDINGS = ["campaign", "name", "start", "verdict", "estimate", "spread", "n"]


def league_table(
    frame: pd.DataFrame, *, estimate: str = "estimate", spread: str = "spread", level: float = 0.9, seed: int = 0
) -> pd.DataFrame:
    """Return *frame* (one row per campaign, market, format or partner) ranked by its shrunken estimates.

    Columns of *frame*: *estimate*, *spread* (its standard error, same unit), and any that name the row. Added: rank;
    shrunk (posterior mean: the estimate drawn to the weighted mean of all as far as its own noise asks), ci_lower,
    ci_upper (posterior, with the uncertainty of the mean); pulled (share of the way, 0 = left alone, 1 = all the way
    to the mean); p_best (chance of being the largest; seeded draws). Rows without an estimate or spread stay, last,
    without rank. Below three rows nothing can be drawn together: shrunk is NaN. Raises DataError for a spread of
    zero or less.
    """
    need(frame, estimate, spread)
    values, noise = numbers(frame[estimate]), numbers(frame[spread])
    known = np.isfinite(values) & np.isfinite(noise)
    if (noise[known] <= 0).any():
        raise DataError(say("a standard error is above zero"), column=spread, value=float(noise[known].min()))
    added = pd.DataFrame(np.nan, index=frame.index, columns=["shrunk", "ci_lower", "ci_upper", "pulled", "p_best"])
    if known.sum() >= FEWEST:
        added.loc[known] = _posterior(values[known], noise[known] ** 2, level, seed)
    table = pd.concat([frame, added], axis=1)
    by = "shrunk" if known.sum() >= FEWEST else estimate
    table = table.assign(known=known).sort_values(["known", by], ascending=False, ignore_index=True)
    table.insert(0, "rank", pd.Series(np.where(table["known"], np.arange(1, len(table) + 1), np.nan)).astype("Int64"))
    return table.drop(columns="known")


def _posterior(values: np.ndarray, variances: np.ndarray, level: float, seed: int) -> np.ndarray:
    between = between_variance(values, variances, tolerance=TOLERANCE)
    mean, pulled = scatter(values, variances, between=between)[1], variances / (variances + between)
    shrunk = pulled * mean + (1 - pulled) * values
    spread = np.sqrt((1 - pulled) * variances + pulled**2 / np.sum(1 / (variances + between)))
    half = float(stats.norm.ppf(0.5 + level / 2)) * spread
    draws = np.random.default_rng(seed).normal(shrunk, np.sqrt((1 - pulled) * variances), (DRAWS, len(values)))
    if between == 0:  # nothing tells them apart: each is best as often as any other
        best = np.full(len(values), 1 / len(values))
    else:
        best = np.bincount(draws.argmax(axis=1), minlength=len(values)) / DRAWS
    return np.column_stack([shrunk, shrunk - half, shrunk + half, pulled, best])


def spread_of(ci_lower: float, ci_upper: float, *, level: float) -> float:
    """Return the standard error that a symmetric normal interval at *level* amounts to.

    >>> round(spread_of(-0.1645, 0.1645, level=0.9), 3)
    0.1
    """
    return (ci_upper - ci_lower) / 2 / float(stats.norm.ppf(0.5 + level / 2))


def effect_again(
    found: Mapping[str, CampaignEffect | None], campaigns: Mapping[str, Campaign], name: str, *, level: float
) -> Interval | None:
    """Return what campaign *name* is worth with luck taken out, among the *campaigns* that moved the same metric there.

    A fraction of what would have come anyway, as `campaign_standings` has it; n is how many were read together. None where
    fewer than FEWEST can be, or it is none of them.
    """
    own = campaigns[name]
    same = {key: one for key, one in campaigns.items() if (one.metric, one.platform) == (own.metric, own.platform)}
    table = campaign_standings(found, same, level=level)
    row = table[table["campaign"] == name].iloc[0]
    if not np.isfinite(row["shrunk"]):
        return None
    together = int(table["shrunk"].notna().sum())
    return Interval(float(row["shrunk"]), float(row["ci_lower"]), float(row["ci_upper"]), together)


def campaign_standings(
    found: Mapping[str, CampaignEffect | None], campaigns: Mapping[str, Campaign], *, level: float
) -> pd.DataFrame:
    """Return every campaign with its effect, ranked by `league_table`, as fractions of what would have come anyway.

    Columns beside those of `league_table`: campaign (id), name, start, verdict (of the effect, running, or no_data), n
    (live days). Only finished campaigns with placebo windows and a verdict of their own are drawn together; the others
    stay, last, without a rank. Effects on a rate are points, no ratio, and are not ranked either. A campaign's noise is
    that of its own interval: few placebo windows make it wider, and the league must not forget that.
    """
    rows = []
    for name, brief in campaigns.items():
        one = found.get(name)
        if one is None:
            rows.append((name, brief.name, brief.live.start, "no_data", np.nan, np.nan, 0))
            continue
        told = one.placebo_time is not None and not one.running and one.verdict != "cannot tell"
        log = one.log_effect if told and one.scale != "difference" else NOTHING
        spread = spread_of(log.ci_lower, log.ci_upper, level=one.level)
        verdict = "running" if one.running else one.verdict
        rows.append((name, brief.name, brief.live.start, verdict, log.estimate, spread, one.n_live_days))
    frame = worded_frame(rows, columns=STANDINGS, texts=["name"])
    table = league_table(frame.astype({"estimate": float, "spread": float}), level=level)
    for name in ("estimate", "shrunk", "ci_lower", "ci_upper"):
        table[name] = np.expm1(table[name].astype(float))
    return table
