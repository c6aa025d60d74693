"""The audience: which segment a member is in."""
