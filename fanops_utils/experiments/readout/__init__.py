"""The read-out: gates, comparisons, one verdict with its rule, and its record."""
