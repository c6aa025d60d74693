"""Chinese platforms."""
