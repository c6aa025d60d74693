"""Advertising managers."""
