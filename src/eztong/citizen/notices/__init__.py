"""Notices: what was told to a holder, to be read again."""
