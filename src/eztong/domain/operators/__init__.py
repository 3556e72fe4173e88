"""Operators: who acts for the service, with which role, and what takes two of them."""
