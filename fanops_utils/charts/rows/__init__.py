"""One grammar for charts of rows: what stands in a row, how rows are laid out, and the forms made of them."""
