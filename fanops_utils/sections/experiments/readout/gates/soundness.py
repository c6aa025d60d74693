"""Whether the assignment can be trusted, and what it means where it cannot."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.experiments import ReadOut, SampleRatio
from fanops_utils.experiments.gates.validity import gate_level
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.experiments.amounts import p_value
from fanops_utils.sections.experiments.readout.gates.checks import words_of
from fanops_utils.sections.experiments.readout.reading import no_units, units_read
from fanops_utils.text import Count, Listed, Message, Number, Percent, Sayable, Sentences, in_words, say, term
from fanops_utils.workspace import Experiment


def soundness(found: ReadOut | None, experiment: Experiment, arms: pd.DataFrame) -> Section:
    """Return whether the arms can be compared; *arms* of `arm_counts`."""
    return Section.of(_sound(found, experiment), _arms(arms, experiment))


def _sound(found: ReadOut | None, experiment: Experiment) -> Finding:
    if found is None:
        return Finding.nothing("soundness", no_units())
    method: Sayable = _method(experiment, found)
    failed = [gate for gate in found.gates if gate.stops]
    if failed:
        words = [words_of(gate, found, experiment) for gate in failed]
        method = Sentences.of(method, *_test(found))
        told = [say("{gate}: {finding}.", gate=one.name, finding=one.finding) for one in words]
        if found.has_too_few:
            title = say("Too few outcomes to compare the arms")
            return Finding(
                id="soundness", title=title, text=Sentences.of(*told), severity="watch", method=method, code="few"
            )
        reasons = Sentences.of(
            *told,
            say("The arms are not comparable, so no difference between them is shown and no winner is named."),
        )
        title = say("The experiment is invalid: the arms are not comparable")
        return Finding(id="soundness", title=title, text=reasons, severity="alert", method=method, code="invalid")
    ratio = next((gate.seen for gate in found.gates if gate.code == "sample_ratio"), None)
    title, text = say("The assignment is sound: the arms can be compared"), say("No check stops the read-out.")
    if isinstance(ratio, SampleRatio):
        arms = Listed.of(say("“{arm}” {n}", arm=in_words(arm), n=count) for arm, count in ratio.observed.items())
        text = (
            say("The split is as planned: {arms}.", arms=arms)
            if experiment.cluster is None
            else say("Groups ({column}) were assigned whole, and split as planned: {arms}.", arms=arms,
                     column=in_words(experiment.cluster))
        )  # fmt: skip
        method = Sentences.of(method, *_test(found))
    return Finding(
        id="soundness", title=title, text=text, severity="good", n=units_read(found), method=method, code="sound"
    )  # fmt: skip


def _test(found: ReadOut) -> list[Message]:
    ratio = next((gate.seen for gate in found.gates if gate.code == "sample_ratio"), None)
    if not isinstance(ratio, SampleRatio):
        return []
    return [say("chi² = {chi2}, {p}.", chi2=Number(ratio.chi2, 3), p=p_value(ratio.p_value))]


def _method(experiment: Experiment, found: ReadOut) -> Message:
    gate = Number(gate_level(found.gates, experiment))
    if experiment.cluster is None:
        return say(
            "Chi-square test of the units per arm against the planned shares, without correction, stopped at {gate}: its share "
            "of the level in the register, which all such checks spend together.", gate=gate,
        )  # fmt: skip
    return say(
        "Chi-square test of the values of {column} per arm against the planned shares, without correction, stopped at {gate}: its "
        "share of the level in the register, which all such checks spend together.", gate=gate, column=in_words(experiment.cluster),
    )  # fmt: skip


def _arms(arms: pd.DataFrame, experiment: Experiment) -> charts.Table:
    columns = {
        "variant": term("Arm", "column"), "planned": term("Planned share", "column"), "units": term("Units", "column"),
        "expected": term("Units expected", "column"), "share": term("Share of units", "column"),
    }  # fmt: skip
    if experiment.cluster is not None:  # groups were assigned: of units no number was planned
        columns = {name: said for name, said in columns.items() if name not in ("planned", "expected")}
    formats = {"planned": Percent, "share": Percent, "expected": Count}
    named = arms.assign(variant=cells(map(in_words, arms["variant"])))
    return charts.table(
        named, columns=columns, formats=formats, caption=say("Units per arm of “{title}”", title=experiment.title)
    )
