"""Freezing, signed in or not."""
