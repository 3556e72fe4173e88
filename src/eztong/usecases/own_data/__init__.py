"""A holder's own data: shown and exported."""
