"""The machine that the service runs on, and what it counted."""
