"""Disputes, and what was handed out as evidence."""
