"""Campaigns: what their reports say and show, before, after and across them."""
