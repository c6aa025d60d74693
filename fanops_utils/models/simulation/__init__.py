"""Simulated campaigns: whether the intervals hold what they promise."""
