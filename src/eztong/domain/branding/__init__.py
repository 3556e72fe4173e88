"""Branding: how the service looks and what it calls itself, as its operator wants it."""
