"""Panels: which markets, days and events are compared, and on which scale."""
