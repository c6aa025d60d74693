"""Intake: the units as they come, named, counted, summed to slots, seen by those who may."""
