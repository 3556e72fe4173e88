"""Guardianship: who acts for a child, who confirms a minor, until when (preamble of the agreement; PIPL art. 31)."""
