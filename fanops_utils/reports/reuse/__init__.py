"""What runs leave on disk, and which of their reports need not be made again."""
