"""Work that nobody waits for: what repeats, what is swept away."""
