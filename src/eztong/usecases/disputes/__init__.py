"""Disputes: evidence of one record for one side, and help with it."""
