"""Estimates about a community: unusual days, leaks, activities, waiting, who carries it, whether members recommend it."""
