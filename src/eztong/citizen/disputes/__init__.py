"""Disputes: a record's evidence, and help with it."""
