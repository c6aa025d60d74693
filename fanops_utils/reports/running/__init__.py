"""Jobs executed side by side, each in a kernel of its own, and what became of them."""
