"""Work that is done later: the runner of jobs, and what is swept away."""
