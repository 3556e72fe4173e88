"""Feedback: tickets, and reports of records that tickets follow."""
