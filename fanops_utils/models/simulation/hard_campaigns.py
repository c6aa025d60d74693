"""Does the verdict on a campaign keep its word where markets are rough? Worlds x controls x treated x wild live days.

Every campaign gets the verdict of `campaign_effect`, gates included, computed for all campaigns of a cell at once: with
a baseline of whole weeks each market's change is a weighted sum of its logs, for past windows as for the live days.
A test holds the two computations together. Beside it stands what the same interval around the mean of the controls,
without stretch and gates, would have said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.intervals import wilson
from fanops_utils.models.campaign.placebo import walk_df
from fanops_utils.models.campaign.pretrend import FAR
from fanops_utils.models.campaign.spread import (
    elsewhere,
    freedom,
    moderated,
    restlessness,
    root_mean_square,
    scatter,
    widened,
)
from fanops_utils.models.campaign.verdicts import INFLUENCE, SHORTEST_BASELINE
from fanops_utils.models.simulation.hard_worlds import WORLDS, HardWorld, WorldName, hard_markets
from fanops_utils.workspace.register import Period

DESIGNS = ((180, 28), (365, 14))  # days before the start, live days: half of a cell's campaigns each
CONTROLS, TREATED, WILD = (3, 5, 10), (1,), (1.0, 2.5)
MORE_CONTROLS, MORE_TREATED = (3, 4, 5, 10, 20), (1, 3)
LONG, CHUNK = 5_000, 250  # campaigns a cell, from which the grid is the long one; campaigns held in memory at once
COLUMNS = [
    "world", "controls", "treated", "wild", "n", "errors", "errors_lower", "errors_upper", "power", "chosen_power",
    "pooled_errors", "pooled_power",
]  # fmt: skip
# How often +20 % was found when the rule was chosen: the median of 3, 5 and 10 controls, stretched by the ratio itself and
# without the gates of single verdicts, over six designs of 180 to 700 days, 480 campaigns a cell.
CHOSEN_LIFT, CHOSEN_LEVEL, CHOSEN_CAMPAIGNS = 0.2, 0.9, 480
CHOSEN_POWER: dict[WorldName, dict[int, float]] = {
    "easy": {3: 0.81, 5: 0.88, 10: 0.93}, "own_walks": {3: 0.30, 5: 0.36, 10: 0.42},
    "uneven_factors": {3: 0.70, 5: 0.77, 10: 0.84}, "steps": {3: 0.58, 5: 0.75, 10: 0.82},
    "shocked_control": {3: 0.00, 5: 0.76, 10: 0.90}, "everything": {3: 0.01, 5: 0.18, 10: 0.30},
}  # fmt: skip


@dataclass(frozen=True)
class Readings:
    """What the windows of many campaigns say, live days first: what a verdict needs, on the log scale.

    `treated`: mean change of the treated markets, campaigns x windows; `controls`: each control's, x controls;
    `rises`: how far the gap rose within each window's baseline; `slope`: of the campaign's own, per day; `ahead`: days
    from the baseline's middle to the live days'.
    """

    treated: np.ndarray
    controls: np.ndarray
    rises: np.ndarray
    slope: np.ndarray
    ahead: float
    df: float
    n_treated: int
    restless: np.ndarray


def hard_campaigns(*, campaigns: int = 2_000, lift: float = 0.2, level: float = 0.9, seed: int = 7) -> pd.DataFrame:
    """Return how often nothing is called an effect, and how often *lift* is found, in every cell of the grid.

    From 5,000 *campaigns* a cell on there are more numbers of controls, and three treated markets. Columns: world;
    controls, treated (markets); wild (times as large as before are noise and walks in the live days); n; errors (share
    called worked or hurt where nothing was planted) with errors_lower, errors_upper (Wilson, 95 %); power (share called
    worked where *lift* was planted); chosen_power (the same when the rule was chosen; NaN where it was not
    tried: another lift or level, wild days, several treated markets); pooled_errors, pooled_power: the same by the mean
    of the controls, ungated.
    """
    rows = []
    for place, (name, controls, treated, wild) in enumerate(_cells(long=campaigns >= LONG)):
        null, found, pooled, pooled_found = _cell(
            WORLDS[name], campaigns=campaigns, controls=controls, treated=treated, wild=wild, lift=lift, level=level,
            rng=np.random.default_rng([seed, place]),
        )  # fmt: skip
        wrong = wilson(int((null != 0).sum()), len(null))
        rows.append((
            name, controls, treated, wild, len(null), wrong.estimate, wrong.ci_lower, wrong.ci_upper,
            float((found > 0).mean()), _chosen(name, controls, treated, wild, lift, level),
            float((pooled != 0).mean()), float((pooled_found > 0).mean()),
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _chosen(name: WorldName, controls: int, treated: int, wild: float, lift: float, level: float) -> float:
    if (lift, level, treated, wild) != (CHOSEN_LIFT, CHOSEN_LEVEL, 1, 1.0):
        return float("nan")
    return CHOSEN_POWER[name].get(controls, float("nan"))


def _cells(*, long: bool) -> Iterator[tuple[WorldName, int, int, float]]:
    for name in WORLDS:
        for controls in MORE_CONTROLS if long else CONTROLS:
            for treated in MORE_TREATED if long else TREATED:
                yield from ((name, controls, treated, wild) for wild in WILD)


def _cell(
    world: HardWorld, *, campaigns: int, controls: int, treated: int, wild: float, lift: float, level: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, ...]:  # fmt: skip
    """Return the sides of every campaign's verdict: nothing planted, *lift* planted, and the same by the pooled mean."""
    said: list[tuple[np.ndarray, ...]] = []
    for before, live in DESIGNS:
        left = max(campaigns // len(DESIGNS), 1)
        while left > 0:
            logs = hard_markets(
                world, campaigns=min(left, CHUNK), treated=treated, controls=controls, before=before, live=live, wild=wild,
                rng=rng,
            )  # fmt: skip
            read, planted = readings(logs, treated=treated, live=live), float(np.log1p(lift))
            said.append((
                verdicts(read, level=level), verdicts(read, level=level, planted=planted),
                pooled_mean(read, level=level), pooled_mean(read, level=level, planted=planted),
            ))  # fmt: skip
            left -= CHUNK
    return tuple(np.concatenate(part) for part in zip(*said, strict=True))


def readings(logs: np.ndarray, *, treated: int, live: int) -> Readings:
    """Return the windows of *logs* (campaigns x days x markets) that end with *live* live days, four weeks before each."""
    days, base = logs.shape[1], SHORTEST_BASELINE
    starts = list(range(days - live - base, -1, -live))
    weekday = np.arange(base) % 7
    counts = np.bincount((base + np.arange(live)) % 7, minlength=7)
    weights = np.concatenate([-counts[weekday] / live / (base // 7), np.full(live, 1 / live)])
    changes = np.stack(
        [np.tensordot(logs[:, first : first + base + live], weights, (1, 0)) for first in starts], axis=1
    )
    gaps = np.stack([_gap_before(logs[:, first : first + base], treated) for first in starts], axis=1)
    time, half = np.arange(base) - (base - 1) / 2, base // 2
    return Readings(
        treated=changes[..., :treated].mean(axis=-1),
        controls=changes[..., treated:],
        rises=gaps[..., half:].mean(axis=-1) - gaps[..., :half].mean(axis=-1),
        slope=gaps[:, 0] @ time / (time @ time),
        ahead=base + (live - 1) / 2 - (base - 1) / 2,
        df=walk_df([_periods(first, base, live) for first in starts[1:]]),
        n_treated=treated,
        restless=np.stack([restlessness(_live_days(logs, first, live)[..., treated:]) for first in starts], axis=1),
    )


def _gap_before(logs: np.ndarray, treated: int) -> np.ndarray:
    """Return the gap of the treated to the controls' median on each day of a baseline, weekdays taken out."""
    weeks = logs.shape[1] // 7
    own = logs - np.tile(logs.reshape(len(logs), weeks, 7, -1).mean(axis=1), (1, weeks, 1))
    return own[..., :treated].mean(axis=-1) - np.median(own[..., treated:], axis=-1)


def _live_days(logs: np.ndarray, first: int, live: int) -> np.ndarray:
    """Return the live days of the window that begins with *first*, less the baseline's mean of the same weekday."""
    base = logs[:, first : first + SHORTEST_BASELINE]
    usual = base.reshape(len(logs), SHORTEST_BASELINE // 7, 7, -1).mean(axis=1)
    return logs[:, first + SHORTEST_BASELINE :][:, :live] - usual[:, np.arange(live) % 7]


def _periods(first: int, base: int, live: int) -> tuple[Period, Period]:
    start = date(2000, 1, 3) + timedelta(days=first)
    between = start + timedelta(days=base)
    return (Period(start=start, end=between - timedelta(days=1)),
            Period(start=between, end=between + timedelta(days=live - 1)))  # fmt: skip


def verdicts(read: Readings, *, level: float, planted: float = 0.0) -> np.ndarray:
    """Return 1 for worked, -1 for hurt, 0 for anything else of every campaign, had its effect been *planted* (log)."""
    wild = widened(*_now_and_usual(scatter(read.controls)), *_now_and_usual(read.restless))
    beside = elsewhere(read.controls[:, 1:], treated=read.n_treated)
    width = stats.t.ppf(0.5 + level / 2, freedom(read.df, beside)) * wild
    gap = read.treated - np.median(read.controls, axis=-1)
    estimate, half = gap[:, 0] + planted, width * moderated(_past_spread(gap), read.df, beside)
    side = _side(estimate, half)
    decided = np.zeros(len(side), dtype=bool)
    for place in range(read.controls.shape[-1]):
        without = read.treated[:, 0] - np.median(np.delete(read.controls[:, 0], place, axis=-1), axis=-1) + planted
        decided |= (_side(without, half) != side) & (np.abs(without - estimate) >= INFLUENCE * half)
    drift = read.slope * read.ahead
    unusual = np.abs(read.rises[:, 0]) / np.sqrt(np.mean(np.square(read.rises[:, 1:]), axis=1))
    drifted = (np.abs(drift) > half) & (_side(estimate - drift, half) != side) & (unusual >= FAR)
    return np.where(decided | drifted, 0, side)


def pooled_mean(read: Readings, *, level: float, planted: float = 0.0) -> np.ndarray:
    """Return the side of zero of the interval around the mean of the controls, by past windows alone."""
    gap = read.treated - read.controls.mean(axis=-1)
    return _side(gap[:, 0] + planted, stats.t.ppf(0.5 + level / 2, read.df) * _past_spread(gap))


def _past_spread(gap: np.ndarray) -> np.ndarray:
    return root_mean_square(gap[:, 1:], axis=1)


def _now_and_usual(found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what was *found* (campaigns x windows) in the live days, and the root mean square of the past's."""
    return found[:, 0], root_mean_square(found[:, 1:], axis=1)


def _side(estimate: np.ndarray, half: np.ndarray) -> np.ndarray:
    return (estimate > half).astype(int) - (estimate < -half).astype(int)
