"""Counts of a community: its pulse, talk, cases, groups, joining; engine tables or frames in, small frames out."""
