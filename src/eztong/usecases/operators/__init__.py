"""Operators: add them, prove who acts, and propose what takes two of them."""
