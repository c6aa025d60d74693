"""Into the warehouse: import, quarantine, upsert, what is counted at import."""
