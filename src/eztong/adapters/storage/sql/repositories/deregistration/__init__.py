"""Deregistrations, and the eraser."""
