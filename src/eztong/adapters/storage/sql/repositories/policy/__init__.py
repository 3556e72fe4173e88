"""Versions of the policy and its decisions, over SQL."""
