"""Files as they come: archives, workbooks and text, read into grids of text cells."""
