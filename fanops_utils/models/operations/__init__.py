"""What follows from the registers of the work: dates, loads, approvals, meetings kept, what is due."""
