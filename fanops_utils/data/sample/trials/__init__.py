"""The units of the simulated brand's experiments."""
