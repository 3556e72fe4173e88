"""Versions of the texts of messages, over SQL."""
