"""Versions of the brand, over SQL."""
