"""Repositories of disputes and of evidence."""
