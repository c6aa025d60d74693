"""All experiments together: how many were sound, how many won, how large their effects really are, what was learnt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd
from scipy import special

from fanops_utils.errors import DataError
from fanops_utils.experiments.multiple import adjusted_p
from fanops_utils.experiments.record import DecisionRecord
from fanops_utils.experiments.segments import shrink
from fanops_utils.experiments.spending import crossing
from fanops_utils.experiments.tails import normal_critical
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import Interval, wilson

LEAST_EXPECTED = 5


def portfolio_table(records: Iterable[DecisionRecord]) -> pd.DataFrame:
    """Return decision records as a frame, one row per experiment, with numbers as numbers and days as days."""
    frame = pd.DataFrame([record.as_row() for record in records], columns=list(DecisionRecord.__dataclass_fields__))
    for name in ("as_of", "follow_up"):
        frame[name] = pd.to_datetime(frame[name])
    numeric = ["estimate", "ci_lower", "ci_upper", "standard_error", "p_adjusted", "smallest_effect", "sample_ratio_p"]
    return frame.astype(dict.fromkeys(numeric, "float64"))


def validity_rate(table: pd.DataFrame) -> Interval:
    """Return the share of experiments whose gates held, with Wilson's interval."""
    need(table, "verdict")
    return wilson(int((table["verdict"] != "invalid").sum()), len(table))


def win_rate(table: pd.DataFrame) -> Interval:
    """Return the share of sound and finished experiments that shipped: invalid and running ones are no part of it."""
    need(table, "verdict")
    done = table[~table["verdict"].isin(["invalid", "inconclusive: run on"])]
    return wilson(int((done["verdict"] == "ship").sum()), len(done))


def sample_ratios(arms: pd.DataFrame, *, test: str, units: str, share: str | None = None) -> pd.DataFrame:
    """Return the sample-ratio check of every test in *arms* (one row per arm): test, arms, units, chi2, df, p_value.

    *share* is the column of planned shares; equal ones without it. p is NaN for a single arm or fewer than five units
    expected in an arm. `p_adjusted` is corrected for all tests (Benjamini-Hochberg).
    """
    need(arms, test, units, *([share] if share else []))
    grouped = arms.groupby(test, sort=True)
    count = grouped[units].transform("size")
    planned = arms[share] / arms.groupby(test)[share].transform("sum") if share else 1 / count
    expected = planned * grouped[units].transform("sum")
    parts = pd.DataFrame({
        test: arms[test], "chi2": (arms[units] - expected) ** 2 / expected, "expected": expected, "units": arms[units],
    })  # fmt: skip
    found = parts.groupby(test, sort=True).agg(
        arms=("chi2", "size"), units=("units", "sum"), chi2=("chi2", "sum"), least=("expected", "min")
    )
    df = found["arms"] - 1
    usable = (df > 0) & (found["least"] >= LEAST_EXPECTED)
    p_value = np.where(usable, special.chdtrc(np.maximum(df, 1), found["chi2"]), np.nan)
    found = found.drop(columns="least").assign(df=df, p_value=p_value)
    found["p_adjusted"] = np.nan
    found.loc[usable, "p_adjusted"] = adjusted_p(found.loc[usable, "p_value"].to_numpy(), method="fdr_bh")
    return found.reset_index()


def best_arms(arms: pd.DataFrame, *, test: str, units: str, hits: str) -> pd.DataFrame:
    """Return for every test of shares its test of equal arms and how far the best lies above the others.

    Columns: test, arms, units, chi2, df, p_value (all arms equal, chi-square), best, others (shares), estimate,
    standard_error, p_adjusted (Benjamini-Hochberg over tests). The estimate is the winner's own, chosen for being
    largest: shrink it before believing it. NaN where an arm expects fewer than five hits or misses.
    """
    need(arms, test, units, hits)
    frame = arms[[test, units, hits]].rename(columns={units: "n", hits: "x"}).sort_values(test, kind="stable")
    total = frame.groupby(test)[["n", "x"]].transform("sum")
    pooled = total["x"] / total["n"]
    frame["part"] = (frame["x"] - frame["n"] * pooled) ** 2 / (frame["n"] * pooled * (1 - pooled)).replace(0, np.nan)
    frame["least"] = frame["n"] * np.minimum(pooled, 1 - pooled)
    frame["share"] = frame["x"] / frame["n"]
    found = frame.groupby(test, sort=True).agg(
        arms=("n", "size"), units=("n", "sum"), hits=("x", "sum"), chi2=("part", "sum"), least=("least", "min")
    )
    top = frame.loc[frame.groupby(test)["share"].idxmax()].set_index(test)
    rest = found["units"] - top["n"]
    others = (found["hits"] - top["x"]) / rest.replace(0, np.nan)
    error = np.sqrt(top["share"] * (1 - top["share"]) / top["n"] + others * (1 - others) / rest.replace(0, np.nan))
    df = found["arms"] - 1
    usable = (df > 0) & (found["least"] >= LEAST_EXPECTED)
    p_value = np.where(usable, special.chdtrc(np.maximum(df, 1), found["chi2"]), np.nan)
    table = found[["arms", "units", "chi2"]].assign(
        df=df, p_value=p_value, best=top["share"], others=others, estimate=top["share"] - others, standard_error=error
    )
    table["p_adjusted"] = np.nan
    table.loc[usable, "p_adjusted"] = adjusted_p(table.loc[usable, "p_value"].to_numpy(), method="fdr_bh")
    return table.reset_index()


