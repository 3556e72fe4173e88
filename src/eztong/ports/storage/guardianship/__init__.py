"""Guardianships: who is guardian of whom."""
