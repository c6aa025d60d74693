"""What stands beside the verdict and decides nothing: middle and tail, segments, days, other choices of analysis."""

from fanops_utils.sections.experiments.readout.cuts.choices import sensitivity
from fanops_utils.sections.experiments.readout.cuts.days import novelty
from fanops_utils.sections.experiments.readout.cuts.segments import segments
from fanops_utils.sections.experiments.readout.cuts.spread import spread

__all__ = ["novelty", "segments", "sensitivity", "spread"]
