"""Decisions about misuse of the account, for its holder (clause 2.10)."""
