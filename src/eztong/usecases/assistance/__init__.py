"""Assistance: invite a helper, accept, confirm, end."""
