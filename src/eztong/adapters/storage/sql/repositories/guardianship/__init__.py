"""Repositories of guardianships."""
