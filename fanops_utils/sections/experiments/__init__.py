"""What reports on experiments say: the plan, the read-out, all experiments together."""

from fanops_utils.sections.experiments import plan, portfolio, readout

__all__ = ["plan", "portfolio", "readout"]
