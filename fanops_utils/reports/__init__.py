"""Reports: executed notebooks as self-contained pages, and the index of a run."""
