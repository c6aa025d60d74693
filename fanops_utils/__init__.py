"""Helpers of the fanops notebooks: import exports, measure, infer, report."""

__version__ = "0.1.0"
