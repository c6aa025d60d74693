"""Social platforms abroad."""
