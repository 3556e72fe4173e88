"""Group commit: rounds of jobs, and who runs them."""
