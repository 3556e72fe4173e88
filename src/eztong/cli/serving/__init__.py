"""Commands that serve, and the lock of the data folder."""
