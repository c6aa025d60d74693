"""What a comparison counts, and how it was tested."""

from __future__ import annotations

from fanops_utils.experiments import Comparison
from fanops_utils.experiments.effects.comparison import TestCode
from fanops_utils.experiments.statistics.skew import MOST
from fanops_utils.sections.experiments.amounts import p_value
from fanops_utils.sections.experiments.readout.reading import counted
from fanops_utils.text import Message, Number, Percent, Sayable, Sentences, in_words, say, say_n
from fanops_utils.workspace import Experiment

TESTS: dict[TestCode, Message] = {
    "none": say("No test."),
    "proportions_z": say("z test of two proportions on the pooled variance p(1−p)/n; Newcombe's interval."),
    "welch_t": say("Welch's t test on s²/n of each arm."),
    "delta_t": say("t test by the delta method on the linearised s²/n of each arm."),
    "cluster_means_t": say("Welch's t test of the clusters' means, each counting once."),
    "cluster_means_drawn": say("Welch's t of the clusters' means, against other assignments of the same clusters."),
    "cluster_units_drawn": say(
        "Difference of all units' means over its error between clusters, against other assignments of them."
    ),
    "units_drawn": say("Welch's t, against arms drawn again from the same units."),
    "ratio_drawn": say("t by the delta method, against arms drawn again from the same units."),
    "hall_t": say("Welch's t, corrected for skewness by Hall's transformation."),
    "slot_ratio_t": say("t test of the ratio of sums, linearised, slot by slot."),
    "block_ratio_t": say("t test of the ratio of sums, linearised, block by block."),
    "slot_means_t": say("t test of the slots' means on their pooled s²/n."),
    "block_differences_t": say("t test of the differences within blocks on their s²/n."),
}


def counts(one: Comparison, experiment: Experiment) -> Message | None:
    """Return what is counted, where that is not the units."""
    if one.clusters is None:
        return None
    if experiment.block is None and experiment.design != "switchback":
        return _clusters(one, experiment)
    told = {"count": counted(one.clusters, experiment), "units": say_n("{n} unit", "{n} units", n=one.n)}
    if experiment.block is not None and experiment.cluster is not None:
        return say(
            "What counts are the {count} (one for each {column}) that hold both arms, not the {units}: units of one slot share its "
            "hour, its arm and what happened in it.", column=in_words(experiment.block), **told,
        )  # fmt: skip
    if experiment.block is not None:
        return say(
            "Arms were drawn within blocks: what counts are the {count} (one for each {column}) that hold both arms, each "
            "difference once, not the {units}.", column=in_words(experiment.block), **told,
        )  # fmt: skip
    return say(
        "Whole groups were assigned (one for each {column}): what counts are these {count}, not the {units}, which within one "
        "of them resemble each other.", column=in_words(str(experiment.cluster)), **told,
    )  # fmt: skip


def _clusters(one: Comparison, experiment: Experiment) -> Message:
    told: dict[str, Sayable | str] = {
        "count": counted(one.clusters or 0, experiment),
        "column": in_words(str(experiment.cluster)),
        "units": say_n("{n} unit", "{n} units", n=one.n),
    }
    if experiment.average == "unit":
        return say(
            "Whole groups were assigned ({count}, one for each {column}); each of the {units} counts, so that large groups count "
            "more.",
            **told,
        )
    return say(
        "Whole groups were assigned: these {count} (one for each {column}) are compared, each once, large or small, not the "
        "{units}.",
        **told,
    )


def skewed(one: Comparison) -> Message | None:
    """Return why the arms were drawn again, or the interval corrected, in words; None where Welch's t was enough."""
    if one.test not in ("units_drawn", "ratio_drawn", "hall_t") or one.skewness is None:
        return None
    if one.draws and one.skew_index is not None and abs(one.skew_index) <= MOST:
        return say(
            "A handful of units carries the difference: the range comes from {draws} re-draws of the assignment, for chance may "
            "have put them into one arm.", draws=one.draws,
        )  # fmt: skip
    told: dict[str, Sayable | int] = {"n": one.treatment_n, "other": one.control_n, "skewness": Number(one.skewness, 2)}
    if one.test == "hall_t":
        return say(
            "Few units carry much of the value and the arms are unequal ({n} against {other}; skewness {skewness}): the range is "
            "corrected for that.", **told,
        )  # fmt: skip
    return say(
        "Few units carry much of the value and the arms are unequal ({n} against {other}; skewness {skewness}): the range comes "
        "from {draws} re-draws of the assignment.", draws=one.draws or 0, **told,
    )  # fmt: skip


def how(one: Comparison, experiment: Experiment) -> Sentences:
    """Return how the comparison was tested, with its p-value."""
    corrected = one.p_adjusted is not None and one.p_adjusted != one.p_value
    return Sentences.of(
        TESTS[one.test],
        say("After CUPED, theta pooled over the arms.") if one.covariates else None,
        say("{p} after correction.", p=p_value(one.p_adjusted or 0.0)) if corrected else say("{p}.", p=p_value(one.p_value)),
        say("Compared: {count}.", count=counted(one.clusters, experiment)) if one.clusters is not None else None,
        say("Skewness of the difference {index}, for Welch's t at most {limit}.", index=Number(one.skew_index, 2),
            limit=Number(MOST))
        if one.skew_index is not None and abs(one.skew_index) > MOST else None,
        say_n("{n} unit has no outcome and is left out of n.", "{n} units have no outcome and are left out of n.", n=one.missing)
        if one.missing else None,
        say("Covariates took {share} of the variance away.", share=Percent(one.variance_cut, 0))
        if one.variance_cut is not None else None,
        say("The relative change has Fieller's interval.") if one.lift is not None else None,
    )  # fmt: skip
