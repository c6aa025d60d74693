"""What every source shares: headers, accounts, cells, dates, ids and moments of publication."""
