"""Deregistration: an account ends by its holder's wish, and what becomes of every table then."""
