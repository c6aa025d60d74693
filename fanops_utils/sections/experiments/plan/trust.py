"""Whether a plan can be trusted: whose history it rests on, and whether it comes before the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fanops_utils.experiments.designs.controls import LEAST_HISTORY, Past
from fanops_utils.playbook import Check
from fanops_utils.text import Listed, say, say_n, term
from fanops_utils.workspace import Experiment


def checks(past: Mapping[str, Past], experiment: Experiment, *, units: int) -> list[Check]:
    """Return whether history can carry the plan, and whether the plan comes before the data."""
    return [*_histories(past, experiment), _before_the_data(units), *_information(experiment)]


def _information(experiment: Experiment) -> Iterator[Check]:
    """Ask for the planned units of a plan with several looks: days are no information where units come late."""
    if experiment.method == "fixed" or experiment.planned_units is not None:
        return
    finding = say(
        "the register plans several looks and no 'planned_units': how strict each look is goes by days, not by units"
    )
    action = say("Write 'planned_units', the units in all arms at the end, before the plan is frozen")
    yield Check(
        code="planned_units", name=term("Planned units", "check"), status="REVIEW", finding=finding, action=action
    )


def _histories(past: Mapping[str, Past], experiment: Experiment) -> Iterator[Check]:
    for name, one in past.items():
        label = say("History of “{metric}”", metric=one.metric.label)
        if one.baseline is None:
            finding = say(
                "no control arm of the warehouse has {n} units with this metric, or it never varies", n=LEAST_HISTORY
            )
            action = say("Import another experiment with this column, or run a week without treatment first")
            yield Check(code=f"history_{name}", name=label, status="REVIEW", finding=finding, action=action)
        elif one.origins == (experiment.id,):
            finding = say_n(
                "{n} outcome of the experiment's own control arm: no other one has it",
                "{n} outcomes of the experiment's own control arm: no other one has it",
                n=one.baseline.n,
            )
            action = say("Read it as a check after the fact, not as a plan")
            yield Check(code=f"history_{name}", name=label, status="REVIEW", finding=finding, action=action)
        else:
            finding = say_n(
                "{n} outcome of {experiments}", "{n} outcomes of {experiments}",
                n=one.baseline.n, experiments=Listed.of(one.origins),
            )  # fmt: skip
            yield Check(code=f"history_{name}", name=label, status="PASS", finding=finding)


def _before_the_data(units: int) -> Check:
    name = term("Before the data", "check")
    if not units:
        return Check(code="before_data", name=name, status="PASS", finding=say("no unit was assigned yet"))
    finding = say_n("{n} unit is in already", "{n} units are in already", n=units)
    action = say("A plan is written before the first unit is assigned")
    return Check(code="before_data", name=name, status="REVIEW", finding=finding, action=action)
