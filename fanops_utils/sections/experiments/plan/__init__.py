"""What an experiment's plan says: how large, how long, what cannot be found, and what is to be frozen."""

from fanops_utils.sections.experiments.plan.conclusion import plays, verdict
from fanops_utils.sections.experiments.plan.freezing import freezing
from fanops_utils.sections.experiments.plan.promises import promises
from fanops_utils.sections.experiments.plan.reach import reach, untestable
from fanops_utils.sections.experiments.plan.sizes import costs, power, size
from fanops_utils.sections.experiments.plan.trust import checks

__all__ = ["checks", "costs", "freezing", "plays", "power", "promises", "reach", "size", "untestable", "verdict"]
