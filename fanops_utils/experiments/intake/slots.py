"""Slots: the units summed to what was drawn, half a day or one post of a pair, in a frame or inside an engine."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.experiments.intake.columns import named_frame, named_table
from fanops_utils.experiments.moments.frames import from_frame
from fanops_utils.experiments.moments.measure import Measure
from fanops_utils.metrics.columns import numbers
from fanops_utils.text import say
from fanops_utils.workspace.registers.experiment import Experiment

UNITS, MISSING = "units[{}]", "missing[{}]"
TOP, BASE = "top[{}]", "base[{}]"  # of a ratio, its sums


def slot_table(units: pd.DataFrame | ibis.Table, experiment: Experiment) -> pd.DataFrame:
    """Return one row per slot of *experiment*, in the order of time: slot (number), variant, block, day, and its metrics.

    A slot is a cluster of the register or, without one, a unit. Each metric has three columns: its value (mean of the
    units; of a ratio, sum over sum), units[metric] and missing[metric]; a ratio its sums too, top[metric] and base[metric].
    Of a table, only the slots leave the engine.
    Raises DataError for an absent column, or units without slot or block.
    """
    if isinstance(units, pd.DataFrame):
        frame = _summed(named_frame(units, experiment), experiment)
    else:
        frame = _summed_by_engine(named_table(units, experiment), experiment)
    for name in ("slot", *(["block"] if experiment.block else [])):
        if frame[name].isna().any():
            raise DataError(
                say("units have no slot or block"), column=experiment.cluster if name == "slot" else experiment.block
            )
    planned = frame[frame["variant"].isin(list(experiment.allocation))]
    order = ["starts", "slot"] if planned["starts"].notna().all() else ["slot"]
    found = planned.sort_values(order, ignore_index=True)
    values = {metric.name: found[f"top[{metric.name}]"] / found[f"base[{metric.name}]"].replace(0, np.nan)
              for metric in experiment.metrics}  # fmt: skip
    kept = [name for name in found.columns if name.startswith(("units[", "missing["))]
    parts = [
        part.format(metric.name) for metric in experiment.metrics if metric.kind == "ratio" for part in (TOP, BASE)
    ]
    day = pd.to_datetime(found["starts"], utc=True).dt.tz_localize(None).dt.normalize()
    listed = {"slot": np.arange(len(found)), "variant": found["variant"], "block": found["block"], "day": day}
    whole = {**{name: found[name].astype("int64") for name in kept}, **{name: found[name] for name in parts}}
    return pd.DataFrame({**listed, **values, **whole})


def slot_moments(slots: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Return the moments of *slots* (of `slot_table`): as of units, each slot one, its value a mean."""
    measures = [Measure(metric.name, "mean", metric.name) for metric in experiment.metrics]
    return from_frame(slots, metrics=measures)


def _summed(units: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    key = experiment.cluster or "unit_key"
    parts: dict[str, pd.Series] = {}
    for metric in experiment.metrics:
        top, base = (pd.Series(numbers(units[name]), units.index) for name in (metric.columns[0], metric.columns[-1]))
        base = base if metric.kind == "ratio" else top.notna().astype(float)
        known = top.notna() & base.notna()
        parts |= {f"top[{metric.name}]": top.where(known, 0.0), f"base[{metric.name}]": base.where(known, 0.0),
                  UNITS.format(metric.name): known.astype(int), MISSING.format(metric.name): (~known).astype(int)}  # fmt: skip
    whole = pd.DataFrame(parts).assign(slot=units[key], variant=units["variant"].astype(str))
    whole["block"] = units[experiment.block] if experiment.block else 0
    whole["starts"] = units["assigned_at"] if "assigned_at" in units.columns else pd.NaT
    grouped = whole.groupby(["slot", "variant"], sort=True, dropna=False)
    summed = grouped[list(parts)].sum()
    return summed.assign(block=grouped["block"].first(), starts=grouped["starts"].min()).reset_index()


def _summed_by_engine(units: ibis.Table, experiment: Experiment) -> pd.DataFrame:
    wanted: dict[str, ibis.Value] = {}
    for metric in experiment.metrics:
        top, base = (units[name].cast("float64") for name in (metric.columns[0], metric.columns[-1]))
        top, base = (one.isnan().ifelse(ibis.null("float64"), one) for one in (top, base))
        known = top.notnull() & base.notnull()
        base = base if metric.kind == "ratio" else ibis.literal(1.0)
        wanted |= {
            f"top[{metric.name}]": known.ifelse(top, 0.0).sum(), f"base[{metric.name}]": known.ifelse(base, 0.0).sum(),
            UNITS.format(metric.name): known.cast("int64").sum(), MISSING.format(metric.name): (~known).cast("int64").sum(),
        }  # fmt: skip
    wanted["block"] = units[experiment.block].min() if experiment.block else ibis.literal(0)
    wanted["starts"] = units.assigned_at.min() if "assigned_at" in units.columns else ibis.null("timestamp")
    key = units[experiment.cluster or "unit_key"]
    return units.group_by(slot=key, variant=units.variant.cast("string")).aggregate(**wanted).to_pandas()
