"""Keys that the desk pages put together from a prefix and a value."""

KEYS: set[str] = set()
