"""Verbs of batches: a plan run, in parts and merged, watched, scheduled; and whom a run is told."""
