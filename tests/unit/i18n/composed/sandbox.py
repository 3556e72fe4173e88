"""Keys that the sandbox pages put together from a prefix and a value."""

KEYS: set[str] = set()
