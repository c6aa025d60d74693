"""Designs: how large, how long, and what has been tried before."""
