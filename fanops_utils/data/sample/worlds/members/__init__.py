"""Worlds of the members: what they do, say, complain of, recommend, and whom they invite."""
