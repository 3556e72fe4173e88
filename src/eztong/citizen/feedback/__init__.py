"""Feedback: write to the service, and read what it answers."""
