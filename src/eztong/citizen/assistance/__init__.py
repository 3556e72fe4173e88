"""Helpers: who helps the holder with notices, and whom the holder helps."""
