"""Social platforms abroad, and the tools that export for them."""
