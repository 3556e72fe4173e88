"""Limiting accounts: marks, document dates, checking identities again, pausing."""
