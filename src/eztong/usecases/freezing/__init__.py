"""Freezing an account, by whoever may."""
