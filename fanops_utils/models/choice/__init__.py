"""Choices among candidates: gates, then a weighted score with its doubt."""
