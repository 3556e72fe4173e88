"""Talks with the service."""
