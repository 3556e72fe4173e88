"""Presentation codes, and what came of them."""
