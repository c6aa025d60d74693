"""Simulated experiments: whether the methods keep what they promise, and what peeking costs."""
