"""Out of the warehouse: the questions notebooks ask."""
