"""The worlds of the simulated brand, by subject: what is planted, the files it shows in, and what may be asked of it."""
