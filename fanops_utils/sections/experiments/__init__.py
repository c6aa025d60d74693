"""What reports on experiments say: the plan, the read-out, all experiments together."""

from fanops_utils.sections.experiments import key_numbers, plan, portfolio, readout

__all__ = ["key_numbers", "plan", "portfolio", "readout"]
