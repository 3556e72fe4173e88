"""Repositories of what limits accounts."""
