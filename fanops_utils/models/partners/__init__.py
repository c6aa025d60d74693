"""Partners: value for the fee, price for reach, signs of bought numbers, scorecards, settlement."""
