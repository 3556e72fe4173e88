"""``eztong retention``."""