def winners_curse(table: pd.DataFrame, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return *table* with what its effects shrink to: shrunk, shrunk_lower, shrunk_upper, weight, exaggeration.

    Needs estimate and standard_error in one unit. Effects that won by being large are drawn to the mean of all;
    `exaggeration` is estimate over shrunk. NaN where there are fewer than two effects.
    """
    need(table, "estimate", "standard_error")
    drawn = shrink(numbers(table["estimate"]), numbers(table["standard_error"]), alpha=alpha)
    drawn.columns = pd.Index(["shrunk", "shrunk_lower", "shrunk_upper", "weight"])
    found = table.join(drawn.set_index(table.index))
    return found.assign(exaggeration=(found["estimate"] / found["shrunk"]).where(found["shrunk"].abs() > 0))


def in_standard_units(table: pd.DataFrame) -> pd.DataFrame:
    """Return *table* with estimate and standard_error over the smallest effect that matters: metrics become comparable.

    Rows without one are left out.
    """
    need(table, "estimate", "standard_error", "smallest_effect")
    known = table[table["smallest_effect"] > 0]
    scale = known["smallest_effect"]
    return known.assign(estimate=known["estimate"] / scale, standard_error=known["standard_error"] / scale)


def learning(table: pd.DataFrame, *, by: str = "area") -> pd.DataFrame:
    """Return what each area taught: by, experiments, sound, shipped, win_rate with interval, typical (mean of the
    shrunk effects in smallest effects that matter), ci_lower, ci_upper of the rate.

    A rate of few experiments says little: its interval shows it.
    """
    need(table, by, "verdict")
    scaled = winners_curse(in_standard_units(table))["shrunk"]
    rows = []
    for area, part in table.groupby(table[by].fillna("not given"), sort=True):
        sound, won = part[part["verdict"] != "invalid"], win_rate(part)
        typical = scaled.reindex(part.index).mean()
        rows.append((area, len(part), len(sound), won.n, won.estimate, won.ci_lower, won.ci_upper, typical))
    columns = [by, "experiments", "sound", "finished", "win_rate", "ci_lower", "ci_upper", "typical"]
    return pd.DataFrame(rows, columns=columns)


def achieved_power(table: pd.DataFrame) -> pd.DataFrame:
    """Return *table* with `power`: the chance its test had, with the error it ended with, for its smallest effect.

    Computed from the standard error, never from the effect seen: that would only repeat the p-value.
    """
    need(table, "standard_error", "smallest_effect", "alpha")
    z = table["smallest_effect"] / table["standard_error"]
    limit = normal_critical(table["alpha"].to_numpy(dtype=float))
    return table.assign(power=special.ndtr(z - limit) + special.ndtr(-z - limit))


def peeking(table: pd.DataFrame) -> pd.DataFrame:
    """Return *table* with `unplanned` looks and `peeked`: the error rate had each look been judged at alpha by itself."""
    need(table, "looks", "looks_planned", "alpha")
    rates: Mapping[tuple[int, float], float] = {
        (int(looks), float(alpha)): peeked_error(int(looks), alpha=float(alpha))
        for looks, alpha in zip(table["looks"], table["alpha"], strict=True)
    }
    keys = zip(table["looks"].astype(int), table["alpha"].astype(float), strict=True)
    unplanned = (table["looks"] - table["looks_planned"]).clip(lower=0)
    return table.assign(unplanned=unplanned, peeked=[rates[key] for key in keys])


def peeked_error(looks: int, *, alpha: float = 0.05) -> float:
    """Return the chance that one of equally spaced *looks*, each judged at *alpha*, finds an effect that is not there.

    >>> round(peeked_error(10), 4)
    0.1934
    """
    if looks < 1:
        raise DataError("a test has at least one look", value=looks)
    return sum(crossing([float(normal_critical(alpha))] * looks, [(look + 1) / looks for look in range(looks)]))


def follow_up_due(table: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Return the shipped experiments whose follow-up is due by *on* or was never planned, the longest overdue first.

    Adds `overdue_days`; NaN where no day was planned.
    """
    need(table, "verdict", "follow_up")
    shipped = table[table["verdict"] == "ship"]
    days = (pd.Timestamp(on) - pd.to_datetime(shipped["follow_up"])).dt.days
    due = shipped.assign(overdue_days=days)[~(days < 0)]
    return due.sort_values("overdue_days", ascending=False, na_position="last", ignore_index=True)
