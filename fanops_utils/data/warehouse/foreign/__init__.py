"""Canonical tables in a warehouse that somebody else runs: read, through one door, and never written."""
