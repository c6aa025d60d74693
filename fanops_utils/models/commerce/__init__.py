"""Buying: who will buy again and for how much, who stays subscribed, what offers and sales add."""
