"""The read-out of one experiment: was it sound, what changed, what to do; one module a question."""

from fanops_utils.sections.experiments.readout.conclusion import about, verdict
from fanops_utils.sections.experiments.readout.cuts import novelty, segments, sensitivity, spread
from fanops_utils.sections.experiments.readout.deciding import plays
from fanops_utils.sections.experiments.readout.effect import effect
from fanops_utils.sections.experiments.readout.explored import explored
from fanops_utils.sections.experiments.readout.gates import checks, enough, soundness
from fanops_utils.sections.experiments.readout.guardrails import guardrails
from fanops_utils.sections.experiments.readout.looks import looks
from fanops_utils.sections.experiments.readout.money import money
from fanops_utils.sections.experiments.readout.record import record
from fanops_utils.sections.experiments.readout.rules import ruling

__all__ = [
    "about", "checks", "effect", "enough", "explored", "guardrails", "looks", "money", "novelty", "plays", "record", "ruling",
    "segments", "sensitivity", "soundness", "spread", "verdict",
]  # fmt: skip
