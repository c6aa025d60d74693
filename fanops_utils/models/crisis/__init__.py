"""Unusual days and hours: counts against a baseline that forgets past excess, the plans' rules, and what is spreading."""
