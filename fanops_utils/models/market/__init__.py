"""A market: what changed and why, what is asked for against what is posted, who is talked about."""
