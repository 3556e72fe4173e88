"""Guardianship: invite a guardian, confirm a minor, apply for a child, decide, end, come of age."""
