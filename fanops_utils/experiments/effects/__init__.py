"""Effects: every treatment against the control, of units, clusters, slots and blocks."""
