"""Gates: whether the arms may be compared at all."""
