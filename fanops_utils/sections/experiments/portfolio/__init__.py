"""What all experiments together say: how many were sound, how many won, how much of the winners was luck."""

from fanops_utils.sections.experiments.portfolio.areas import areas
from fanops_utils.sections.experiments.portfolio.conclusion import holds_until, plays, verdict
from fanops_utils.sections.experiments.portfolio.follow_up import follow_up
from fanops_utils.sections.experiments.portfolio.luck import luck
from fanops_utils.sections.experiments.portfolio.names import source
from fanops_utils.sections.experiments.portfolio.power import peeking, power
from fanops_utils.sections.experiments.portfolio.soundness import checks, faults, soundness

__all__ = [
    "areas", "checks", "faults", "follow_up", "holds_until", "luck", "peeking", "plays", "power", "soundness", "source",
    "verdict",
]  # fmt: skip
