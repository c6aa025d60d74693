"""Looks: which were planned, which were taken, how much error each may spend."""
