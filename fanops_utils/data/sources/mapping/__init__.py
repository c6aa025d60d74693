"""Any other file, by a mapping: a register that says which column of the file is which canonical column."""
