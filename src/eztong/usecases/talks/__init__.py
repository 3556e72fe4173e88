"""Talks with the service: open, propose, answer, end, and the evidence of them."""
