"""What many experiments teach, from the table of `portfolio`: rates, luck, areas, power, peeking, follow-ups, faults."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from fanops_utils.errors import DataError
from fanops_utils.experiments.looks.spending import crossing
from fanops_utils.experiments.segments.effects import shrink
from fanops_utils.experiments.statistics.tails import normal_critical
from fanops_utils.metrics.columns import need
from fanops_utils.metrics.intervals import Interval, interval_frame, wilson
from fanops_utils.metrics.wording import worded, worded_frame
from fanops_utils.text import say

FEWEST = 3  # tests from which luck can be told
LONG_AGO = date(1900, 1, 1)


def rates(tests: pd.DataFrame) -> pd.DataFrame:
    """Return validity and win rate with Wilson's intervals: rate ("valid", "won"), of (how many), estimate, ci_lower, ci_upper.

    A win is a share of what is finished: invalid and running experiments are no part of it.
    """
    valid, done = int(tests["valid"].sum()), tests[tests["finished"].astype(bool)]
    found = [wilson(valid, len(tests)), wilson(int(done["won"].sum()), len(done))]
    named = interval_frame(found).assign(rate=["valid", "won"])
    return named.rename(columns={"n": "of"})  # not `n`: experiments are no persons to be hidden


def shrunk(tests: pd.DataFrame, lifts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the valid tests with their effect drawn towards the mean of all.

    Adds to *tests*: estimate, ci_lower, ci_upper (as measured), shrunk, shrunk_lower, shrunk_upper, weight,
    exaggeration (lift over shrunk). The spread of true effects is learnt from all arms (*lifts*, of `arm_lifts`) where
    given, else from the tests: of the best of many, the part that is luck is taken away (empirical Bayes). NaN where
    there are fewer than two effects.
    """
    valid = tests[tests["valid"].astype(bool)].dropna(subset=["lift", "error"]).reset_index(drop=True)
    if lifts is None:
        drawn = shrink(valid["lift"].to_numpy(), valid["error"].to_numpy())
    else:
        own = lifts[lifts["test"].isin(valid["test"])].dropna(subset=["error"])
        own = own[own["lift"] > -1]
        logs = shrink(own["log"].to_numpy(), own["log_error"].to_numpy()).set_index(own.index)
        both = logs.assign(**{name: np.expm1(logs[name]) for name in ("estimate", "ci_lower", "ci_upper")})
        best = own.groupby("test", sort=False)["lift"].idxmax()
        drawn = both.loc[best.reindex(valid["test"]).to_numpy()].reset_index(drop=True)
    drawn = drawn.rename(columns={"estimate": "shrunk", "ci_lower": "shrunk_lower", "ci_upper": "shrunk_upper"})
    half = float(normal_critical(0.05)) * valid["error"]
    ends = {"estimate": valid["lift"], "ci_lower": valid["lift"] - half, "ci_upper": valid["lift"] + half}
    table = valid.assign(**ends).join(drawn[["shrunk", "shrunk_lower", "shrunk_upper", "weight"]])
    return table.assign(exaggeration=(table["lift"] / table["shrunk"]).where(table["shrunk"].abs() > 0))


def effect_again(drawn: pd.DataFrame, test: str) -> Interval | None:
    """Return what *test* is worth with luck taken out, from *drawn* (of `shrunk`): an improvement relative to its control.

    n is how many were read together. None where fewer than FEWEST were, or it is none of them.
    """
    told = drawn.dropna(subset=["shrunk", "shrunk_lower", "shrunk_upper"])
    own = told[told["test"] == test]
    if len(told) < FEWEST or own.empty:
        return None
    row = own.iloc[0]
    return Interval(float(row["shrunk"]), float(row["shrunk_lower"]), float(row["shrunk_upper"]), len(told))


