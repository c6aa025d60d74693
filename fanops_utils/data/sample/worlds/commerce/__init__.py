"""Worlds of money: what is spent, sold by the month, rewarded, and paid to partners."""
