"""Campaigns: what one did, as a whole and in parts, and how sure that is."""
