"""What stands around the reports of a run: index, overview, digest, notifications."""
