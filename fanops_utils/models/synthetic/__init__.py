"""Synthetic controls: a market mixed from others."""