def by_area(tests: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Return what each area taught: area, tests, valid, finished, won, win_rate, ci_lower, ci_upper, typical.

    `typical` is the mean of the shrunk lifts (*drawn*, of `shrunk`), NaN without one. A rate of few experiments says
    little: its interval shows it.
    """
    rows = []
    for area, part in tests.groupby("area", sort=True):
        done = part[part["finished"].astype(bool)]
        rate = wilson(int(done["won"].sum()), len(done))
        typical = drawn.loc[drawn["test"].isin(part["test"]), "shrunk"].mean()
        named = worded(str(area), part["area"])
        rows.append((named, len(part), int(part["valid"].sum()), rate.n, int(done["won"].sum()), rate.estimate,
                     rate.ci_lower, rate.ci_upper, typical))  # fmt: skip
    columns = ["area", "tests", "valid", "finished", "won", "win_rate", "ci_lower", "ci_upper", "typical"]
    return worded_frame(rows, columns=columns, texts=["area"])


def achieved_power(smallest: Any, error: Any, *, alpha: Any) -> Any:
    """Return the chance a test had, with the standard *error* it ended with, for its *smallest* effect that matters.

    Computed from the standard error, never from the effect seen: that would only repeat the p-value.

    >>> round(float(achieved_power(0.028, 0.01, alpha=0.05)), 2)
    0.8
    """
    z, limit = np.asarray(smallest, dtype=float) / error, normal_critical(alpha)
    return special.ndtr(z - limit) + special.ndtr(-z - limit)


def peeking(tests: pd.DataFrame) -> pd.DataFrame:
    """Return *tests* with `unplanned` looks and `peeked`: the error rate had each look been judged at alpha by itself.

    NaN where the number of looks is not known.
    """
    need(tests, "looks", "looks_planned", "alpha")
    pairs = list(zip(tests["looks"].astype(float), tests["alpha"].astype(float), strict=True))
    known = {(looks, alpha): peeked_error(int(looks), alpha=alpha) for looks, alpha in pairs if looks == looks}
    unplanned = (tests["looks"].astype(float) - tests["looks_planned"].astype(float)).clip(lower=0)
    return tests.assign(unplanned=unplanned, peeked=[known.get(pair, np.nan) for pair in pairs])


def peeked_error(looks: int, *, alpha: float = 0.05) -> float:
    """Return the chance that one of equally spaced *looks*, each judged at *alpha*, finds an effect that is not there.

    >>> round(peeked_error(10), 4)
    0.1934
    """
    if looks < 1:
        raise DataError(say("a test has at least one look"), value=looks)
    return sum(crossing([float(normal_critical(alpha))] * looks, [(look + 1) / looks for look in range(looks)]))


def follow_up_due(tests: pd.DataFrame, *, on: date | None) -> pd.DataFrame:
    """Return the shipped experiments whose follow-up is due by *on* or was never planned, the longest overdue first.

    Adds `overdue_days`; NaN where no day was planned. Without the day *on* nothing that was planned is due.
    """
    need(tests, "verdict", "follow_up")
    shipped = tests[tests["verdict"] == "ship"]
    days = (pd.Timestamp(on or LONG_AGO) - pd.to_datetime(shipped["follow_up"])).dt.days
    due = shipped.assign(overdue_days=days)[~(days < 0)]
    return due.sort_values("overdue_days", ascending=False, na_position="last", ignore_index=True)


def by_period(tests: pd.DataFrame) -> pd.DataFrame:
    """Return the invalid tests of each period: when, tests, faults, share."""
    found = tests.groupby("when", sort=True).agg(tests=("test", "size"), sound=("valid", "sum")).reset_index()
    found["faults"] = (found["tests"] - found["sound"]).astype(int)
    return found.assign(share=found["faults"] / found["tests"])[["when", "tests", "faults", "share"]]


def stretch(periods: pd.DataFrame) -> tuple[str, str, int, int] | None:
    """Return the run of periods with the most faults beyond the usual: first, last, faults in it, faults in all.

    The run with the largest sum of faults less the overall rate (a scan); None without faults.
    """
    if periods.empty or not periods["faults"].sum():
        return None
    excess = (periods["faults"] - periods["faults"].sum() / periods["tests"].sum() * periods["tests"]).to_numpy()
    sums = np.concatenate([[0.0], np.cumsum(excess)])
    low = np.minimum.accumulate(sums)
    end = int(np.argmax(sums - low))
    start = int(np.argmin(sums[: end + 1]))
    inside = periods.iloc[start:end]
    if inside.empty:
        return None
    first, last = str(inside["when"].iloc[0]), str(inside["when"].iloc[-1])
    return first, last, int(inside["faults"].sum()), int(periods["faults"].sum())
