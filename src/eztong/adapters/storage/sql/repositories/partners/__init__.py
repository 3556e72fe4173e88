"""Partners and their applications over SQL."""
