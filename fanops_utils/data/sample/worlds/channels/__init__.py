"""Worlds of the brand's own channels: markets and their days, posts, followers, streams, the site."""
