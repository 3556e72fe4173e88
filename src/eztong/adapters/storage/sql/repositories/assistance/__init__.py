"""Repositories of assistances."""
