"""Many experiments together: which were sound, what won, how much of it was luck. From a workspace or a table of arms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from fanops_utils.data.warehouse import Store, arm_units
from fanops_utils.errors import DataError
from fanops_utils.experiments.cuts import past_looks
from fanops_utils.experiments.decision import read_out
from fanops_utils.experiments.multiple import adjusted_p
from fanops_utils.experiments.record import decision_record
from fanops_utils.experiments.segments import shrink
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import interval_frame, wilson
from fanops_utils.workspace.experiment import Experiment

TESTS = [
    "test", "title", "area", "when", "arms", "units", "srm_p", "valid", "verdict", "won", "p_value", "p_adjusted", "lift",
    "error", "power", "looks", "looks_planned", "follow_up",
]  # fmt: skip


@dataclass(frozen=True)
class Collection:
    """Experiments read together: `tests`, and the `lifts` of single arms where they are known."""

    tests: pd.DataFrame
    lifts: pd.DataFrame | None = None


def table_of(store: Store, arms: str | None, *, test: str, units: str, hits: str, when: str, gate: float) -> Collection:
    """Return the experiments of the workspace or, with *arms*, those of a CSV of arms (in the workspace, or a path)."""
    if arms is None:
        return Collection(workspace_tests(store))
    found = read_arms(store.workspace.path / arms, test=test, units=units, hits=hits, when=when)
    return Collection(arm_tests(found, gate=gate), arm_lifts(found))


def workspace_tests(store: Store) -> pd.DataFrame:
    """Return one row per experiment of the workspace that has units: the columns of TESTS.

    `lift` is the improvement of the decision metric over the control's mean (up is better) and `error` its standard
    error; NaN where nothing was compared or the control may be zero. `power` is that for the smallest effect.
    """
    rows = []
    for name, register in store.workspace.experiments.items():
        units = arm_units(store, experiment=name)
        if len(units):
            rows.append(_row(units, register, store))
    return _corrected(pd.DataFrame(rows, columns=[one for one in TESTS if one != "p_adjusted"]))


def _row(units: pd.DataFrame, register: Experiment, store: Store) -> list:
    looks = past_looks(store.workspace, register)
    found = read_out(units, register, looks=looks)
    record = decision_record(found, register)
    base = next((one.control_mean for one in found.comparisons if one.metric == record.metric), np.nan)
    known = record.estimate is not None and record.standard_error is not None and base > 0
    lift, error = (record.estimate / base, record.standard_error / base) if known else (np.nan, np.nan)  # type: ignore[operator]
    power = np.nan
    if record.smallest_effect and record.standard_error:
        power = float(special.ndtr(record.smallest_effect / record.standard_error + special.ndtri(register.alpha / 2)))
    when = str(register.period.start) if register.period else ""
    p_value = np.nan if record.p_adjusted is None else record.p_adjusted
    return [
        register.id, register.title, register.area or "not named", when, len(register.allocation), record.units,
        record.sample_ratio_p, found.verdict != "invalid", found.verdict, found.verdict == "ship", p_value, lift, error, power,
        max(len(looks), record.looks), record.looks_planned, record.follow_up,
    ]  # fmt: skip


def read_arms(path: Path, *, test: str, units: str, hits: str, when: str = "") -> pd.DataFrame:
    """Return a CSV of arms as test, when (text), units, hits: one row per arm, columns named by the caller.

    Raises DataError for a file or column that is not there, and for counts that cannot be (negative, more hits than
    units), with the row.
    """
    if not path.is_file():
        raise DataError("no such file", file=path)
    frame = pd.read_csv(path)
    need(frame, test, units, hits, *([when] if when else []))
    arms = pd.DataFrame({"test": frame[test].astype(str), "when": frame[when].astype(str) if when else ""})
    arms["units"], arms["hits"] = numbers(frame[units]), numbers(frame[hits])
    wrong = arms["units"].isna() | arms["hits"].isna() | (arms["hits"] < 0) | (arms["hits"] > arms["units"])
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise DataError(
            "an arm needs units and as many hits or fewer", file=path, row=place + 2, value=arms["hits"][place]
        )
    return arms[arms["units"] > 0].reset_index(drop=True)


def arm_tests(arms: pd.DataFrame, *, gate: float = 0.01, alpha: float = 0.05) -> pd.DataFrame:
    """Return one row per test of *arms* (equal shares planned): the columns of TESTS.

    `p_value` is that of a chi-square test that all arms are alike, corrected by Benjamini and Hochberg over the valid
    tests; `lift` the best arm over all others. Tests of one arm cannot be told and are left out.
    """
    groups = arms.groupby("test", sort=False)
    size = groups["units"].transform("size")
    arms = arms[size > 1]
    groups = arms.groupby("test", sort=False)
    total, hits, count = (
        groups["units"].transform("sum"),
        groups["hits"].transform("sum"),
        groups["units"].transform("size"),
    )
    share = hits / total
    even = total / count
    with np.errstate(divide="ignore", invalid="ignore"):
        srm = (arms["units"] - even) ** 2 / even
        unlike = (arms["hits"] - arms["units"] * share) ** 2 / (arms["units"] * share * (1 - share))
    lifts = arm_lifts(arms)
    best = lifts.loc[lifts.groupby("test", sort=False)["lift"].idxmax()].set_index("test")
    frame = pd.DataFrame({"srm": srm, "unlike": unlike, "test": arms["test"]}).groupby("test", sort=False).sum()
    k = groups.size()
    table = pd.DataFrame({
        "test": k.index, "title": k.index, "area": "all", "when": groups["when"].first().to_numpy(), "arms": k.to_numpy(),
        "units": groups["units"].sum().to_numpy(), "srm_p": special.chdtrc(k - 1, frame["srm"]),
        "p_value": special.chdtrc(k - 1, frame["unlike"]), "lift": best["lift"].reindex(k.index).to_numpy(),
        "error": best["error"].reindex(k.index).to_numpy(),
    })  # fmt: skip
    table["valid"] = table["srm_p"] >= gate
    table = _corrected(table)
    table["won"] = table["valid"] & (table["p_adjusted"] < alpha)
    table["verdict"] = np.where(
        ~table["valid"], "invalid", np.where(table["won"], "arms differ", "no difference shown")
    )
    return table.reindex(columns=TESTS)


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


def shrunk(tests: pd.DataFrame, lifts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the valid tests with their effect drawn towards the mean of all: lift, error, shrunk, shrunk_lower, shrunk_upper.

    The spread of true effects is learnt from all arms (*lifts*, of `arm_lifts`) where given, else from the tests: of
    the best of many, the part that is luck is taken away (empirical Bayes).
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
    half = 1.959963984540054 * valid["error"]
    ends = {"estimate": valid["lift"], "ci_lower": valid["lift"] - half, "ci_upper": valid["lift"] + half}
    return valid.assign(**ends).join(drawn[["shrunk", "shrunk_lower", "shrunk_upper", "weight"]])


def rates(tests: pd.DataFrame) -> pd.DataFrame:
    """Return validity and win rate with Wilson's intervals: label (with what it is of), estimate, ci_lower, ci_upper."""
    valid = tests[tests["valid"].astype(bool)]
    found = [wilson(int(tests["valid"].sum()), len(tests)), wilson(int(valid["won"].sum()), len(valid))]
    labels = [f"valid, of all {len(tests):,}", f"won, of {len(valid):,} valid"]
    return interval_frame(found).assign(label=labels).drop(columns="n")


def by_area(tests: pd.DataFrame) -> pd.DataFrame:
    """Return what each area taught: area, tests, valid, won, mean lift of the valid (NaN without one)."""
    valid = tests.assign(lift=tests["lift"].where(tests["valid"].astype(bool)))
    found = valid.groupby("area", sort=True).agg(tests=("test", "size"), valid=("valid", "sum"), won=("won", "sum"),
                                                 lift=("lift", "mean"))  # fmt: skip
    return found.reset_index().astype({"valid": int, "won": int})


def by_period(tests: pd.DataFrame) -> pd.DataFrame:
    """Return the sample-ratio faults of each period: when, tests, faults, share."""
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
    return (
        str(inside["when"].iloc[0]),
        str(inside["when"].iloc[-1]),
        int(inside["faults"].sum()),
        int(periods["faults"].sum()),
    )


def _corrected(tests: pd.DataFrame) -> pd.DataFrame:
    p_values = tests["p_value"].astype(float).where(tests["valid"].astype(bool))
    adjusted = pd.Series(np.nan, index=tests.index)
    known = p_values.notna()
    adjusted[known] = adjusted_p(p_values[known].to_numpy(), method="fdr_bh")
    return tests.assign(p_adjusted=adjusted).reindex(columns=TESTS)
