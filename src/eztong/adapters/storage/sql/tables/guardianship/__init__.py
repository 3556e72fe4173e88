"""Tables of guardianships."""
