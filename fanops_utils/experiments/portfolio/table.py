"""Many experiments as one table, one row each: those of a workspace, or those of a table of arms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.data.warehouse import Store
from fanops_utils.errors import FanopsError
from fanops_utils.experiments.intake.rows import data_day, open_rows, unit_count
from fanops_utils.experiments.looks.record import past_looks
from fanops_utils.experiments.portfolio.arm_tables import arm_lifts, arm_tests, best_against_next, read_arms
from fanops_utils.experiments.portfolio.lessons import achieved_power
from fanops_utils.experiments.readout.decision import ReadOut, read_out
from fanops_utils.experiments.readout.record import decision_record
from fanops_utils.experiments.statistics.multiple import adjusted_known
from fanops_utils.metrics.wording import worded_frame
from fanops_utils.text import Sayable
from fanops_utils.text.faults import fault
from fanops_utils.workspace.registers.experiment import Experiment

TESTS = [
    "test", "title", "area", "when", "arms", "units", "srm_p", "valid", "finished", "verdict", "won", "p_value",
    "p_adjusted", "lift", "error", "power", "alpha", "looks", "looks_planned", "follow_up",
]  # fmt: skip


@dataclass(frozen=True)
class Portfolio:
    """Experiments read together.

    `tests` has the columns of TESTS: `valid` (no gate stops), `finished` (valid, and not to be run on), `won`; `lift`,
    the improvement of the first decision metric over the control's mean (up is better) with its standard `error`, NaN
    where nothing was compared or the control may be zero; `power` for the smallest effect that matters; `p_adjusted`
    over all valid tests (Benjamini-Hochberg); `area` is empty where none is named. `verdict` is that of the read-out;
    for a table of arms "arms_differ", "no_difference" or "invalid". `lifts` are those of single arms, where they are
    known; `unread` says which experiments could not be opened, and why; `last_day` is the last day units were assigned.
    """

    tests: pd.DataFrame
    lifts: pd.DataFrame | None = None
    unread: tuple[tuple[str, Sayable], ...] = ()
    last_day: date | None = None


def open_portfolio(
    store: Store, arms: str | None, *, test: str, units: str, hits: str, when: str, gate: float
) -> Portfolio:
    """Return the experiments of the workspace or, with *arms*, those of a CSV of arms (in the workspace, or a path)."""
    if arms is None:
        return of_workspace(store)
    return of_arms(read_arms(store.workspace.path / arms, test=test, units=units, hits=hits, when=when), gate=gate)


def of_workspace(store: Store, *, names: Collection[str] | None = None) -> Portfolio:
    """Return the experiments of the workspace that have units, each read as its own read-out reads it; *names*: only these."""
    rows, unread, days = [], [], []
    for name, register in store.workspace.experiments.items():
        if names is not None and name not in names:
            continue
        try:
            units = open_rows(store, register)
            if unit_count(units):
                looks = past_looks(store.workspace, register)
                found = read_out(units, register, as_of=data_day(units, register), looks=looks)
                rows.append(portfolio_row(found, register, looks=len(looks)))
                days += [found.last_day] if found.last_day else []
        except FanopsError as error:  # one that cannot be read must not hide the others
            unread.append((name, fault(error)))
    return Portfolio(portfolio_table(rows), unread=tuple(unread), last_day=max(days, default=None))


def of_arms(arms: pd.DataFrame, *, gate: float = 0.01, alpha: float = 0.05) -> Portfolio:
    """Return the tests of *arms* (of `read_arms`); one is won where its arms differ after correction, and the best beats the next.

    That some arm differs makes no winner: the two best may be alike.
    """
    table = arm_tests(arms, gate=gate, alpha=alpha)
    tests = portfolio_table(table.assign(title=table["test"], area="", finished=table["valid"]).to_dict("records"))
    differ = tests["valid"] & (tests["p_adjusted"] < tests["alpha"])
    ahead = tests["test"].map(best_against_next(arms)).fillna(1.0)
    won = differ & (ahead < tests["alpha"])
    verdict = np.where(differ, "arms_differ", "no_difference")
    return Portfolio(tests.assign(won=won, verdict=np.where(tests["valid"], verdict, "invalid")), arm_lifts(arms))


def portfolio_row(found: ReadOut, register: Experiment, *, looks: int = 1) -> dict[str, Any]:
    """Return *found* as one row of TESTS (without `p_adjusted`); *looks* were recorded."""
    record = decision_record(found, register)
    base = next((one.control_mean for one in found.comparisons if one.metric == record.metric), np.nan)
    known = record.estimate is not None and record.standard_error is not None and base > 0
    smallest, error = record.smallest_effect or np.nan, record.standard_error or np.nan
    return {
        "test": register.id, "title": register.title, "area": register.area or "",
        "when": str(register.period.start) if register.period else "", "arms": len(register.allocation),
        "units": record.units, "srm_p": record.sample_ratio_p, "valid": found.verdict != "invalid",
        "finished": found.verdict not in ("invalid", "run_on"), "verdict": found.verdict,
        "won": found.verdict == "ship", "p_value": record.p_adjusted,
        "lift": float(record.estimate or 0) / base if known else np.nan, "error": error / base if known else np.nan,
        "power": float(achieved_power(smallest, error, alpha=register.alpha)), "alpha": register.alpha,
        "looks": max(looks, record.looks), "looks_planned": record.looks_planned, "follow_up": record.follow_up,
    }  # fmt: skip


def portfolio_table(rows: Iterable[Mapping[Any, Any]]) -> pd.DataFrame:
    """Return *rows* as a table of TESTS with `p_adjusted` over the valid ones; what a row lacks is missing."""
    tests = worded_frame(list(rows), columns=TESTS, texts=["title", "area"])
    numeric = ["srm_p", "p_value", "lift", "error", "power", "alpha", "looks", "looks_planned"]
    flags = {name: tests[name].eq(True) for name in ("valid", "finished", "won")}
    tests = tests.astype(dict.fromkeys(numeric, "float64")).assign(**flags)
    adjusted = adjusted_known(tests["p_value"].where(tests["valid"]).to_numpy(), method="fdr_bh")
    return tests.assign(p_adjusted=adjusted)
