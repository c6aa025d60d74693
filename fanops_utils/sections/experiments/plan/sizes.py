"""How many units a plan needs, how sure it then is, and what other designs cost."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.experiments.designs.planning import design_of
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import amount, level
from fanops_utils.text import (
    Count,
    Level,
    Listed,
    Message,
    Number,
    Sayable,
    Sentences,
    Times,
    Unit,
    Written,
    say,
    say_n,
    term,
)  # fmt: skip
from fanops_utils.workspace import Experiment, Metric

SOURCES: dict[str, Sayable] = {
    "pooled": Written("R power.prop.test", "en"),
    "miller": term("Evan Miller's calculator", "formula of a size"),
    "cohen-h": Written("R pwr.2p.test", "en"),
    "t": Written("R power.t.test", "en"),
}
FORMULAS: dict[str, Message] = {
    "pooled": say(
        "Formula: z of alpha on the pooled variance, z of power on the variance of each arm, as R's power.prop.test."
    ),
    "t": say("Formula: noncentral t, two samples of equal size, as R's power.t.test."),
}


def no_history() -> Message:
    """Return why there is nothing to plan on; it goes on after "No data:"."""
    return say("no control arm of the warehouse has this metric")


def size(table: pd.DataFrame, experiment: Experiment) -> Section:
    """Return how many units and days the decision metric needs, from *table* of `planning.sizes`."""
    return Section.of(_needed(table, experiment), _sizes_table(table, experiment))


def _needed(table: pd.DataFrame, experiment: Experiment) -> Finding:
    metric = experiment.first_decision
    ours = table[table["metric"] == metric.name]
    if ours.empty:
        unnamed = say("the register names no smallest effect that matters")
        return Finding.nothing("size", no_history() if metric.smallest_effect else unnamed)
    first = ours.to_dict("records")[0]
    if not first["per_arm"]:
        title, text = say("No size would find this effect"), say("The baseline leaves no room for it.")
        return Finding(id="size", title=title, text=text, severity="watch", code="impossible")
    total = say_n("{n} unit", "{n} units", n=first["total"])
    title = say("It takes {units} in all", units=total)
    if pd.notna(first["days"]):
        days = say_n("{n} day", "{n} days", n=int(first["days"]))
        title = say("It takes {units} in all: {days} at the traffic there is", units=total, days=days)
    return Finding(
        id="size", title=title, text=_reading(ours, metric, experiment), estimate=float(first["total"]),
        unit=Unit("count", term("units in all arms", "unit")), method=_method(first, experiment), code="sized",
    )  # fmt: skip


def _reading(ours: pd.DataFrame, metric: Metric, experiment: Experiment) -> Sentences:
    first, others = ours.to_dict("records")[0], ours["per_arm"].iloc[1:]
    stands = {"metric": Written(metric.label), "level": level(first["mean"], metric)}
    between = {"low": Count(others.min()), "high": Count(others.max())} if len(others) else {}
    return Sentences.of(
        say("“{metric}” stands at {level} in the experiment's own control arm: this comes after the fact.", **stands)
        if first["own"]
        else say("“{metric}” stands at {level} in the control arms of {experiments}.", **stands,
                 experiments=Listed.of(first["history"], how="and")),
        say("To find {effect} in {power} of such tests, each of the {arms} arms needs {units}.",
            effect=amount(first["effect"], metric), power=Level(experiment.power), arms=len(experiment.allocation),
            units=say_n("{n} unit", "{n} units", n=first["per_arm"])),
        say("Other formulas ask for {low} to {high}.", **between) if between else None,
        say("What the arms of one block share is taken out in the read-out and saves some units; slots left out after "
            "a change of arm cost some. The formula knows neither.") if experiment.counts_slots else None,
    )  # fmt: skip


def _method(row: dict[Any, Any], experiment: Experiment) -> Sentences:
    design = design_of(experiment)
    looked = design.looks > 1 or design.spending == "always-valid"
    return Sentences.of(
        FORMULAS[row["formula"]],
        say("Two-sided error rate: {alpha}.", alpha=Level(experiment.alpha)),
        say("Clusters of {size}: design effect {effect}, t of clusters.", size=Number(row["cluster_size"], 1),
            effect=Number(row["design_effect"], 2)) if row["cluster_size"] > 1 else None,
        say_n("{n} planned look needs {times} the units.", "{n} planned looks need {times} the units.",
              n=design.looks, times=Times(design.inflation, 2)) if looked else None,
        say("{n} treatments share the error rate.", n=design.arms - 1) if design.arms > 2 else None,
    )  # fmt: skip


def _sizes_table(table: pd.DataFrame, experiment: Experiment) -> charts.Table:
    rows = []
    for row in table.to_dict("records"):
        metric = experiment.metric(row["metric"])
        rows.append({
            "metric": Written(metric.label), "mean": level(row["mean"], metric), "sd": Number(row["sd"]), "effect":
            amount(row["effect"], metric), "per_arm": row["per_arm"], "total": row["total"], "days": row["days"],
            "formula": SOURCES[row["formula"]],
        })  # fmt: skip
    columns = {
        "metric": term("Metric", "column"), "mean": term("Mean in history", "column"),
        "sd": term("Standard deviation", "column"), "effect": term("Effect to find", "column"),
        "per_arm": term("Units per arm", "column"), "total": term("Units in all", "column"),
        "days": term("Days", "column"), "formula": term("Formula of", "column"),
    }  # fmt: skip
    caption = say("Units so that {power} of such tests find the effect, and {alpha} of those without one find one all the same",
                  power=Level(experiment.power), alpha=Level(experiment.alpha))  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(columns)).astype({"per_arm": "Int64", "total": "Int64", "days": "Float64"})
    return charts.table(frame, columns=columns, caption=caption)


def power(curves: pd.DataFrame, size: Section, experiment: Experiment) -> Section:
    """Return how the chance to find the effect grows with the units, from *curves* of `planning.curves`; *size* is said with it."""
    metric = experiment.first_decision
    words = Words(
        title=say("Half the effect takes four times the units"),
        subtitle=say(
            "{metric}: chance to find the smallest effect that matters, twice and half of it", metric=metric.label
        ),
        alt=size.finding.text,
        caption=say("By the first formula above, with the looks and arms of the register"),
    )
    names = (term("twice", "multiple of an effect"), term("as registered", "multiple of an effect"),
             term("half", "multiple of an effect"))  # fmt: skip
    return Section.of(charts.power_curves(curves, names=names, power=experiment.power, words=words))


def costs(table: pd.DataFrame, experiment: Experiment) -> Section:
    """Return what looks, variants and clusters cost, from *table* of `planning.designs`."""
    if table.empty:
        return Section.of(Finding.nothing("designs", no_history()))
    metric, labels = experiment.first_decision, [_design(row) for row in table.to_dict("records")]
    worst = int(table["times"].to_numpy().argmax())
    finding = Finding(
        id="designs",
        title=say("The dearest design takes {times} as many units: {design}", times=Times(table["times"].iloc[worst], 1),
                  design=labels[worst]),
        text=Sentences.of(*(_cost(label, row) for label, row in zip(labels, table.to_dict("records"), strict=True))),
        method=Sentences.of(
            say("Total units over those of one look with two arms, by the first formula of the sizes above."),
            say("Four looks: strictest first is O'Brien-Fleming, all as strict is Pocock."),
            FORMULAS[table["formula"].iloc[0]],
        ),
    )  # fmt: skip
    words = Words(
        title=say("Units in all, design by design"), alt=finding.text, axis=term("units in all arms", "axis"),
        subtitle=say("{metric}: units in all arms for the same effect", metric=metric.label),
    )  # fmt: skip
    named = table.assign(label=pd.Series(labels, index=table.index, dtype=object))
    return Section.of(
        finding,
        charts.bars(named[["label", "total"]], label="label", value="total", words=words, form=Count),
        _cost_table(named),
    )


def _cost_table(named: pd.DataFrame) -> charts.Table:
    columns = {
        "label": term("Design", "column"), "per_arm": term("Units per arm", "column"),
        "total": term("Units in all", "column"), "days": term("Days", "column"), "times": term("Times the units", "column"),
    }  # fmt: skip
    caption = say("The same effect under other designs")
    return charts.table(named, columns=columns, caption=caption, formats={"times": lambda value: Times(value, 2)})


def _cost(label: Sayable, row: dict[Any, Any]) -> Message:
    return say("{design}: {units} ({times}).", design=label, units=say_n("{n} unit", "{n} units", n=row["total"]),
               times=Times(row["times"], 2))  # fmt: skip


def _design(row: dict[Any, Any]) -> Sayable:
    named = _named(row)
    return (
        named
        if not row["registered"] or row["design"] == "registered"
        else term("{design} (registered)", "design of a test", design=named)
    )


def _named(row: dict[Any, Any]) -> Sayable:
    match row["design"]:
        case "registered":
            return term("as registered", "design of a test")
        case "one_look":
            return term("one look, two arms", "design of a test")
        case "obrien_fleming":
            return term("four looks, strictest first", "design of a test")
        case "pocock":
            return term("four looks, all as strict", "design of a test")
        case "always_valid":
            return term("looks at any time, always valid", "design of a test")
        case "treatments":
            return term("{n} treatments", "design of a test", n=row["arms"] - 1)
    return term(
        "clusters of {size}, correlation {icc}", "design of a test",
        size=Number(row["cluster_size"], 0), icc=Number(row["icc"], 2),
    )  # fmt: skip
