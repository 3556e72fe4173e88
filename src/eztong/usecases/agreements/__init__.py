"""Consent: the one question of every door."""
