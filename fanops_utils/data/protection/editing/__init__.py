"""Files without one person: what they hold of them, and copies that hold nothing."""
