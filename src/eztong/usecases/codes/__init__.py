"""Presentation codes: issued, verified, concluded, proven."""
