"""The gates of a read-out as the checks of its report."""

from __future__ import annotations

from fanops_utils.experiments import Gate, ReadOut
from fanops_utils.playbook import Check
from fanops_utils.sections import data_checks
from fanops_utils.sections.experiments.readout.gates.assignment import ASSIGNMENT
from fanops_utils.sections.experiments.readout.gates.outcomes import OUTCOMES
from fanops_utils.sections.experiments.readout.gates.words import GateWords
from fanops_utils.sections.experiments.readout.reading import counted, no_units
from fanops_utils.text import in_words, say, say_n, term
from fanops_utils.workspace import Experiment

LEAST_UNITS, LEAST_SLOTS = 200, 20


def checks(found: ReadOut | None, experiment: Experiment) -> list[Check]:
    """Return the gates of the read-out as checks."""
    if found is None:
        action = say("Import the assignment with its outcomes by a mapping")
        return [Check(code="units", name=term("Units", "check"), status="FAIL", finding=no_units(), action=action)]
    return [_check(gate, found, experiment) for gate in found.gates]


def words_of(gate: Gate, found: ReadOut, experiment: Experiment) -> GateWords:
    """Return how *gate* is said."""
    return (ASSIGNMENT.get(gate.code) or OUTCOMES[gate.code])(gate, found, experiment)


def _check(gate: Gate, found: ReadOut, experiment: Experiment) -> Check:
    words = words_of(gate, found, experiment)
    return Check(code=gate.key, name=words.name, status=gate.status, finding=words.finding, action=words.action)


def enough(found: ReadOut | None, experiment: Experiment) -> Check:
    """Return whether there are enough of what is compared: units or, where they are counted, clusters, slots, blocks."""
    several = [one.clusters for one in (found.comparisons if found else ()) if one.clusters is not None]
    units = found.units if found else 0
    amount = say_n("{n} unit ({unit})", "{n} units ({unit})", n=units, unit=experiment.unit)
    if not several:
        return data_checks.enough("units", units, least=LEAST_UNITS, name=term("Units", "check"), amount=amount)
    column = in_words(str(experiment.block or experiment.cluster))
    counts = say(
        "{count} ({column}) with {units}", count=counted(min(several), experiment), column=column, units=amount
    )
    return data_checks.enough(
        "compared", min(several), least=LEAST_SLOTS, name=term("What is compared", "check"), amount=counts
    )
