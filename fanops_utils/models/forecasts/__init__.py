"""Forecasts of weekly numbers, the chance to meet a target by its day, and how forecasts like them came out before."""
