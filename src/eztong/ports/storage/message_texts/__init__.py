"""The ports of the versions of texts."""
