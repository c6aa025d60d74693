"""Content: what an hour is worth, and whether the mix moved or the rates."""
