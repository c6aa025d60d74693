"""What sentences are made of: messages, and the values in them, which say themselves in the reader's language."""
