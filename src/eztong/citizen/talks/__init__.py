"""Talks with the service: open them, see where they stand, answer, and take the evidence along."""
