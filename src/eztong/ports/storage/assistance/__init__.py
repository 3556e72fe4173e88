"""Assistances: who helps whom, and until when."""
