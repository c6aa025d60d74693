"""The site and the shop."""
