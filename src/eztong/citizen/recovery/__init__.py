"""Recovering the account, and waiting for it."""
