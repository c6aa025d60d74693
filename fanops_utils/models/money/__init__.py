"""Money: what was spent, claimed and returned."""
