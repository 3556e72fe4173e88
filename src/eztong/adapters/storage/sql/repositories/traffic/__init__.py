"""Counts that charts are drawn from, over SQL."""
