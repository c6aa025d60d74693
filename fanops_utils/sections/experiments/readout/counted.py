"""What a comparison counts, and how it was tested."""

from __future__ import annotations

from fanops_utils.experiments import Comparison
from fanops_utils.experiments.effects.inference import TestCode
from fanops_utils.sections.experiments.amounts import p_value
from fanops_utils.sections.experiments.readout.reading import counted
from fanops_utils.text import Message, Percent, Sentences, say, say_n
from fanops_utils.workspace import Experiment

TESTS: dict[TestCode, Message] = {
    "none": say("No test."),
    "proportions_z": say("z test of two proportions on the pooled variance p(1−p)/n; Newcombe's interval."),
    "welch_t": say("Welch's t test on s²/n of each arm."),
    "delta_t": say("t test by the delta method on the linearised s²/n of each arm."),
    "clusters_t": say("t test of clusters on their totals, G/(G−1) of each arm."),
    "cluster_means_t": say("t test of the clusters' means."),
    "slot_means_t": say("t test of the slots' means on their pooled s²/n."),
    "block_differences_t": say("t test of the differences within blocks on their s²/n."),
}


def counts(one: Comparison, experiment: Experiment) -> Message | None:
    """Return what is counted, where that is not the units."""
    if one.clusters is None:
        return None
    told = {"count": counted(one.clusters, experiment), "units": say_n("{n} unit", "{n} units", n=one.n)}
    if experiment.block is not None and experiment.cluster is not None:
        return say(
            "What counts are the {count} ({column}) that hold both arms, not the {units}: units of one slot share its hour, its "
            "arm and what happened in it.", column=experiment.block, **told,
        )  # fmt: skip
    if experiment.block is not None:
        return say(
            "Arms were drawn within blocks: what counts are the {count} ({column}) that hold both arms, each difference once, "
            "not the {units}.", column=experiment.block, **told,
        )  # fmt: skip
    return say(
        "Whole values of {column} were assigned: what counts are these {count}, not the {units}, which within one of them "
        "resemble each other.", column=str(experiment.cluster), **told,
    )  # fmt: skip


def how(one: Comparison, experiment: Experiment) -> Sentences:
    """Return how the comparison was tested, with its p-value."""
    corrected = one.p_adjusted is not None and one.p_adjusted != one.p_value
    return Sentences.of(
        TESTS[one.test],
        say("After CUPED, theta pooled over the arms.") if one.covariates else None,
        say("{p} after correction.", p=p_value(one.p_adjusted or 0.0)) if corrected else say("{p}.", p=p_value(one.p_value)),
        say("Compared: {count}.", count=counted(one.clusters, experiment)) if one.clusters is not None else None,
        say_n("{n} unit has no outcome and is left out of n.", "{n} units have no outcome and are left out of n.", n=one.missing)
        if one.missing else None,
        say("Covariates took {share} of the variance away.", share=Percent(one.variance_cut, 0))
        if one.variance_cut is not None else None,
        say("The relative change has Fieller's interval.") if one.lift is not None else None,
    )  # fmt: skip
