"""What reports on experiments say: the plan, the read-out, all experiments together."""
