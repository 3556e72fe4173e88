"""Feedback: open a ticket, add to it, answer it, read it."""
