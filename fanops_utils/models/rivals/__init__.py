"""Rivals: how fast watched accounts grow, how loud each brand is, and what of it can be told apart."""
