"""Worlds around the brand: what is said of it, by whom, and its rivals."""
