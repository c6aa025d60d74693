"""How a campaign's report ends: what cannot be told, what was decided, the terms, the verdict and what to do."""
