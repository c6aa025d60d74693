"""What reports on experiments say: the plan, the read-out, all experiments together."""

from fanops_utils.sections.experiments import readout

__all__ = ["readout"]
