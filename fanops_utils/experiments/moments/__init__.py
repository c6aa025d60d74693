"""Moments: the only table the tests read, from frames, tables of any engine or counts."""
