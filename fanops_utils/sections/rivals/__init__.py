"""Competitor benchmark."""
