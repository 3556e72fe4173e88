"""Talks between somebody and the service about a disagreement (clause 5.2)."""
