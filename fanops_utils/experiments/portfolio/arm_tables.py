"""A table of arms, one row each, of many tests: whether each test was sound, whether its arms differ, by how much."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from fanops_utils.data.own_csv import read_own_csv
from fanops_utils.errors import DataError
from fanops_utils.experiments.statistics.multiple import adjusted_known
from fanops_utils.experiments.statistics.proportions import pooled_z
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.text import say
from fanops_utils.workspace.reads import note_file

LEAST_EXPECTED = 5  # chi-square needs as many in every cell


def read_arms(path: Path, *, test: str, units: str, hits: str, when: str = "") -> pd.DataFrame:
    """Return a CSV of arms as test, when (text), units, hits: one row per arm, columns named by the caller.

    Raises DataError for a file or column that is not there, and for counts that cannot be (negative, more hits than
    units), with the row.
    """
    if not note_file(path).is_file():
        raise DataError(say("no such file"), file=path)
    frame = read_own_csv(path)
    need(frame, test, units, hits, *([when] if when else []))
    arms = pd.DataFrame({"test": frame[test].astype(str), "when": frame[when].astype(str) if when else ""})
    arms["units"], arms["hits"] = numbers(frame[units]), numbers(frame[hits])
    wrong = arms["units"].isna() | arms["hits"].isna() | (arms["hits"] < 0) | (arms["hits"] > arms["units"])
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise DataError(
            say("an arm needs units and as many hits or fewer"), file=path, row=place + 2, value=arms["hits"][place]
        )
    return arms[arms["units"] > 0].reset_index(drop=True)


def sample_ratios(arms: pd.DataFrame, *, test: str = "test", units: str = "units", share: str = "") -> pd.DataFrame:
    """Return the sample-ratio check of every test in *arms* (one row per arm): test, arms, units, chi2, df, p_value.

    *share* is the column of planned shares; equal ones without it. p is NaN for a single arm or fewer than five units
    expected in an arm. `p_adjusted` is corrected for all tests (Benjamini-Hochberg).
    """
    need(arms, test, units, *([share] if share else []))
    grouped = arms.groupby(test, sort=False)
    planned = arms[share] / grouped[share].transform("sum") if share else 1 / grouped[units].transform("size")
    expected = planned * grouped[units].transform("sum")
    found = _chi_square(arms[test], arms[units], (arms[units] - expected) ** 2 / expected, expected)
    return found.assign(p_adjusted=adjusted_known(found["p_value"].to_numpy(), method="fdr_bh"))


def arm_differences(arms: pd.DataFrame) -> pd.DataFrame:
    """Return for every test in *arms* whether all its arms do as well: test, arms, units, chi2, df, p_value.

    p is NaN for a single arm or fewer than five hits, or misses, expected in an arm.
    """
    grouped = arms.groupby("test", sort=False)
    common = grouped["hits"].transform("sum") / grouped["units"].transform("sum")
    expected = arms["units"] * np.minimum(common, 1 - common)
    varies = (arms["units"] * common * (1 - common)).replace(0, np.nan)
    return _chi_square(arms["test"], arms["units"], (arms["hits"] - arms["units"] * common) ** 2 / varies, expected)


def arm_lifts(arms: pd.DataFrame) -> pd.DataFrame:
    """Return each arm's rate over that of its test's other arms, less one: test, lift, error, log, log_error."""
    groups = arms.groupby("test", sort=False)
    rest_n = groups["units"].transform("sum") - arms["units"]
    rest_h = groups["hits"].transform("sum") - arms["hits"]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (arms["hits"] / arms["units"]) / (rest_h / rest_n)
        log_error = pd.Series(np.sqrt(1 / arms["hits"] - 1 / arms["units"] + 1 / rest_h - 1 / rest_n), index=arms.index)
        logs = pd.Series(np.log(ratio.to_numpy(dtype=float)), index=arms.index)
    known = (arms["hits"] > 0) & (rest_h > 0)
    lifts = pd.DataFrame({
        "test": arms["test"], "lift": (ratio - 1).where(known), "error": (ratio * log_error).where(known),
        "log": logs.where(known), "log_error": log_error.where(known),
    })  # fmt: skip
    return lifts.assign(lift=lifts["lift"].fillna(-1.0))


def arm_tests(arms: pd.DataFrame, *, gate: float = 0.01, alpha: float = 0.05) -> pd.DataFrame:
    """Return one row per test of *arms* (equal shares planned): test, when, arms, units, srm_p, valid, p_value, lift, error.

    `lift` is that of the best arm over all others, chosen for being largest: shrink it before believing it. Tests of
    one arm cannot be told and are left out.
    """
    several = arms[arms.groupby("test", sort=False)["units"].transform("size") > 1]
    ratios, unlike = sample_ratios(several), arm_differences(several)
    lifts = arm_lifts(several)
    best = lifts.loc[lifts.groupby("test", sort=False)["lift"].idxmax()].set_index("test")
    best = best.reindex(ratios["test"]).reset_index()
    when = several.groupby("test", sort=False)["when"].first().reindex(ratios["test"]).to_numpy()
    return ratios[["test", "arms", "units"]].assign(
        when=when, srm_p=ratios["p_value"], valid=~(ratios["p_value"] < gate), p_value=unlike["p_value"],
        lift=best["lift"], error=best["error"], alpha=alpha,
    )  # fmt: skip


def best_against_next(arms: pd.DataFrame) -> pd.Series:
    """Return, by test, the p-value of its best arm against the next; a test of two arms has that of the two."""
    rates = arms.assign(rate=arms["hits"] / arms["units"]).sort_values("rate", ascending=False, kind="stable")
    first, second = (rates.groupby("test", sort=False).nth(place).set_index("test") for place in (0, 1))
    first = first.reindex(second.index)
    _, p_value = pooled_z(
        first["hits"].to_numpy(float), first["units"].to_numpy(float), second["hits"].to_numpy(float),
        second["units"].to_numpy(float),
    )  # fmt: skip
    return pd.Series(p_value, index=second.index)


def _chi_square(test: pd.Series, units: pd.Series, parts: pd.Series, expected: pd.Series) -> pd.DataFrame:
    """Return the sum of *parts* by *test*, in order of appearance, as a chi-square of arms - 1."""
    frame = pd.DataFrame({"test": test, "units": units, "chi2": parts, "least": expected})
    found = frame.groupby("test", sort=False).agg(
        arms=("units", "size"), units=("units", "sum"), chi2=("chi2", "sum"), least=("least", "min")
    )
    df = found["arms"] - 1
    usable = (df > 0) & (found["least"] >= LEAST_EXPECTED)
    p_value = np.where(usable, special.chdtrc(np.maximum(df, 1), found["chi2"]), np.nan)
    return found.drop(columns="least").assign(df=df, p_value=p_value).reset_index(names=str(test.name))
