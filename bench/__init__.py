"""Benchmarks: speed as a ratio to floors taken in the same run. Run with ``make bench``."""
