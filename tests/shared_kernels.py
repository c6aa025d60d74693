"""Kernels for the runs of tests, from one parent that has the libraries loaded: a run of its own loads them for seconds."""

from __future__ import annotations

import atexit
from functools import cache

from fanops_utils.reports.kernels.supply import KernelSupply


@cache
def kernels() -> KernelSupply:
    """Return the kernels of all runs of this process; they end with it."""
    supply = KernelSupply("auto").__enter__()
    atexit.register(supply.close)
    return supply
