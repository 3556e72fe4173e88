"""Counters: scenes that they ask in, and their staff."""
