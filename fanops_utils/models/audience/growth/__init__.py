"""Estimates about growth: the way to a target, what invitations bring, what a message to silent members brings back."""
