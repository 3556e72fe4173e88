"""Counters: their staff, their codes, their requests."""
