"""Statistics of two arms: tails, means, shares, ratios, quantiles, beliefs, many p-values together."""
