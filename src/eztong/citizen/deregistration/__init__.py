"""Deregistration: end the account, undo it while it cools, read where it stands and its receipt."""
