"""Cuts of a read-out: segments, days, choices that could have been made otherwise, where in the distribution."""
