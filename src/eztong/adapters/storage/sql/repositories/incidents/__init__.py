"""Repositories of incidents."""
