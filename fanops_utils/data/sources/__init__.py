"""What platforms export: recognised by bytes and headers, and parsed into canonical tables."""
