"""Operators, proposals and attested acts over SQL."""
