"""The simulated brand's files, as each platform writes them."""
