"""Data protection: one person's data out or gone, the audit of what looks personal, how long rows are kept."""
