"""Agreements and rules: the texts, as they come from files."""
