"""What is to be made: notebooks and their parameters, plans, and the jobs that come of them."""
