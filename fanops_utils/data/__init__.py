"""From platform exports to canonical tables: sources, schema, warehouse, privacy, the simulated brand."""
