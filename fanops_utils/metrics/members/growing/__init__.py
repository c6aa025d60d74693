"""Counts of growth: where members and followers come from, what the invited do, the loop of events, why members leave."""
