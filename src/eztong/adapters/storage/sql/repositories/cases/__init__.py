"""Cases about misuse of accounts."""
