"""What lies beside a page: the files a report hands over, its tables as one workbook, and both taken out by a verb."""
