"""Kernels: the processes in which the cells of notebooks run, forked from a prepared parent where that can be done."""

from __future__ import annotations

import os
import sys

PACKAGE = __name__


def can_fork() -> bool:
    """Return whether this system can fork prepared kernels and see to it that they end (Linux only)."""
    return sys.platform.startswith("linux") and hasattr(os, "pidfd_open")
