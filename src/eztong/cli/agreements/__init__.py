"""Publish agreements and rules, and mark clauses that do not apply."""
