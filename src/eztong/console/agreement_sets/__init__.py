"""Agreements: the sets, a draft of the next one, what it changes, and who accepted what."""
