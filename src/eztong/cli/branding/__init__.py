"""``eztong branding``."""
