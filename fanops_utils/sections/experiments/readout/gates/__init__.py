"""Whether the read-out can be trusted: its gates, and what they mean."""

from fanops_utils.sections.experiments.readout.gates.checks import checks, enough
from fanops_utils.sections.experiments.readout.gates.soundness import soundness

__all__ = ["checks", "enough", "soundness"]
