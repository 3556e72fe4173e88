"""Agreements: the texts in force, and what one has signed."""
