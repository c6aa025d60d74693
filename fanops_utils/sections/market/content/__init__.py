"""What is posted and asked for: formats, topics, room, local taste, posts to read."""
