"""``eztong texts``."""
