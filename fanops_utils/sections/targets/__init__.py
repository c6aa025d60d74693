"""Targets, the course of the plan and its budget: the review of the key figures."""
